//! `state: file` and `state: touch`.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;

use nafal_base::Outcome;

use super::run::{State, Task};
use crate::files::{Result, paths};

/// The file is there already; it gets its attributes.
pub fn ensure_attributes(task: &Task<'_>) -> Result<Outcome> {
    let followed = task.followed();
    let task = followed.as_ref().unwrap_or(task);
    let previous = State::of(&task.real);
    if !matches!(previous, State::File | State::Hard) {
        let message = format!("file ({}) is {}, cannot continue", task.shown, previous.word());
        return Err(task.failure(message).with("state", previous.word()));
    }
    let mut differences = task.differences("file", previous);
    // A hard link is a file: that is no difference.
    if previous == State::Hard {
        differences.before.remove("state");
        differences.after.remove("state");
        differences.note("state", "hard", "file");
    }
    let changed = task.apply(false, &mut differences)?;
    Ok(task.done(changed, differences))
}

/// The file is there afterwards, with new times.
pub fn ensure_touch(task: &Task<'_>) -> Result<Outcome> {
    let previous = State::of(&task.real);
    let mut differences = task.differences("touch", previous);
    let mut changed = false;
    if previous == State::Absent {
        changed = true;
        if task.ctx.is_check() {
            return Ok(touched(task, changed));
        }
        let mode = 0o666 & !task.ctx.umask();
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(mode)
            .open(&task.real)
            .map_err(|error| {
                task.failure("Error, could not touch target.").because(&error, &task.shown)
            })?;
    }
    let followed = match task.args.is("follow") && task.real.is_symlink() {
        true => Some(task.at(paths::real_path(&task.real).to_string_lossy().into_owned())),
        false => None,
    };
    let subject = followed.as_ref().unwrap_or(task);
    match subject.apply(changed, &mut differences) {
        Ok(now) => changed = now,
        Err(failure) => {
            // What was made only to fail goes away again.
            if previous == State::Absent {
                let _ = fs::remove_file(&task.real);
            }
            return Err(failure);
        }
    }
    Ok(touched(task, changed).with("diff", differences.into_value()))
}

fn touched(task: &Task<'_>, changed: bool) -> Outcome {
    Outcome::ok().changed_if(changed).with("dest", task.shown.as_str())
}
