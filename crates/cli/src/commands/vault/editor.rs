//! The user's editor on a file that nobody else can read and that is gone afterwards. Must not
//! know vaults.

use std::io::{Read, Seek, SeekFrom, Write};
use std::process::Command;

use nafal_base::python_words;

use crate::failure::Failure;

/// What this editor leaves of this text.
pub fn edit(before: &[u8], editor: &str) -> Result<Vec<u8>, Failure> {
    let inside = |error: std::io::Error| Failure::new(format!("no file to edit: {error}"), 1);
    let folder = tempfile::tempdir().map_err(inside)?;
    // Made with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder.path()).map_err(inside)?;
    file.write_all(before).and_then(|()| file.flush()).map_err(inside)?;
    let result = run(editor, &file.path().display().to_string()).and_then(|()| {
        let mut after = Vec::new();
        // Editors may put another file in its place.
        std::fs::File::open(file.path())
            .and_then(|mut edited| edited.read_to_end(&mut after))
            .map_err(inside)?;
        Ok(after)
    });
    wipe(file.path());
    let _ = file.as_file_mut().seek(SeekFrom::Start(0));
    let _ = file.as_file_mut().write_all(&vec![0; before.len()]);
    result
}

fn run(editor: &str, path: &str) -> Result<(), Failure> {
    let mut words = editor.split_whitespace();
    let failed = |why: String| {
        Failure::new(format!("Unable to execute the command \"{editor} {path}\": {why}"), 1)
    };
    let status =
        Command::new(words.next().unwrap_or("vi")).args(words.clone()).arg(path).status().map_err(
            |error| {
                let program = editor.split_whitespace().next().unwrap_or_default();
                failed(format!("{}: '{program}'", python_words(&error)))
            },
        )?;
    if status.success() { Ok(()) } else { Err(failed(format!("it ended with {status}"))) }
}

/// What was edited is overwritten before it is removed.
fn wipe(path: &std::path::Path) {
    let Ok(length) = std::fs::metadata(path).map(|metadata| metadata.len()) else { return };
    let zeros = vec![0; usize::try_from(length).unwrap_or_default()];
    if let Ok(mut file) = std::fs::OpenOptions::new().write(true).open(path) {
        let _ = file.write_all(&zeros).and_then(|()| file.sync_all());
    }
}
