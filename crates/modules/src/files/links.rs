//! A name that gets something else behind it, such as a link: under another name first, so that it always
//! leads somewhere. Must not know any module.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::staged::random_text;

/// Has `make` make something under another name, and renames that to `path`.
pub fn replace(path: &Path, make: impl Fn(&Path) -> io::Result<()>) -> io::Result<()> {
    let waiting: PathBuf = path.with_file_name(format!(".ansible_tmp{}", random_text()?));
    make(&waiting)?;
    fs::rename(&waiting, path).inspect_err(|_| {
        let _ = fs::remove_file(&waiting);
    })
}
