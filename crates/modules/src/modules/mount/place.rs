//! A place where something is mounted, or not. Must not know fstab.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::facts::without_octal;
use crate::files::failure::{errno_bytes, errno_text};
use crate::files::{Failure, Result, paths};

/// The place.
pub(super) struct Place<'a> {
    pub shown: &'a str,
    pub real: PathBuf,
}

/// Folders that were made for a place, the innermost last.
#[derive(Debug, Default)]
pub(super) struct NewFolders(Vec<PathBuf>);

impl NewFolders {
    /// They go again.
    pub fn remove(&self) {
        for folder in self.0.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// A line of the kernel's table.
struct Mounted {
    device: String,
    root: String,
    place: String,
    source: String,
}

fn table(text: &str) -> Vec<Mounted> {
    let read = |line: &str| {
        let (head, tail) = line.split_once(" - ")?;
        let head: Vec<&str> = head.split(' ').collect();
        Some(Mounted {
            device: (*head.get(2)?).to_owned(),
            root: without_octal(head.get(3)?),
            place: without_octal(head.get(4)?),
            source: without_octal(tail.split(' ').nth(1)?),
        })
    };
    text.lines().filter_map(read).collect()
}

/// Whether the last thing that is mounted at a place is this; anything counts when nothing is asked for.
fn has(table: &[Mounted], place: &str, source: Option<&str>) -> bool {
    let Some(found) = table.iter().rfind(|mounted| mounted.place == place) else { return false };
    let Some(source) = source else { return true };
    if found.root == "/" {
        return found.source == source;
    }
    // A part of a file system: where that is mounted as a whole says which.
    let is_whole = |other: &&Mounted| other.device == found.device && other.root == "/";
    let whole = table.iter().find(is_whole).map_or("/", |other| other.place.as_str());
    paths::join(whole, found.root.trim_start_matches('/')) == source || found.root == source
}

impl Place<'_> {
    /// Makes its folders.
    pub fn make(&self) -> Result<NewFolders> {
        let missing = self.real.ancestors().take_while(|folder| !folder.exists());
        let mut folders: Vec<PathBuf> = missing.map(Path::to_owned).collect();
        folders.reverse();
        if !folders.is_empty() {
            fs::create_dir_all(&self.real).map_err(|error| {
                let why = errno_bytes(&error, self.shown);
                Failure::new(format!("Error making dir {}: {why}", self.shown))
            })?;
        }
        Ok(NewFolders(folders))
    }

    /// Removes its folder.
    pub fn remove(&self) -> Result<()> {
        let removed =
            rustix::fs::unlinkat(rustix::fs::CWD, &self.real, rustix::fs::AtFlags::REMOVEDIR);
        removed.map_err(|error| {
            let why = errno_text(&error.into(), Some(self.shown));
            Failure::new(format!("Error rmdir {}: {why}", self.shown))
        })
    }

    /// Python's `os.path.ismount`: it is on another device than its parent. A folder that is bound to one of the
    /// same device isn't.
    pub fn is_mount_point(&self) -> bool {
        let Ok(own) = fs::symlink_metadata(&self.real) else { return false };
        if own.is_symlink() {
            return false;
        }
        let parent = self.real.parent().map_or_else(|| self.real.clone(), Path::to_owned);
        let Ok(parent) = fs::symlink_metadata(paths::real_path(&parent)) else { return false };
        own.dev() != parent.dev() || own.ino() == parent.ino()
    }

    /// Whether the kernel's table has it.
    pub fn is_in_table(&self, source: Option<&str>) -> bool {
        let text = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        has(&table(&text), self.shown, source)
    }

    /// Whether anything is mounted there.
    pub fn is_mounted(&self, source: Option<&str>) -> bool {
        self.is_mount_point() || self.is_in_table(source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_table() {
        let text = "1 0 8:1 / / rw - ext4 /dev/a rw\n2 1 8:2 / /data rw - ext4 /dev/b rw\n\
                    3 1 8:1 /from /to rw - ext4 /dev/a rw\n4 1 8:2 /x\\040y /b rw shared:1 - ext4 /dev/b rw\n";
        let table = table(text);
        assert!(has(&table, "/to", Some("/from")) && !has(&table, "/to", Some("/other")));
        assert!(has(&table, "/b", Some("/data/x y")) && has(&table, "/b", None));
        assert!(has(&table, "/data", Some("/dev/b")) && !has(&table, "/nosuch", None));
    }
}
