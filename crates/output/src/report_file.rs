//! Writes what a run leaves beside its output (reports, retry files, inventories): whole, or not at all.
//! Knows nothing of what stands in them.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// As many links as Linux follows.
const MOST_LINKS: usize = 40;

/// Writes a file with these bytes: through links, with the mode of the file before. What is no file
/// (a pipe, /dev/stdout) is written to as it is, and so is what can't be replaced (a mount of its own,
/// a file in a folder of others).
///
/// Errors are the system's, with its number.
pub fn write_report(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = behind_links(path)?;
    if fs::metadata(&target).is_ok_and(|metadata| !metadata.is_file()) {
        return fs::write(path, bytes);
    }
    match replace(&target, bytes) {
        Err(error) if is_kept_from_replacing(&error) => fs::write(path, bytes),
        replaced => replaced,
    }
}

/// The same below a folder that is made when it is missing.
pub fn write_report_below(folder: &Path, name: impl AsRef<Path>, bytes: &[u8]) -> io::Result<()> {
    if !folder.exists() {
        fs::create_dir_all(folder)?;
    }
    write_report(&folder.join(name), bytes)
}

fn replace(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    // The umask takes away from these, as it does for every new file.
    let before = fs::metadata(target).ok().map(|metadata| metadata.permissions());
    // `tempfile` opens files too, but hides the numbers of the system's errors.
    let mut refused = None;
    let made = tempfile::Builder::new().make_in(folder.unwrap_or(Path::new(".")), |path| {
        let opened = OpenOptions::new().write(true).create_new(true).open(path);
        opened.inspect_err(|error| refused = error.raw_os_error())
    });
    let mut file = made.map_err(|error| refused.map_or(error, io::Error::from_raw_os_error))?;
    file.write_all(bytes)?;
    if let Some(before) = before {
        file.as_file().set_permissions(before)?;
    }
    file.persist(target)?;
    Ok(())
}

/// Where a chain of links ends, whether something is there or not.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(next) = fs::read_link(&target) else { return Ok(target) };
        target = target.parent().unwrap_or(Path::new("")).join(next);
    }
    Err(io::Error::from_raw_os_error(nix::libc::ELOOP))
}

fn is_kept_from_replacing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ResourceBusy)
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn whole_with_the_mode_of_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/f");
        write_report_below(&folder.path().join("a"), "f", b"long before").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o751)).unwrap();
        let held = fs::File::open(&path).unwrap();
        write_report(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o751);
        // Who had the old file open still reads it whole: it was replaced, not written over.
        assert_eq!(io::read_to_string(held).unwrap(), "long before");
        assert_eq!(fs::read_dir(folder.path().join("a")).unwrap().count(), 1);
    }

    #[test]
    fn errors_keep_their_numbers() {
        let folder = tempfile::tempdir().unwrap();
        let missing = write_report(&folder.path().join("no/f"), b"").unwrap_err();
        assert_eq!(missing.raw_os_error(), Some(nix::libc::ENOENT));
        let link = folder.path().join("loop");
        std::os::unix::fs::symlink("loop", &link).unwrap();
        let looped = write_report(&link, b"").unwrap_err();
        assert_eq!(looped.raw_os_error(), Some(nix::libc::ELOOP));
    }
}
