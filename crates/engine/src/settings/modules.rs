//! Settings of modules on targets. Must not know how they run there.

use nafal_actions::ModuleSettings;
use nafal_base::wire::Afterwards;

use super::reader::Reader;
use crate::error::Error;

/// The kinds of messages that have tracebacks, as modules know them.
const TRACEBACKS: [&str; 4] = ["error", "warning", "deprecated", "deprecated_value"];

/// What is said of them, under stock's names.
pub(super) fn read(read: &Reader<'_>) -> Result<ModuleSettings, Error> {
    let remote_tmp = |variable| read.text(variable, "defaults", "remote_tmp");
    let keeps = read.flag("ANSIBLE_KEEP_REMOTE_FILES", "defaults", "keep_remote_files")?;
    let asked = read.list("ANSIBLE_DISPLAY_TRACEBACK", "defaults", "display_traceback");
    let asked: Vec<_> = asked.iter().map(|kind| kind.trim().to_lowercase()).collect();
    let is_asked = |kind: &str| asked.iter().any(|one| one == kind);
    let tracebacks = match () {
        () if is_asked("always") => TRACEBACKS.to_vec(),
        () if is_asked("never") => Vec::new(),
        () => {
            let implied = |kind| kind == "deprecated" && is_asked("deprecated_value");
            TRACEBACKS.into_iter().filter(|kind| is_asked(kind) || implied(*kind)).collect()
        }
    };
    Ok(ModuleSettings {
        remote_tmp: remote_tmp("ANSIBLE_REMOTE_TEMP").or_else(|| remote_tmp("ANSIBLE_REMOTE_TMP")),
        afterwards: if keeps == Some(true) { Afterwards::Kept } else { Afterwards::Removed },
        diff_limit: read.number("ANSIBLE_MAX_DIFF_SIZE", "defaults", "max_diff_size")?,
        tracebacks,
    })
}
