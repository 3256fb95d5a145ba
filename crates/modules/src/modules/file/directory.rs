//! `state: directory`, with all that is missing above it and, when asked, all that is below.

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use nafal_base::Outcome;

use super::run::{State, Task};
use crate::files::Failure;
use crate::files::failure::{errno_bytes, errno_text};
use crate::files::{Differences, Result, paths};

/// The folder is there afterwards.
pub fn ensure(task: &Task<'_>) -> Result<Outcome> {
    let previous = State::of(&task.real);
    let followed = (previous == State::Link).then(|| task.followed()).flatten();
    let task = followed.as_ref().unwrap_or(task);
    let previous = State::of(&task.real);
    let mut differences = task.differences("directory", previous);
    let mut changed = false;
    match previous {
        State::Absent => {
            if task.ctx.is_check() {
                return Ok(task.done(true, differences));
            }
            if task.shown.is_empty() {
                let error = io::Error::from_raw_os_error(2);
                let why = errno_bytes(&error, "");
                return Err(
                    task.failure(format!("There was an issue creating  as requested: {why}"))
                );
            }
            make_all(task, &mut differences)?;
            changed = true;
        }
        State::Directory => {}
        other => {
            let message = format!("{} already exists as a {}", task.shown, other.word());
            return Err(task.failure(message));
        }
    }
    changed = task.apply(changed, &mut differences)?;
    if task.args.is("recurse") {
        changed |= below(task, &task.real)?;
    }
    Ok(task.done(changed, differences))
}

fn make_all(task: &Task<'_>, differences: &mut Differences) -> Result<()> {
    let missing: Vec<&Path> = task
        .real
        .ancestors()
        .take_while(|ancestor| !ancestor.as_os_str().is_empty() && !ancestor.exists())
        .collect();
    for path in missing.into_iter().rev() {
        let made = fs::DirBuilder::new().mode(0o777 & !task.ctx.umask()).create(path);
        match made {
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                // Stock looks at the path first, and falls over it.
                return Err(Failure::raised([errno_bytes(&error, &task.shown)]));
            }
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists || !path.is_dir() => {
                let why = errno_text(&error, Some(&path.to_string_lossy()));
                let shown = &task.shown;
                return Err(task.failure(format!(
                    "There was an issue creating {} as requested: {why}",
                    if path == task.real { shown.clone() } else { path.display().to_string() }
                )));
            }
            _ => {}
        }
        task.wanted.apply(task.ctx.subject(path), differences)?;
    }
    Ok(())
}

/// Attributes and times for everything below a folder.
fn below(task: &Task<'_>, folder: &Path) -> Result<bool> {
    let mut changed = false;
    let entries: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(|error| task.failure(errno_text(&error, Some(&folder.to_string_lossy()))))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    for path in entries {
        changed |= one(task, &path)?;
        if !path.is_symlink() && path.is_dir() {
            changed |= below(task, &path)?;
        }
    }
    Ok(changed)
}

fn one(task: &Task<'_>, path: &Path) -> Result<bool> {
    let give = |path: &Path| -> Result<bool> {
        let at = task.at(path.to_string_lossy().into_owned());
        at.apply(false, &mut Differences::default())
    };
    if !path.is_symlink() {
        return give(path);
    }
    let mut changed = task.wanted.apply(task.ctx.subject(path), &mut Differences::default())?;
    if task.args.is("follow") {
        let target = paths::real_path(path);
        if target.exists() {
            changed |= give(&target)?;
            if target.is_dir() {
                changed |= below(task, &target)?;
            }
        }
    }
    Ok(changed)
}
