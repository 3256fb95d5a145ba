//! The one way in which modules write files: whole, or not at all. Must not know any module.
//!
//! New content goes to a nameless file in the same folder, gets the mode, owner, ACL and labels
//! of the file that it replaces, is synced, gets a name and is renamed over it. Whatever fails on the way (a full
//! disk, a validation, a kill) leaves the old file whole and no half-written file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::failure::errno_bytes;
use super::labels;
use super::mode::PERMISSION_BITS;
use super::waiting::{self, Name, Waiting};

/// What a file shall contain.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// These bytes.
    Bytes(&'a [u8]),
    /// What another file contains; that file stays.
    CopyOf(&'a Path),
    /// What another file contains; that file goes, by a rename where that is possible.
    MovedFrom(&'a Path),
    /// What this writes.
    By(Writer<'a>),
}

/// Writes a file's content.
#[derive(Clone, Copy)]
pub struct Writer<'a>(pub &'a dyn Fn(&mut File) -> io::Result<()>);

impl std::fmt::Debug for Writer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Writer")
    }
}

/// Whether a file that can't be replaced atomically may be overwritten in place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnsafeWrites {
    /// No.
    #[default]
    Refused,
    /// Yes: the user said `unsafe_writes`.
    Allowed,
}

/// How to write.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The mask for new files.
    pub umask: u32,
    /// What may happen where a rename can't.
    pub unsafe_writes: UnsafeWrites,
    /// The most permissions that a new file has until its attributes are set, so that a secret
    /// is never readable in between.
    pub ceiling: Option<u32>,
    /// Where a file waits that can't wait beside its destination.
    pub temporary: Option<&'a Path>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options {
            umask: 0o022,
            unsafe_writes: UnsafeWrites::Refused,
            ceiling: None,
            temporary: None,
        }
    }
}

/// A step of writing; faults can be injected before each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The temporary file is made.
    Create,
    /// The content is written.
    Write,
    /// Mode, owner and labels are set.
    Keep,
    /// The content is synced.
    Sync,
    /// The temporary file takes the place of the old one.
    Rename,
}

/// Where tests make things fail.
pub trait Faults {
    /// Called before each step; an error is taken as the step's own.
    fn before(&self, step: Step) -> io::Result<()>;
}

/// Nothing fails but what really does.
pub struct NoFaults;

impl Faults for NoFaults {
    fn before(&self, _step: Step) -> io::Result<()> {
        Ok(())
    }
}

/// What went wrong while a file was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The folder takes no new file.
    #[error("the destination directory {folder} is not writable by the current user: {source}")]
    Folder {
        /// The folder.
        folder: String,
        /// The temporary file that could not be made.
        waiting: String,
        /// Why.
        source: io::Error,
    },
    /// The new file can't take the place of the old one.
    #[error("could not replace {path} with {waiting}: {source}")]
    Rename {
        /// The file that should have been replaced.
        path: String,
        /// The temporary file.
        waiting: String,
        /// Why.
        source: io::Error,
    },
    /// Anything else.
    #[error("could not replace {path} with {waiting}: {source}")]
    Replace {
        /// The file that should have been replaced.
        path: String,
        /// The temporary file.
        waiting: String,
        /// Why.
        source: io::Error,
    },
}

impl WriteError {
    /// Stock's words, outermost first.
    pub fn steps(&self) -> Vec<String> {
        use nafal_base::value::string_repr;
        match self {
            WriteError::Folder { folder, waiting, source } => vec![
                format!(
                    "The destination directory {} is not writable by the current user",
                    string_repr(folder)
                ),
                errno_bytes(source, waiting),
            ],
            WriteError::Rename { path, waiting, source } => vec![
                format!(
                    "Unable to make b{} into to {}, failed final rename from {}",
                    string_repr(waiting),
                    string_repr(path),
                    string_repr(waiting)
                ),
                format!("{} -> b{}", errno_bytes(source, waiting), string_repr(path)),
            ],
            WriteError::Replace { path, waiting, source } => vec![format!(
                "Could not replace {} with {}: {} -> b{}",
                string_repr(path),
                string_repr(waiting),
                errno_bytes(source, waiting),
                string_repr(path),
            )],
        }
    }
}

/// Content that waits in a temporary file; it goes away with this value unless it is committed.
pub struct Staged<'a> {
    waiting: PathBuf,
    destination: PathBuf,
    place: Place,
    options: Options<'a>,
    faults: &'a dyn Faults,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the destination's folder, ready to be renamed.
    Beside,
    /// Elsewhere: the destination will be overwritten in place.
    Elsewhere,
    /// Committed: nothing is left to remove.
    Done,
}

/// The bit of a folder whose new files get its group.
const SET_GROUP: u32 = 0o2000;

/// Writes content to a file, atomically.
pub fn write(path: &Path, content: Content<'_>, options: &Options<'_>) -> Result<(), WriteError> {
    Staged::new(path, content, options)?.commit()
}

impl<'a> Staged<'a> {
    /// Content for `destination`, waiting.
    pub fn new(
        destination: &Path,
        content: Content<'_>,
        options: &Options<'a>,
    ) -> Result<Staged<'a>, WriteError> {
        Staged::with_faults(destination, content, options, &NoFaults)
    }

    /// The same, with faults injected.
    pub fn with_faults(
        destination: &Path,
        content: Content<'_>,
        options: &Options<'a>,
        faults: &'a dyn Faults,
    ) -> Result<Staged<'a>, WriteError> {
        let folder = parent(destination);
        let made = faults
            .before(Step::Create)
            .map_err(|error| (folder.join(".ansible_tmp"), error))
            .and_then(|()| waiting::begin(&folder, destination));
        let (mut waiting, place) = match made {
            Ok(waiting) => (waiting, Place::Beside),
            Err((_, error)) if may_overwrite(&error, options, destination) => {
                let elsewhere = options.temporary.map_or_else(std::env::temp_dir, Path::to_owned);
                let waiting = waiting::begin(&elsewhere, destination)
                    .map_err(|(waiting, source)| failed(destination, &waiting, source))?;
                (waiting, Place::Elsewhere)
            }
            Err((waiting, source)) if source.kind() == io::ErrorKind::PermissionDenied => {
                let (folder, waiting) = (folder.display(), waiting.display());
                let (folder, waiting) = (folder.to_string(), waiting.to_string());
                return Err(WriteError::Folder { folder, waiting, source });
            }
            Err((waiting, source)) => return Err(failed(destination, &waiting, source)),
        };
        let destination = destination.to_owned();
        let path = waiting.path.clone();
        let staged = Staged { waiting: path, destination, place, options: *options, faults };
        staged.fill(&mut waiting, content).map_err(|source| staged.failed(source))?;
        Ok(staged)
    }

    /// Where the content waits, for whoever wants to look at it before (a validation).
    pub fn path(&self) -> &Path {
        &self.waiting
    }

    fn fill(&self, waiting: &mut Waiting, content: Content<'_>) -> io::Result<()> {
        let file = &mut waiting.file;
        self.faults.before(Step::Write)?;
        match content {
            Content::Bytes(bytes) => file.write_all(bytes)?,
            Content::By(writer) => (writer.0)(file)?,
            Content::MovedFrom(source) if self.place == Place::Beside => {
                match fs::rename(source, &self.waiting) {
                    Ok(()) => {
                        *file = File::open(&self.waiting)?;
                        waiting.name = Name::Given;
                    }
                    Err(error) if is_another_place(&error) => {
                        io::copy(&mut File::open(source)?, file)?;
                        // It may belong to someone else; whoever uploaded it removes it then.
                        let _ = fs::remove_file(source);
                    }
                    Err(error) => return Err(error),
                }
            }
            Content::CopyOf(source) | Content::MovedFrom(source) => {
                io::copy(&mut File::open(source)?, file)?;
            }
        }
        self.faults.before(Step::Keep)?;
        self.keep(file)?;
        self.faults.before(Step::Sync)?;
        // The folder isn't synced: after a crash there is the old file or the new one, both whole.
        file.sync_all()?;
        waiting.give_name()
    }

    /// Gives the waiting file what the file that it replaces has. A link's target isn't what is
    /// replaced, the link is: nothing is kept then.
    fn keep(&self, file: &File) -> io::Result<()> {
        let old = fs::symlink_metadata(&self.destination).ok().filter(fs::Metadata::is_file);
        let Some(old) = old else {
            let ceiling = self.options.ceiling.unwrap_or(0o666);
            let bits = 0o666 & !self.options.umask & ceiling;
            self.own(file)?;
            return file.set_permissions(fs::Permissions::from_mode(bits));
        };
        let (uid, gid) =
            (rustix::fs::Uid::from_raw(old.uid()), rustix::fs::Gid::from_raw(old.gid()));
        let mine = file.metadata()?;
        if mine.uid() != old.uid() || mine.gid() != old.gid() {
            // Who may not give files away still may write this one: it becomes theirs.
            match rustix::fs::fchown(file.as_fd(), Some(uid), Some(gid)) {
                Ok(()) | Err(rustix::io::Errno::PERM) => {}
                Err(error) => return Err(error.into()),
            }
        }
        file.set_permissions(fs::Permissions::from_mode(old.mode() & PERMISSION_BITS))?;
        labels::keep_all(&self.destination, file)
    }

    /// Makes a new file this user's, with the group that its folder hands on or the user's own: one
    /// that was moved here may be someone else's.
    fn own(&self, file: &File) -> io::Result<()> {
        let (uid, mut gid) = (rustix::process::geteuid(), rustix::process::getegid());
        let folder = fs::metadata(parent(&self.destination))?;
        if folder.mode() & SET_GROUP != 0 {
            gid = rustix::fs::Gid::from_raw(folder.gid());
        }
        let owner = file.metadata()?;
        if owner.uid() == uid.as_raw() && owner.gid() == gid.as_raw() {
            return Ok(());
        }
        match rustix::fs::fchown(file, Some(uid), Some(gid)) {
            // As for stock, it then stays who it is.
            Ok(()) | Err(rustix::io::Errno::PERM) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts the content in its place.
    pub fn commit(mut self) -> Result<(), WriteError> {
        let result = self.faults.before(Step::Rename).and_then(|()| match self.place {
            Place::Beside => fs::rename(&self.waiting, &self.destination),
            _ => self.overwrite(),
        });
        match result {
            Ok(()) => {
                if self.place == Place::Beside {
                    self.place = Place::Done;
                }
                Ok(())
            }
            Err(error)
                if self.place == Place::Beside
                    && may_overwrite(&error, &self.options, &self.destination) =>
            {
                self.overwrite().map_err(|source| self.failed(source))
            }
            Err(source) => Err(WriteError::Rename {
                path: self.destination.display().to_string(),
                waiting: self.waiting.display().to_string(),
                source,
            }),
        }
    }

    fn failed(&self, source: io::Error) -> WriteError {
        failed(&self.destination, &self.waiting, source)
    }

    /// The unsafe way: the file keeps its inode (a file that is mounted into a container has to).
    fn overwrite(&self) -> io::Result<()> {
        let mut from = File::open(&self.waiting)?;
        let mut to =
            OpenOptions::new().write(true).create(true).truncate(true).open(&self.destination)?;
        io::copy(&mut from, &mut to)?;
        to.sync_all()
    }
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        if self.place != Place::Done {
            let _ = fs::remove_file(&self.waiting);
        }
    }
}

fn failed(path: &Path, waiting: &Path, source: io::Error) -> WriteError {
    let (path, waiting) = (path.display().to_string(), waiting.display().to_string());
    WriteError::Replace { path, waiting, source }
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => PathBuf::from("."),
        Some(folder) => folder.to_owned(),
        None => PathBuf::from("/"),
    }
}

/// A rename that would work as a copy.
fn is_another_place(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::CrossesDevices
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::ResourceBusy
    )
}

fn may_overwrite(error: &io::Error, options: &Options<'_>, destination: &Path) -> bool {
    let is_of_place = is_another_place(error)
        || matches!(
            error.kind(),
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::ExecutableFileBusy
        );
    options.unsafe_writes == UnsafeWrites::Allowed && is_of_place && destination.exists()
}

/// Any number.
pub fn random_number() -> io::Result<u64> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(u64::from_le_bytes(bytes))
}

/// Eight characters as Python's tempfile makes them.
pub fn random_text() -> io::Result<String> {
    const CHARACTERS: &[u8; 37] = b"abcdefghijklmnopqrstuvwxyz0123456789_";
    let bytes = random_number()?.to_le_bytes();
    Ok(bytes.iter().map(|byte| char::from(CHARACTERS[usize::from(*byte) % 37])).collect())
}

#[cfg(test)]
mod tests;
