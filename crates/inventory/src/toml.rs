//! TOML inventories. Must not know what is done with hosts and groups once they are read.

use std::sync::Arc;

use nafal_base::dates::{Date, DateTime, Moment, Time};
use nafal_base::{Diagnostic, Dict, Key, Source, Span, Text, Value};
use toml::value::{Datetime, Offset};

use crate::data::GroupId;
use crate::error::Error;
use crate::source::{Loader, read_text};
use crate::structured;

/// Reads a TOML inventory. What was read before an error stays, as with stock.
pub(crate) fn read(source: &Arc<str>, loader: &mut Loader) -> Result<(), Error> {
    let text = read_text(source, &loader.options.secrets)?;
    let document = parse(source, &text)?;
    if document.is_empty() {
        return Err(Error::source("Parsed empty TOML file"));
    }
    if document.get("plugin").is_some_and(Value::is_true) {
        return Err(Error::source("Plugin configuration TOML file, not TOML inventory"));
    }
    let mut reader = Reader { source, loader };
    for (name, group) in &document {
        reader.group(&name.value().to_text(), group)?;
    }
    Ok(())
}

fn parse(path: &str, text: &str) -> Result<Dict, Error> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let at = error.span().map_or(0, |span| span.start);
        let before = text.get(..at).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or(before).chars().count() + 1;
        let what = error.message();
        Error::source(format!(
            "TOML file '{path}' is invalid: {what} (at line {line}, column {column})"
        ))
    })?;
    Ok(dict(table))
}

fn dict(table: toml::Table) -> Dict {
    table.into_iter().map(|(key, value)| (placed(&key), self::value(value))).collect()
}

/// A key. Stock doesn't know where in a TOML file anything is (case inventory-toml).
fn placed(key: &str) -> Key {
    let unknown = Span::whole(&Source::new("<unknown>", key));
    Key::from(Text::trusted(key, Some(unknown)))
}

fn value(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::Str(Text::trusted(text, None)),
        toml::Value::Integer(number) => Value::Int(number),
        toml::Value::Float(number) => Value::Float(number),
        toml::Value::Boolean(flag) => Value::Bool(flag),
        toml::Value::Datetime(moment) => self::moment(&moment),
        toml::Value::Array(items) => Value::List(items.into_iter().map(self::value).collect()),
        toml::Value::Table(table) => Value::Dict(dict(table)),
    }
}

/// A date, a moment or a time of day.
fn moment(written: &Datetime) -> Value {
    let time = written.time.map(|time| Time {
        hour: time.hour,
        minute: time.minute,
        second: time.second.unwrap_or(0),
        microsecond: time.nanosecond.unwrap_or(0) / 1000,
    });
    let (date, time) = match (written.date, time) {
        (None, None) => return Value::None,
        (None, Some(time)) => return time.into(),
        (Some(date), time) => (date, time),
    };
    let mut moment = Moment::midnight(i64::from(date.year), date.month, date.day);
    let Some(time) = time else {
        return Date(moment).into();
    };
    (moment.hour, moment.minute) = (time.hour, time.minute);
    (moment.second, moment.microsecond) = (time.second, time.microsecond);
    let offset = written.offset.map(|offset| match offset {
        Offset::Z => 0,
        Offset::Custom { minutes } => i32::from(minutes) * 60,
    });
    DateTime { moment, offset }.into()
}

struct Reader<'a, 'b> {
    source: &'a Arc<str>,
    loader: &'a mut Loader<'b>,
}

impl Reader<'_, '_> {
    fn warn(&mut self, message: String) {
        self.loader.warnings.push(Diagnostic::warning(message));
    }

    fn group(&mut self, name: &str, value: &Value) -> Result<(), Error> {
        let Value::Dict(sections) = value else {
            self.warn(format!("Skipping '{name}' as this is not a valid group definition"));
            return Ok(());
        };
        let id = self.loader.data.ensure_group(name);
        for (section, value) in sections {
            let section = section.value().to_text();
            match (&*section, value) {
                ("vars", Value::Dict(vars)) => {
                    for (key, value) in vars {
                        self.loader.data.set_group_variable(id, key.clone(), value.clone());
                    }
                }
                ("children", Value::List(children)) => self.children(id, children)?,
                ("hosts", Value::Dict(hosts)) => {
                    for (pattern, vars) in hosts {
                        let pattern = pattern.value().to_text();
                        structured::hosts(self.loader, self.source, id, (&pattern, vars))?;
                    }
                }
                ("vars" | "hosts", other) => return Err(wrong(&section, name, "dict", other)),
                ("children", other) => return Err(wrong(&section, name, "list", other)),
                _ => self.warn(format!(
                    "Skipping unexpected key \"{section}\" in group \"{name}\", only \"vars\", \
                     \"children\" and \"hosts\" are valid"
                )),
            }
        }
        Ok(())
    }

    fn children(&mut self, id: GroupId, children: &nafal_base::List) -> Result<(), Error> {
        for child in children {
            let Value::Str(child) = child else {
                return Err(Error::source(format!(
                    "Invalid group name supplied, expected a string but got <class '{}'> for {}",
                    child.type_name(),
                    child.to_text()
                )));
            };
            let child = self.loader.data.ensure_group(child);
            self.loader.data.add_child(id, child)?;
        }
        Ok(())
    }
}

fn wrong(section: &str, group: &str, wanted: &str, found: &Value) -> Error {
    Error::source(format!(
        "Invalid \"{section}\" entry for \"{group}\" group, requires a {wanted}, found \
         \"<class '{}'>\" instead.",
        found.type_name()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_all_kinds() {
        let text = "b = {d = 2020-01-02, m = 2020-01-02T03:04:05.5+02:00, t = 03:04:05}\na = [1, 2.5, true, 'x']";
        let read = parse("x", text).unwrap();
        let shown: Vec<_> = read
            .iter()
            .map(|(key, value)| format!("{}={}", key.value().to_text(), value.to_text()))
            .collect();
        assert_eq!(shown[1], "a=[1, 2.5, True, 'x']");
        let Some(Value::Dict(dates)) = read.get("b") else { panic!("b is a table") };
        let shown: Vec<_> = dates.values().map(|value| value.to_text().into_owned()).collect();
        assert_eq!(shown, ["2020-01-02", "2020-01-02 03:04:05.500000+02:00", "03:04:05"]);
    }

    #[test]
    fn faults_have_a_place() {
        let error = parse("x.toml", "[all]\nx = \n").unwrap_err().to_string();
        assert!(error.starts_with("TOML file 'x.toml' is invalid: "), "{error}");
        assert!(error.ends_with("(at line 2, column 5)"), "{error}");
    }
}
