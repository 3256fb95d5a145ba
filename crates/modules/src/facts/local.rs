//! The user's own facts: `*.fact` files, run when they are executable, in JSON or INI. Must not know
//! what they say.

use std::fs;
use std::io::{Error, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nafal_base::config_parser::{self, Bare, DEFAULTS, Keys, Known, Place};
use nafal_base::{Dict, Value};

use super::environment::single;
use super::{Survey, sources};
use crate::files::failure::errno_text;
use crate::files::tools;
use crate::processes::{self, Limit, RunError};

/// The most that a script may say.
const LARGEST: Limit = Limit(16 << 20);

/// All of them. One that can't be started fails the whole survey; all else that is wrong with one is
/// its value, and a warning.
pub fn local(survey: Survey<'_>) -> Dict {
    let folder = Path::new(survey.fact_path);
    let mut local = Dict::new();
    for name in sources::names(folder) {
        let Some(key) = name.strip_suffix(".fact") else { continue };
        let value = fact(survey, &folder.join(&name)).unwrap_or_else(|wrong| {
            survey.ctx.warn(wrong.as_str());
            Value::from(wrong)
        });
        local.insert(key, value);
    }
    single("local", local)
}

fn fact(survey: Survey<'_>, path: &Path) -> Result<Value, String> {
    let shown = path.to_string_lossy();
    let found = fs::metadata(path).map_err(|error| {
        format!("Could not stat fact ({shown}): {}", errno_text(&error, Some(&shown)))
    })?;
    let text = match found.mode() & 0o100 != 0 {
        true => said(survey, path, &shown)?,
        // What isn't text counts as nothing.
        false => fs::read_to_string(path).unwrap_or_default(),
    };
    let text = text.trim();
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        return Ok(value);
    }
    let wrong = |_| format!("error loading facts as JSON or ini - please check content: {shown}");
    let sections = config_parser::read(text, Keys::Folded, Bare::Refused).map_err(wrong)?;
    let names = sections.iter().map(|(name, _)| name).filter(|name| *name != DEFAULTS);
    names
        .map(|name| Ok((name.as_str(), Value::Dict(section(name, Known::of(&sections, name))?))))
        .collect::<Result<Dict, String>>()
        .map(Value::Dict)
        .map_err(|why| {
            format!("error loading facts as ini - please check content: {shown} ({why})")
        })
}

/// What a script says.
fn said(survey: Survey<'_>, path: &Path, shown: &str) -> Result<String, String> {
    let ctx = survey.ctx;
    let ended = processes::run(ctx.command(path), None, LARGEST, ctx.processes());
    let ended = ended.map_err(|error| {
        let why = match error {
            RunError::Start(error) => error,
            RunError::Cancelled => Error::from(ErrorKind::Interrupted),
        };
        let failure = tools::not_started(shown.to_owned(), &why).because(&why, shown);
        let _ = survey.shared.fault.set(failure);
        format!("Could not execute fact script ({shown}): {why}")
    })?;
    if ended.code != 0 {
        let (code, why) = (ended.code, String::from_utf8_lossy(&ended.stderr.bytes));
        return Err(format!("Failure executing fact script ({shown}), rc: {code}, err: {why}"));
    }
    Ok(String::from_utf8_lossy(&ended.stdout.bytes).into_owned())
}

/// A section's values, with those of `[DEFAULT]`.
fn section(name: &str, known: Option<Known<'_>>) -> Result<Dict, String> {
    let mut values = Dict::new();
    let Some(known) = known else { return Ok(values) };
    let find = |wanted: &str| {
        let wanted = Keys::Folded.of(wanted);
        known.get(&wanted).ok_or(wanted)
    };
    for key in known.keys() {
        let place = Place { section: name, key };
        let value = known.get(key).unwrap_or_default();
        values.insert(key, config_parser::interpolated(&place, value, &find)?.into());
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::super::Shared;

    use super::*;
    use crate::ctx::Ctx;

    fn of(text: &str) -> Value {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.fact"), text).unwrap();
        let ctx = Ctx::plain("setup", Default::default());
        let shared = Shared::default();
        let survey = Survey {
            ctx: &ctx,
            fact_path: &folder.path().to_string_lossy(),
            patience: std::time::Duration::ZERO,
            shared: &shared,
        };
        let facts = local(survey);
        facts.get("local").and_then(Value::as_dict).unwrap().get("a").unwrap().clone()
    }

    #[test]
    fn sections_with_defaults_and_names_filled_in() {
        let facts = of("[DEFAULT]\nd = 1\n[a]\nKey = %(d)s2\nlong = a\n  b\n");
        let section = facts.as_dict().unwrap().get("a").and_then(Value::as_dict).unwrap();
        let text = |key: &str| section.get(key).and_then(Value::as_str).unwrap().to_owned();
        assert_eq!(
            (text("key"), text("d"), text("long")),
            ("12".into(), "1".into(), "a\nb".into())
        );
        assert!(facts.as_dict().unwrap().get("DEFAULT").is_none());
    }

    #[test]
    fn nothing_and_nonsense() {
        assert_eq!(of("").as_dict().unwrap().len(), 0);
        assert!(of("nonsense").as_str().unwrap().contains("please check content"));
        assert!(of("[a]\nb=%(c)s\n").as_str().unwrap().contains("facts as ini"));
        assert_eq!(of("[1, null]"), Value::from(vec![Value::Int(1), Value::None]));
    }
}
