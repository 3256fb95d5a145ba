//! One run: the source that is wanted against the files that there are. Must not know lines.

use nafal_base::{Outcome, Value};

use super::lines::Line;
use super::sources::{Fate, Source, Sources};
use super::update::update;
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result, difference};

/// The module's function.
pub fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let repository = args.required_text("repo");
    let state = args.required_text("state");
    if repository.is_empty() {
        return Err(Failure::new("Please set argument 'repo' to a non-empty value"));
    }
    if repository.starts_with("ppa:") {
        return Err(Failure::new("repositories of PPAs (ppa:) are not built yet in nafal"));
    }
    let line = Line::wanted(repository)
        .map_err(|shown| Failure::new(format!("Invalid repository string: {shown}")))?;
    let mut sources = Sources::read()?;
    match state {
        "present" => sources.add(&line, args.text("filename"))?,
        _ => sources.remove(&line),
    }
    let changed = sources.files.iter().any(|file| file.fate() != Fate::Kept);
    if changed && !ctx.is_check() {
        sources.write(ctx, args.value("mode"))?;
        if args.is("update_cache")
            && let Err(failure) = update(args, ctx)
        {
            sources.revert(ctx)?;
            return Err(failure);
        }
    }
    let paths = |fate: Fate| -> Vec<&str> {
        let files = sources.files.iter().filter(|file| file.fate() == fate);
        files.map(|file| file.path.as_str()).collect()
    };
    // The list of differences is there even when nobody wants them (case `results-in-order`).
    let differences: Vec<Value> = match ctx.wants_diff() {
        true => sources.files.iter().filter_map(difference).collect(),
        false => Vec::new(),
    };
    Ok(Outcome::ok()
        .changed_if(changed)
        .with("repo", repository)
        .with("sources_added", paths(Fate::Added))
        .with("sources_removed", paths(Fate::Removed))
        .with("state", state)
        .with("diff", differences))
}

/// Only of files that come or go is told what they contain.
fn difference(file: &Source) -> Option<Value> {
    let path = file.path.as_str();
    let difference = match file.fate() {
        Fate::Added => difference::of_texts(("", &file.after()), ("/dev/null", path)),
        Fate::Removed => difference::of_texts((file.before.as_deref()?, ""), (path, "/dev/null")),
        Fate::Kept | Fate::Changed => return None,
    };
    Some(Value::Dict(difference))
}
