//! Filters on paths.

use std::path::Path;

use nafal_base::Value;

use crate::arguments::{Signature, class_name, class_repr, fail, settled, text_or, tuple};
use crate::context::Context;
use crate::effects::Effects;
use crate::error::Error;
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};
use crate::python_path as path;

const fn filter(
    names: &'static [&'static str],
    doc: &'static str,
    run: fn(&Context<'_>, &Value, Args<'_>) -> Result<Value, Error>,
) -> Filter {
    Filter { names, undefined: OnUndefined::PassOn, members: OnMembers::Render, doc, run }
}

/// The filters.
pub const FILTERS: &[Filter] = &[
    filter(&["basename"], "the last part of a path", basename),
    filter(&["dirname"], "a path without its last part", dirname),
    filter(&["splitext"], "a path without its extension, and the extension", splitext),
    filter(&["expanduser"], "a path with the home folder for ~", expanduser),
    filter(&["expandvars"], "a path with environment variables", expandvars),
    filter(&["realpath"], "a path with its links followed", realpath),
    filter(&["relpath"], "a path as seen from another", relpath),
    filter(&["normpath"], "a path without detours", normpath),
    filter(&["commonpath"], "what several paths begin with", commonpath),
    filter(&["path_join"], "parts joined to a path", path_join),
    filter(&["win_basename"], "the last part of a Windows path", win_basename),
    filter(&["win_dirname"], "a Windows path without its last part", win_dirname),
    filter(&["win_splitdrive"], "a Windows path's drive, and the rest", win_splitdrive),
    filter(&["fileglob"], "the files that a pattern matches", fileglob),
];

/// The text of a path, or Python's complaint.
fn path_text(value: &Value) -> Result<&str, Error> {
    settled(value)?;
    value.as_str().ok_or_else(|| {
        Error::new(format!("expected str, bytes or os.PathLike object, not {}", class_name(value)))
    })
}

fn basename(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("basename", [], 0).bind(args)?;
    Ok(path::split(path_text(value)?).1.into())
}

fn dirname(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("dirname", [], 0).bind(args)?;
    Ok(path::split(path_text(value)?).0.into())
}

fn splitext(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("splitext", [], 0).bind(args)?;
    let (root, extension) = path::split_extension(path_text(value)?);
    Ok(tuple(vec![root.into(), extension.into()]))
}

/// `~` and `~name` at the beginning, as far as the home folder is known.
pub fn expand_user(effects: &dyn Effects, path: &str) -> String {
    let Some(rest) = path.strip_prefix('~') else {
        return path.to_owned();
    };
    let (name, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let home = if name.is_empty() { effects.env("HOME") } else { home_of(effects, name) };
    match home {
        Some(home) => {
            let joined = format!("{}{rest}", home.trim_end_matches('/'));
            if joined.is_empty() { "/".to_owned() } else { joined }
        }
        None => path.to_owned(),
    }
}

fn home_of(effects: &dyn Effects, name: &str) -> Option<String> {
    let users = effects.read(Path::new("/etc/passwd")).ok()?;
    String::from_utf8_lossy(&users).lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some(name)).then(|| fields.nth(4).map(str::to_owned)).flatten()
    })
}

fn expanduser(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("expanduser", [], 0).bind(args)?;
    Ok(expand_user(ctx.effects(), path_text(value)?).into())
}

/// `$name` and `${name}`; names that aren't set stay.
pub(crate) fn expand_variables(ctx: &Context<'_>, text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let word = |text: &str| {
            text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
        };
        let (name, end) = match after.strip_prefix('{') {
            Some(inner) => match inner.find('}') {
                Some(end) => (&inner[..end], end + 2),
                None => ("", 0),
            },
            None => (&after[..word(after)], word(after)),
        };
        match ctx.effects().env(name).filter(|_| !name.is_empty()) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&rest[at..at + 1 + end]),
        }
        rest = &after[end..];
    }
    out.push_str(rest);
    out
}

fn expandvars(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("expandvars", [], 0).bind(args)?;
    Ok(expand_variables(ctx, path_text(value)?).into())
}

fn here(ctx: &Context<'_>) -> String {
    ctx.effects().current_folder().to_string_lossy().into_owned()
}

fn realpath(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("realpath", [], 0).bind(args)?;
    let start = path_text(value)?;
    let whole =
        if start.starts_with('/') { start.to_owned() } else { path::join([&*here(ctx), start]) };
    Ok(follow(ctx, &whole).into())
}

/// The path with every link in it followed; what isn't there stays as it is.
fn follow(ctx: &Context<'_>, whole: &str) -> String {
    let mut done = String::new();
    let mut todo: Vec<String> = whole.split('/').rev().map(str::to_owned).collect();
    let mut links = 0;
    while let Some(part) = todo.pop() {
        match part.as_str() {
            "" | "." => continue,
            ".." => {
                done.truncate(done.rfind('/').unwrap_or(0));
                continue;
            }
            _ => {}
        }
        let next = format!("{done}/{part}");
        let link = ctx.effects().metadata(Path::new(&next)).is_ok_and(|m| m.is_symlink());
        match std::fs::read_link(&next).ok().filter(|_| link && links < 40) {
            None => done = next,
            Some(target) => {
                links += 1;
                let target = target.to_string_lossy().into_owned();
                if target.starts_with('/') {
                    done.clear();
                }
                todo.extend(target.split('/').rev().map(str::to_owned));
            }
        }
    }
    if done.is_empty() { "/".to_owned() } else { done }
}

fn relpath(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [start] = Signature::filter("relpath", ["start"], 0).bind(args)?;
    let here = here(ctx);
    let target = path_text(value)?;
    if target.is_empty() {
        return fail("no path specified");
    }
    let start = start.map_or(Ok("."), path_text)?;
    Ok(path::relative(&path::absolute(target, &here), &path::absolute(start, &here)).into())
}

fn normpath(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("normpath", [], 0).bind(args)?;
    Ok(path::normal(path_text(value)?).into())
}

fn commonpath(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("commonpath", [], 0).bind(args)?;
    let items = ctx.iterate(value)?;
    let paths = items.iter().map(path_text).collect::<Result<Vec<_>, _>>()?;
    path::common(&paths).map(Value::from).map_err(Error::new)
}

fn path_join(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("path_join", [], 0).bind(args)?;
    match value {
        Value::Str(_) => Ok(value.clone()),
        Value::List(items) | Value::Tuple(items) => {
            if items.is_empty() {
                return fail("join() missing 1 required positional argument: 'a'");
            }
            items.iter().try_for_each(settled)?;
            if let Some(wrong) = items.iter().find(|item| item.as_str().is_none()) {
                return fail(format!(
                    "join() argument must be str, bytes, or os.PathLike object, not '{}'",
                    class_name(wrong)
                ));
            }
            Ok(path::join(items.iter().filter_map(Value::as_str)).into())
        }
        other => fail(format!(
            "|path_join expects string or sequence, got {} instead.",
            class_repr(other)
        )),
    }
}

fn win_basename(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("basename", [], 0).bind(args)?;
    Ok(path::split_windows(path_text(value)?).1.into())
}

fn win_dirname(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("dirname", [], 0).bind(args)?;
    Ok(path::split_windows(path_text(value)?).0.into())
}

fn win_splitdrive(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("splitdrive", [], 0).bind(args)?;
    let (drive, rest) = path::split_drive(path_text(value)?);
    Ok(tuple(vec![drive.into(), rest.into()]))
}

fn fileglob(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("fileglob", [], 0).bind(args)?;
    let pattern = text_or(Some(value), "")?;
    let found =
        ctx.effects().glob(Path::new(&*pattern)).map_err(|error| Error::new(error.to_string()))?;
    let files = found.into_iter().filter(|path| path.is_file());
    Ok(files
        .map(|path| Value::from(path.to_string_lossy().into_owned()))
        .collect::<Vec<_>>()
        .into())
}
