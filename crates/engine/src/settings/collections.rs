//! Settings of collections. Must not know where they are.

use nafal_plugins::Mismatch;

use super::reader::Reader;

/// What is done about collections for other versions of ansible-core.
pub(super) fn mismatch(read: &Reader<'_>) -> Mismatch {
    let name = "collections_on_ansible_version_mismatch";
    let variable = "ANSIBLE_COLLECTIONS_ON_ANSIBLE_VERSION_MISMATCH";
    match read.text(variable, "defaults", name).as_deref() {
        Some("ignore") => Mismatch::Ignored,
        Some("error") => Mismatch::Refused,
        // Others are refused before.
        _ => Mismatch::Told,
    }
}
