//! The file in which new content waits. It has no name until its content is whole, where the file
//! system can do that: whoever is killed while writing leaves nothing behind. Must not know what is written.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::staged::random_text;

const DESCRIPTORS: &str = "/proc/self/fd";

/// Whether a waiting file can be seen by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// Not yet: it goes with the process.
    None,
    /// It stays until it is removed or renamed.
    Given,
}

/// A file that waits, or will, at a path that nothing else has.
pub struct Waiting {
    /// Where.
    pub path: PathBuf,
    /// Open to be written.
    pub file: File,
    /// Whether it is there already.
    pub name: Name,
}

/// An empty file for the content of `destination`, readable by its owner alone, without a name if possible.
///
/// # Errors
/// The path that was tried, and why it can't be there.
pub fn begin(folder: &Path, destination: &Path) -> Result<Waiting, (PathBuf, io::Error)> {
    // A name is given through /proc; a root without it is rare, but there.
    if !Path::new(DESCRIPTORS).exists() {
        return named(folder, destination);
    }
    let nameless = rustix::fs::OFlags::TMPFILE.bits().cast_signed();
    let made =
        OpenOptions::new().read(true).write(true).custom_flags(nameless).mode(0o600).open(folder);
    // NFS, old kernels and old overlays can't: those get a name at once.
    let Ok(file) = made else { return named(folder, destination) };
    let path = candidate(folder, destination).map_err(|error| (folder.to_owned(), error))?;
    Ok(Waiting { path, file, name: Name::None })
}

/// The same with a name from the beginning.
fn named(folder: &Path, destination: &Path) -> Result<Waiting, (PathBuf, io::Error)> {
    loop {
        let path = candidate(folder, destination).map_err(|error| (folder.to_owned(), error))?;
        let made =
            OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path);
        match made {
            Ok(file) => return Ok(Waiting { path, file, name: Name::Given }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err((path, error)),
        }
    }
}

impl Waiting {
    /// Gives it its name, now that it is whole.
    ///
    /// # Errors
    /// Why it can't have one.
    pub fn give_name(&mut self) -> io::Result<()> {
        if self.name == Name::Given {
            return Ok(());
        }
        let own = format!("{DESCRIPTORS}/{}", self.file.as_raw_fd());
        let follow = rustix::fs::AtFlags::SYMLINK_FOLLOW;
        rustix::fs::linkat(rustix::fs::CWD, own, rustix::fs::CWD, &self.path, follow)?;
        self.name = Name::Given;
        Ok(())
    }
}

fn candidate(folder: &Path, destination: &Path) -> io::Result<PathBuf> {
    let name = destination.file_name().unwrap_or_default().to_string_lossy();
    let name: String = name.chars().take(60).collect();
    Ok(folder.join(format!(".ansible_tmp{}{name}", random_text()?)))
}
