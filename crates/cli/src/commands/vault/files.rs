//! Where plain text and vaults are read from and written to: files, standard input and output. A
//! file is replaced whole, readable by its owner alone. Must not know passwords.

use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use nafal_base::{Diagnostic, Source, Span, python_words};
use nafal_engine::vault;
use nafal_output::Terminal;

use crate::failure::Failure;

/// Standard input and output.
pub const STANDARD: &str = "-";

/// What becomes of the mode and owner of a file that is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Its owner alone may read it.
    Private,
    /// As it was.
    Kept,
}

/// The path as stock names it.
pub fn absolute(path: &Path) -> PathBuf {
    if path == Path::new(STANDARD) {
        return path.to_owned();
    }
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// What a file or standard input holds.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    if path == Path::new(STANDARD) {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        read.map_err(|error| Failure::new(format!("Unable to read stdin: {error}"), 1))?;
        return Ok(bytes);
    }
    let shown = absolute(path);
    let shown = shown.display();
    fs::read(path).map_err(|error| {
        let reason = python_words(&error);
        Failure::new(format!("Unable to read source file ({shown}): {reason}: '{shown}'"), 1)
    })
}

/// Writes a file whole, or standard output.
pub fn write(
    path: &Path,
    bytes: &[u8],
    access: Access,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    if path == Path::new(STANDARD) {
        terminal.bytes(bytes);
        return Ok(());
    }
    replace(path, bytes, access).map_err(|error| {
        Failure::new(format!("Unable to write to file {}: {error}", absolute(path).display()), 1)
    })
}

fn replace(path: &Path, bytes: &[u8], access: Access) -> std::io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o600))
        .tempfile_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(bytes)?;
    if access == Access::Kept
        && let Ok(before) = fs::metadata(&target)
    {
        let own = file.as_file().metadata()?;
        if (own.uid(), own.gid()) != (before.uid(), before.gid()) {
            chown(file.path(), Some(before.uid()), Some(before.gid()))?;
        }
        file.as_file().set_permissions(Permissions::from_mode(before.mode() & 0o7777))?;
    }
    file.as_file().sync_all()?;
    file.persist(&target)?;
    Ok(())
}

/// A vault that can't be used for what is wanted of it.
pub fn failed(doing: &str, path: &Path, shown: &Path, error: &vault::Error) -> Failure {
    let message = format!("Failed to {doing} '{}'", shown.display());
    let place = if path == Path::new(STANDARD) {
        "<stdin>".to_owned()
    } else {
        absolute(path).display().to_string()
    };
    let place = Span::whole(&Source::new(place, ""));
    let diagnostic = Diagnostic::error(message).caused_by(error.to_string(), Some(place));
    Failure { diagnostics: vec![diagnostic], code: 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn files_are_replaced_whole_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        replace(&path, b"new", Access::Kept).unwrap();
        assert_eq!((fs::read(&path).unwrap().as_slice(), mode(&path)), (&b"new"[..], 0o644));
        replace(&path, b"newer", Access::Private).unwrap();
        assert_eq!(mode(&path), 0o600);
        let link = folder.path().join("l");
        std::os::unix::fs::symlink("f", &link).unwrap();
        replace(&link, b"linked", Access::Private).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"linked");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        let missing = read(&folder.path().join("nosuch")).unwrap_err();
        assert!(missing.diagnostics[0].message.contains("[Errno 2] No such file or directory"));
    }
}
