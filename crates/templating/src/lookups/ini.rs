//! The lookup of values in INI and properties files.

use nafal_base::Value;

use super::files::found_encoded;
use super::interpolation::{Place, interpolated};
use super::terms::{bool_option, not_a_choice, text_option, words};
use crate::arguments::{fail, text};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Lookup};
use crate::python_regex::{Flags, Regex};

/// The lookup.
pub const LOOKUPS: &[Lookup] =
    &[Lookup { names: &["ini"], doc: "values of an INI or properties file", run: ini }];

/// The value of a key that has none, not even an empty one.
const NO_VALUE: &str = "\0";

/// Sections, in order, with their keys and values.
type Sections = Vec<(String, Vec<(String, String)>)>;

/// Whether keys that differ in case only are the same.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    Folded,
    Kept,
}

impl Keys {
    fn of(self, key: &str) -> String {
        if self == Keys::Folded { key.to_lowercase() } else { key.to_owned() }
    }
}

/// Whether a key without a value is fine.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bare {
    Allowed,
    Refused,
}

/// Whether `%(name)s` in a value stands for another value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Percent {
    Filled,
    Kept,
}

/// The section whose values all others have too.
const DEFAULTS: &str = "DEFAULT";

/// Reads as Python's configparser does: `=` or `:`, comments at a line's beginning, values that go
/// on in indented lines.
fn read(file: &str, text: &str, keys: Keys, bare: Bare) -> Result<Sections, String> {
    let mut sections: Sections = Vec::new();
    let mut last_indent = None;
    for (number, line) in text.lines().enumerate() {
        let body = line.trim();
        if body.is_empty() || body.starts_with(['#', ';']) {
            if let (true, Some((_, value))) =
                (body.is_empty() && last_indent.is_some(), last(&mut sections))
            {
                value.push('\n');
            }
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        if let (Some(before), Some((_, value))) = (last_indent, last(&mut sections))
            && indent > before
        {
            value.push('\n');
            value.push_str(body);
            continue;
        }
        if let Some(name) = body.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            let known = sections.iter().position(|(section, _)| section == name.0);
            match known {
                Some(at) if name.0 == DEFAULTS => {
                    let defaults = sections.remove(at);
                    sections.push(defaults);
                }
                Some(_) => {
                    return Err(format!(
                        "While reading from '<???>' [line {:2}]: section '{}' already exists",
                        number + 1,
                        name.0
                    ));
                }
                None => sections.push((name.0.to_owned(), Vec::new())),
            }
            last_indent = None;
            continue;
        }
        let Some((section, entries)) = sections.last_mut() else {
            return Err(format!(
                "File contains no section headers.\nfile: '<???>', line: {}\n{}",
                number + 1,
                nafal_base::value::string_repr(&format!("{line}\n"))
            ));
        };
        let (key, value) = match body.find(['=', ':']) {
            Some(at) => (body[..at].trim_end(), body[at + 1..].trim_start()),
            None if bare == Bare::Allowed => (body, NO_VALUE),
            None => {
                return Err(format!(
                    "Source contains parsing errors: '<???>'\n\t[line {:2}]: {}",
                    number + 1,
                    nafal_base::value::string_repr(&format!("{line}\n"))
                ));
            }
        };
        let key = keys.of(key);
        if entries.iter().any(|(known, _)| *known == key) {
            return Err(format!(
                "Duplicate option in '{file}': While reading from '<???>' [line {:2}]: option \
                 '{key}' in section '{section}' already exists",
                number + 1
            ));
        }
        entries.push((key, value.to_owned()));
        last_indent = Some(indent);
    }
    for (_, entries) in &mut sections {
        for (_, value) in entries {
            value.truncate(value.trim_end().len());
        }
    }
    Ok(sections)
}

fn last(sections: &mut Sections) -> Option<&mut (String, String)> {
    sections.last_mut()?.1.last_mut()
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
        let sections =
            read(&question.file, &content, question.keys, question.bare).map_err(Error::new)?;
        let named = |wanted: &str| sections.iter().find(|(name, _)| name == wanted);
        let defaults = named(DEFAULTS).map_or(&[][..], |(_, entries)| entries);
        let entries = match named(&question.section) {
            Some((_, entries)) => entries.as_slice(),
            None if question.section == DEFAULTS => defaults,
            None => {
                let file = &question.file;
                return fail(format!("No section '{}' in '{file}'.", question.section));
            }
        };
        found.extend(values(&Known { entries, defaults }, &key, &question)?);
    }
    Ok(found)
}

/// What a section knows: its own keys, then those of `[DEFAULT]`.
struct Known<'a> {
    entries: &'a [(String, String)],
    defaults: &'a [(String, String)],
}

impl<'a> Known<'a> {
    fn get(&self, key: &str) -> Option<&'a str> {
        let named = |entries: &'a [(String, String)]| {
            entries.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
        };
        named(self.entries).or_else(|| named(self.defaults))
    }

    /// All keys, defaults first, as configparser lists them.
    fn keys(&self) -> impl Iterator<Item = &'a str> {
        let own = |name: &str| !self.defaults.iter().any(|(known, _)| known == name);
        let keys = |entries: &'a [(String, String)]| entries.iter().map(|(name, _)| name.as_str());
        keys(self.defaults).chain(keys(self.entries).filter(move |name| own(name)))
    }

    fn filled(&self, key: &str, value: &'a str, question: &Question) -> Result<Value, Error> {
        if question.percent == Percent::Kept {
            return Ok(Value::from(value));
        }
        let find = |name: &str| {
            let name = question.keys.of(name);
            self.get(&name).ok_or(name)
        };
        let place = Place { section: &question.section, key };
        interpolated(&place, value, &find).map(Value::from).map_err(Error::new)
    }
}

fn values(known: &Known<'_>, key: &str, question: &Question) -> Result<Vec<Value>, Error> {
    if question.regex {
        let mut found = Vec::new();
        for name in known.keys() {
            let regex = Regex::new(key, Flags::default(), name).map_err(Error::new)?;
            let value = known.get(name).unwrap_or_default();
            if regex.search(name).map_err(Error::new)?.is_some_and(|found| found.range().0 == 0) {
                found.push(known.filled(name, value, question)?);
            }
        }
        return Ok(found);
    }
    let key = question.keys.of(key);
    match known.get(&key) {
        Some(NO_VALUE) => Ok(Vec::new()),
        Some(value) => Ok(vec![known.filled(&key, value, question)?]),
        None => Ok(vec![Value::from(question.default.as_str())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_configparser() {
        let text = "[a]\nK = v # no comment\n# comment\nmulti: a\n b\n\n[b]\n";
        let sections = read("f", text, Keys::Folded, Bare::Refused).unwrap();
        assert_eq!(sections.len(), 2);
        assert_eq!(sections[0].1[0], ("k".to_owned(), "v # no comment".to_owned()));
        assert_eq!(sections[0].1[1], ("multi".to_owned(), "a\nb".to_owned()));
        assert!(read("f", "x = 1\n", Keys::Folded, Bare::Refused).is_err());
    }
}
