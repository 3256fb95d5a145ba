//! A dict as TOML, in the form of Python's `tomli-w`, which stock asks for. Must not know what the
//! dict is of.

use nafal_base::{Dict, Value};

/// How wide a line with a table in it may be.
const WIDEST: usize = 100;
const INDENT: &str = "    ";

/// The whole text, or what can't be written.
pub fn to_toml(dict: &Dict) -> Result<String, String> {
    let mut out = String::new();
    Writer { out: &mut out }.table("", dict, Header::Plain)?;
    Ok(out)
}

/// What stands before a table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Header {
    /// `[name]`.
    Plain,
    /// `[[name]]`.
    Item,
}

struct Writer<'a> {
    out: &'a mut String,
}

impl Writer<'_> {
    fn table(&mut self, name: &str, dict: &Dict, header: Header) -> Result<(), String> {
        let (mut literals, mut tables) = (Vec::new(), Vec::new());
        for (key, value) in dict {
            let key = written_key(&key.value().to_text());
            match value {
                Value::Dict(inside) => tables.push((key, vec![inside], Header::Plain)),
                value => match long_tables(value)? {
                    Some(items) => tables.push((key, items, Header::Item)),
                    None => literals.push((key, literal(value, 0)?)),
                },
            }
        }
        let mut is_begun = false;
        let is_named = !name.is_empty() && (!literals.is_empty() || tables.is_empty());
        if is_named || header == Header::Item {
            is_begun = true;
            self.out.push_str(&match header {
                Header::Plain => format!("[{name}]\n"),
                Header::Item => format!("[[{name}]]\n"),
            });
        }
        for (key, text) in literals {
            is_begun = true;
            self.out.push_str(&format!("{key} = {text}\n"));
        }
        for (key, items, header) in tables {
            let name = if name.is_empty() { key } else { format!("{name}.{key}") };
            for item in items {
                if std::mem::replace(&mut is_begun, true) {
                    self.out.push('\n');
                }
                self.table(&name, item, header)?;
            }
        }
        Ok(())
    }
}

/// The dicts of a list that is all dicts, when one of them is too long for a line.
fn long_tables(value: &Value) -> Result<Option<Vec<&Dict>>, String> {
    let Value::List(items) = value else { return Ok(None) };
    let dicts: Option<Vec<&Dict>> = items.iter().map(Value::as_dict).collect();
    let Some(dicts) = dicts.filter(|dicts| !dicts.is_empty()) else { return Ok(None) };
    for dict in &dicts {
        let line = format!("{INDENT}{},", inline(dict)?);
        if line.chars().count() > WIDEST || line.contains('\n') {
            return Ok(Some(dicts));
        }
    }
    Ok(None)
}

fn inline(dict: &Dict) -> Result<String, String> {
    let entry = |(key, value): (&nafal_base::Key, &Value)| {
        Ok(format!("{} = {}", written_key(&key.value().to_text()), literal(value, 0)?))
    };
    let entries: Vec<String> = dict.iter().map(entry).collect::<Result<_, String>>()?;
    Ok(if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) })
}

fn literal(value: &Value, depth: usize) -> Result<String, String> {
    match value {
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Int(_) | Value::Big(_) | Value::Float(_) => Ok(value.to_text().into_owned()),
        Value::Str(text) if text.is_vault() => Err(unwritable("EncryptedString")),
        Value::Str(text) => Ok(quoted(text)),
        Value::List(items) | Value::Tuple(items) => {
            if items.is_empty() {
                return Ok("[]".to_owned());
            }
            let mut text = "[\n".to_owned();
            for item in items {
                let inside = literal(item, depth + 1)?;
                text.push_str(&format!("{}{inside},\n", INDENT.repeat(depth + 1)));
            }
            Ok(text + &INDENT.repeat(depth) + "]")
        }
        Value::Dict(dict) => inline(dict),
        Value::Obj(_) => match value.type_name() {
            "date" | "datetime" | "time" => Ok(value.to_text().into_owned()),
            other => Err(unwritable(other)),
        },
        other => Err(unwritable(other.type_name())),
    }
}

fn unwritable(kind: &str) -> String {
    format!("Object of type '{kind}' is not TOML serializable")
}

fn written_key(key: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !key.is_empty() && key.chars().all(is_plain) { key.to_owned() } else { quoted(key) }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\t' => out.push('\t'),
            c if c.is_ascii_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(entries: &[(&str, Value)], expected: &str) {
        let dict: Dict = entries.iter().map(|(key, value)| (*key, value.clone())).collect();
        assert_eq!(to_toml(&dict).unwrap(), expected);
    }

    fn dict(entries: &[(&str, Value)]) -> Value {
        Value::Dict(entries.iter().map(|(key, value)| (*key, value.clone())).collect())
    }

    #[test]
    fn tables_come_last() {
        let inner = dict(&[("b", Value::from(1)), ("c d", Value::from("x\"\t\u{1}"))]);
        check(
            &[("t", inner), ("a", Value::from(1.0))],
            "a = 1.0\n\n[t]\nb = 1\n\"c d\" = \"x\\\"\t\\u0001\"\n",
        );
        check(&[("t", dict(&[("u", dict(&[]))]))], "[t.u]\n");
    }

    #[test]
    fn lists() {
        let short = Value::from(vec![dict(&[("x", Value::from(1))]), dict(&[])]);
        check(&[("l", short)], "l = [\n    { x = 1 },\n    {},\n]\n");
        let long = dict(&[("x", Value::from("y".repeat(90)))]);
        let expected = format!("[[l]]\nx = \"{}\"\n", "y".repeat(90));
        check(&[("l", Value::from(vec![long]))], &expected);
        let nested = Value::from(vec![Value::from(vec![Value::from(1)])]);
        check(&[("l", nested)], "l = [\n    [\n        1,\n    ],\n]\n");
    }

    #[test]
    fn nothing_is_no_toml() {
        let none: Dict = [("n", Value::None)].into_iter().collect();
        assert_eq!(
            to_toml(&none).unwrap_err(),
            "Object of type 'NoneType' is not TOML serializable"
        );
    }
}
