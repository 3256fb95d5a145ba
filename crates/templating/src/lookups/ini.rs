//! The lookup of values in INI and properties files.

use nafal_base::Value;
use nafal_base::config_parser::{Bare, Keys, Known, NO_VALUE, Place, interpolated, read};

use super::files::found_encoded;
use super::terms::{bool_option, not_a_choice, text_option, words};
use crate::arguments::{fail, text};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Lookup};
use crate::python_regex::{Flags, Regex};

/// The lookup.
pub const LOOKUPS: &[Lookup] =
    &[Lookup { names: &["ini"], doc: "values of an INI or properties file", run: ini }];

/// Whether `%(name)s` in a value stands for another value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Percent {
    Filled,
    Kept,
}

/// What is asked of one file.
struct Question {
    file: String,
    section: String,
    kind: String,
    default: String,
    regex: bool,
    keys: Keys,
    bare: Bare,
    encoding: String,
    percent: Percent,
}

impl Question {
    fn new(args: Args<'_>) -> Result<Question, Error> {
        Ok(Question {
            file: text_option(args, "file", "ansible.ini")?,
            section: text_option(args, "section", "global")?,
            kind: text_option(args, "type", "ini")?,
            default: text_option(args, "default", "")?,
            regex: bool_option(args, "re", false),
            keys: if bool_option(args, "case_sensitive", false) {
                Keys::Kept
            } else {
                Keys::Folded
            },
            bare: if bool_option(args, "allow_none", bool_option(args, "allow_no_value", false)) {
                Bare::Allowed
            } else {
                Bare::Refused
            },
            encoding: text_option(args, "encoding", "utf-8")?,
            percent: if bool_option(args, "interpolation", true) {
                Percent::Filled
            } else {
                Percent::Kept
            },
        })
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let yes = || super::terms::truth(&Value::from(value));
        match name {
            "file" => self.file = value.to_owned(),
            "section" => self.section = value.to_owned(),
            "type" => self.kind = value.to_owned(),
            "default" => self.default = value.to_owned(),
            "re" => self.regex = yes(),
            "case_sensitive" => self.keys = if yes() { Keys::Kept } else { Keys::Folded },
            "allow_none" | "allow_no_value" => {
                self.bare = if yes() { Bare::Allowed } else { Bare::Refused };
            }
            "encoding" => self.encoding = value.to_owned(),
            // Accepted within the term, but without effect there (case `lookup-ini-interpolation`).
            "interpolation" => {}
            other => return fail(format!("{other} is not a valid option.")),
        }
        Ok(())
    }
}

fn ini(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let mut found = Vec::new();
    for term in args.positional {
        let term = text(term)?;
        let mut question = Question::new(args)?;
        let split = words(&term);
        let key = if split.pairs.is_empty() {
            term.to_string()
        } else {
            for (name, value) in &split.pairs {
                question.set(name, value)?;
            }
            split.free.join(" ")
        };
        if key.is_empty() {
            return fail(format!(
                "No key to look up was provided as first term within string inline options: {term}"
            ));
        }
        if !matches!(question.kind.as_str(), "ini" | "properties") {
            return Err(not_a_choice("ini", "type", &question.kind));
        }
        let encoding = &question.encoding;
        let Some((_, content)) = found_encoded(ctx, &["files"], &question.file, encoding)? else {
            return fail("Invalid filename None.");
        };
        if question.kind == "properties" {
            "java_properties".clone_into(&mut question.section);
        }
        let content = if question.kind == "properties" {
            format!("[java_properties]\n{content}")
        } else {
            content
        };
        let sections = read(&content, question.keys, question.bare)
            .map_err(|fault| Error::new(fault.in_file(&question.file)))?;
        let Some(known) = Known::of(&sections, &question.section) else {
            let file = &question.file;
            return fail(format!("No section '{}' in '{file}'.", question.section));
        };
        found.extend(values(&known, &key, &question)?);
    }
    Ok(found)
}

fn filled(known: &Known<'_>, key: &str, value: &str, question: &Question) -> Result<Value, Error> {
    if question.percent == Percent::Kept {
        return Ok(Value::from(value));
    }
    let find = |name: &str| {
        let name = question.keys.of(name);
        known.get(&name).ok_or(name)
    };
    let place = Place { section: &question.section, key };
    interpolated(&place, value, &find).map(Value::from).map_err(Error::new)
}

fn values(known: &Known<'_>, key: &str, question: &Question) -> Result<Vec<Value>, Error> {
    if question.regex {
        let mut found = Vec::new();
        for name in known.keys() {
            let regex = Regex::new(key, Flags::default(), name).map_err(Error::new)?;
            let value = known.get(name).unwrap_or_default();
            if regex.search(name).map_err(Error::new)?.is_some_and(|found| found.range().0 == 0) {
                found.push(filled(known, name, value, question)?);
            }
        }
        return Ok(found);
    }
    let key = question.keys.of(key);
    match known.get(&key) {
        Some(NO_VALUE) => Ok(Vec::new()),
        Some(value) => Ok(vec![filled(known, &key, value, question)?]),
        None => Ok(vec![Value::from(question.default.as_str())]),
    }
}
