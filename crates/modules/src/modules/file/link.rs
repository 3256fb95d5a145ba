//! `state: link` and `state: hard`.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;

use nafal_base::Outcome;
use nafal_base::value::string_repr;

use super::run::{State, Task};
use crate::files::failure::errno_text;
use crate::files::{Differences, Failure, Result, links, paths};

fn failure(task: &Task<'_>, message: impl Into<Box<str>>, source: &str) -> Failure {
    Failure::new(message).with("dest", task.shown.as_str()).with("src", source)
}

fn result(
    task: &Task<'_>,
    source: Option<&str>,
    changed: bool,
    differences: Differences,
) -> Outcome {
    Outcome::ok()
        .changed_if(changed)
        .with("dest", task.shown.as_str())
        .with("src", source)
        .with("diff", differences.into_value())
}

/// A symbolic link to `src`.
pub fn ensure_symlink(task: &Task<'_>) -> Result<Outcome> {
    let previous = State::of(&task.real);
    let follow = task.args.is("follow");
    let source = source_of_link(task, previous)?;
    let base = match !task.real.is_symlink() && task.real.is_dir() {
        true => task.shown.clone(),
        false => paths::folder_of(&task.shown).to_owned(),
    };
    let absolute = paths::join(&base, source.as_deref().unwrap_or_default());
    let force = task.args.is("force");
    if source.is_some() && !force && !task.ctx.resolve(&absolute).exists() {
        let message = format!(
            "src file does not exist, use 'force=yes' if you really want to create the link: {absolute}"
        );
        return Err(task.failure(message).with("src", source));
    }
    refuse_conversion(task, previous)?;
    let mut differences = task.differences("link", previous);
    let mut changed = true;
    if previous == State::Link {
        let old = fs::read_link(&task.real).unwrap_or_default().to_string_lossy().into_owned();
        changed = source.as_ref().is_some_and(|source| *source != old);
        if changed {
            differences.note("src", old, source.clone());
        }
    }
    if let (true, false, Some(target)) = (changed, task.ctx.is_check(), &source) {
        replace(task, previous, target, |path| symlink(target, path))?;
    }
    if task.ctx.is_check() && !task.real.exists() {
        return Ok(result(task, source.as_deref(), changed, differences));
    }
    let end = if follow { paths::real_path(&task.real) } else { task.real.clone() };
    if follow && !end.exists() {
        task.ctx.warn(
            "Cannot set fs attributes on a non-existent symlink target. follow should be set to False to avoid this.",
        );
    } else {
        let subject = task.at(end.to_string_lossy().into_owned());
        changed = subject.apply(changed, &mut differences)?;
    }
    Ok(result(task, source.as_deref(), changed, differences))
}

/// Without `src` a link keeps where it leads.
fn source_of_link(task: &Task<'_>, previous: State) -> Result<Option<String>> {
    if let Some(source) = task.args.text("src") {
        return Ok(Some(source.to_owned()));
    }
    if previous == State::Link && task.args.is("follow") && task.real.exists() {
        let target = fs::read_link(&task.real).unwrap_or_default();
        return Ok(Some(target.to_string_lossy().into_owned()));
    }
    if previous == State::Link {
        return Ok(None);
    }
    Err(Failure::new("src is required for creating new symlinks"))
}

fn refuse_conversion(task: &Task<'_>, previous: State) -> Result<()> {
    let force = task.args.is("force");
    match previous {
        State::Directory | State::File | State::Hard if !force => Err(task.failure(format!(
            "refusing to convert from {} to symlink for {}",
            previous.word(),
            task.shown
        ))),
        State::Directory
            if fs::read_dir(&task.real).is_ok_and(|mut list| list.next().is_some()) =>
        {
            Err(task.failure(format!(
                "the directory {} is not empty, refusing to convert it",
                task.shown
            )))
        }
        _ => Ok(()),
    }
}

/// Makes a link under another name and renames it, so that the path always leads somewhere.
fn replace(
    task: &Task<'_>,
    previous: State,
    source: &str,
    make: impl Fn(&Path) -> io::Result<()>,
) -> Result<()> {
    let done = (|| {
        if previous == State::Absent {
            return make(&task.real);
        }
        if previous == State::Directory {
            fs::remove_dir(&task.real)?;
        }
        links::replace(&task.real, &make)
    })();
    done.map_err(|error| {
        let names = [source, &task.shown].map(string_repr);
        let why = format!("{}: b{} -> b{}", errno_text(&error, None), names[0], names[1]);
        task.failure(format!("Error while linking: {why}"))
    })
}

/// Another name of the file `src`.
pub fn ensure_hardlink(task: &Task<'_>) -> Result<Outcome> {
    let previous = State::of(&task.real);
    let mut differences = task.differences("hard", previous);
    let Some(source) = task.args.text("src") else {
        if previous == State::Hard {
            return hardlinked(task, None, false, differences);
        }
        return Err(Failure::new("src is required for creating new hardlinks"));
    };
    let real_source = task.ctx.resolve(source);
    if !real_source.exists() {
        return Err(failure(task, "src does not exist", source));
    }
    let force = task.args.is("force");
    let is_same = same_file(&real_source, &task.real);
    let mut changed = true;
    match previous {
        State::Absent => {}
        State::Link => {
            let old = fs::read_link(&task.real).unwrap_or_default().to_string_lossy().into_owned();
            changed = old != source;
            if changed {
                differences.note("src", old, source);
            }
        }
        State::Hard => {
            changed = !is_same;
            if changed && !force {
                let message = "Cannot link, different hard link exists at destination";
                return Err(failure(task, message, source));
            }
        }
        State::File if !force => {
            let message = format!("Cannot link, {} exists at destination", previous.word());
            return Err(failure(task, message, source));
        }
        State::File => {}
        State::Directory => {
            if is_same {
                return Ok(Outcome::ok().with("path", task.shown.as_str()));
            }
            if !force {
                let message = "Cannot link: different hard link exists at destination";
                return Err(failure(task, message, source));
            }
        }
    }
    if changed && !task.ctx.is_check() {
        replace(task, previous, source, |path| fs::hard_link(&real_source, path))?;
    }
    if task.ctx.is_check() && !task.real.exists() {
        return Ok(result(task, Some(source), changed, differences));
    }
    hardlinked(task, Some(source), changed, differences)
}

fn hardlinked(
    task: &Task<'_>,
    source: Option<&str>,
    changed: bool,
    mut differences: Differences,
) -> Result<Outcome> {
    let changed = task.apply(changed, &mut differences)?;
    Ok(result(task, source, changed, differences))
}

fn same_file(a: &Path, b: &Path) -> bool {
    match (fs::metadata(a), fs::metadata(b)) {
        (Ok(a), Ok(b)) => a.ino() == b.ino() && a.dev() == b.dev(),
        _ => false,
    }
}
