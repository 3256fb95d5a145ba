//! What every result says about its file: owner, group, mode, size, state. Must not know modules.

use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

use nafal_base::{Dict, Outcome, Value};

use super::mode::mode_text;
use super::{labels, owner};

/// Adds what stock adds to a result that names a file under `path` or `dest`; `real` says where
/// a path is that may be relative.
pub fn add_path_info(outcome: &mut Outcome, real: impl Fn(&str) -> std::path::PathBuf) {
    let values = &outcome.values;
    let Some(path) = values.get("path").or_else(|| values.get("dest")).and_then(Value::as_str)
    else {
        return;
    };
    let path = real(path);
    let info = &mut outcome.values;
    // Nothing is said of a link that leads nowhere.
    if let (true, Ok(metadata)) = (path.exists(), fs::symlink_metadata(&path)) {
        add(info, &path, &metadata);
    }
}

fn add(info: &mut Dict, path: &Path, metadata: &fs::Metadata) {
    let (uid, gid) = (metadata.uid(), metadata.gid());
    info.insert("uid", uid.into());
    info.insert("gid", gid.into());
    let owner = owner::user_by_id(uid).map_or_else(|| uid.to_string(), |user| user.name);
    let group = owner::group_by_id(gid).map_or_else(|| gid.to_string(), |group| group.name);
    info.insert("owner", owner.into());
    info.insert("group", group.into());
    info.insert("mode", mode_text(metadata.mode()).into());
    info.insert("state", state_of(metadata).into());
    if labels::selinux_is_enabled()
        && let Some(label) = labels::selinux_label(path)
    {
        info.insert("secontext", label.into());
    }
    info.insert("size", metadata.size().into());
}

/// What a file is, in the words of results.
pub fn state_of(metadata: &fs::Metadata) -> &'static str {
    if metadata.is_symlink() {
        "link"
    } else if metadata.is_dir() {
        "directory"
    } else if metadata.nlink() > 1 {
        "hard"
    } else {
        "file"
    }
}

/// Whether it is none of file, folder and link.
pub fn is_special(metadata: &fs::Metadata) -> bool {
    let kind = metadata.file_type();
    kind.is_fifo() || kind.is_socket() || kind.is_block_device() || kind.is_char_device()
}
