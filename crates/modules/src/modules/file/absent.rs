//! `state: absent`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nafal_base::Outcome;

use super::run::{State, Task, content};
use crate::files::failure::{errno_bytes, errno_text};
use crate::files::{Differences, Failure, Result};

/// Nothing is left at the path.
pub fn ensure(task: &Task<'_>) -> Result<Outcome> {
    let previous = State::of(&task.real);
    // Below a file nothing can be, which stock doesn't take for an answer.
    if let Err(error) = fs::symlink_metadata(&task.real)
        && error.kind() == io::ErrorKind::NotADirectory
    {
        return Err(Failure::raised([errno_bytes(&error, &task.shown)]));
    }
    if previous == State::Absent {
        return Ok(Outcome::ok().with("path", task.shown.as_str()).with("state", "absent"));
    }
    let mut differences: Differences = task.differences("absent", previous);
    if previous == State::Directory {
        let (mut folders, mut files) = (Vec::new(), Vec::new());
        if task.ctx.wants_diff() {
            walk(&task.real, &mut folders, &mut files);
        }
        differences.before.insert("path_content", content(folders, files));
    }
    if !task.ctx.is_check() {
        remove(task, previous)?;
    }
    Ok(task.done(true, differences).with("state", "absent"))
}

fn remove(task: &Task<'_>, previous: State) -> Result<()> {
    let (result, what) = match previous {
        State::Directory => (fs::remove_dir_all(&task.real), "rmtree failed"),
        _ => (fs::remove_file(&task.real), "unlinking failed"),
    };
    match result {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            let why = errno_text(&error, Some(&task.shown));
            Err(task.failure(format!("{what}: {why} ")))
        }
        _ => Ok(()),
    }
}

fn walk(folder: &Path, folders: &mut Vec<String>, files: &mut Vec<String>) {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let (inner, other): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.into_iter().partition(|path| path.is_dir());
    let shown = |path: &PathBuf| path.to_string_lossy().into_owned();
    folders.extend(inner.iter().map(shown));
    files.extend(other.iter().map(shown));
    // A link to a folder is listed among the folders but not walked into.
    for path in inner.iter().filter(|path| !path.is_symlink()) {
        walk(path, folders, files);
    }
}
