//! A file that a module needs for a while. Must not know what for.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::staged::random_text;

/// A file that is removed with this value.
pub struct Temporary(PathBuf);

impl Temporary {
    /// An empty one in a folder, readable by its owner alone, open to be written.
    pub fn create(folder: &Path) -> io::Result<(Temporary, File)> {
        let path = folder.join(format!("tmp{}", random_text()?));
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        Ok((Temporary(path), file))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
