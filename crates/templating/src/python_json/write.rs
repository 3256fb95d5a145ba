//! `json.dumps` with its options.

use std::borrow::Cow;
use std::fmt::Write;

use indexmap::IndexMap;
use nafal_base::Value;
use nafal_base::value::float_repr;

/// How to write.
#[derive(Clone, Debug)]
pub struct Layout {
    /// What a level is indented by; one line when None.
    pub indent: Option<String>,
    /// What stands between items, and between a key and its value.
    pub separators: (String, String),
    /// Whether keys are sorted.
    pub sort_keys: bool,
    /// Whether other characters than ASCII's are escaped.
    pub ensure_ascii: bool,
}

impl Layout {
    /// Python's defaults for this indentation.
    pub fn new(indent: Option<String>) -> Layout {
        let item = if indent.is_some() { "," } else { ", " };
        Layout {
            indent,
            separators: (item.to_owned(), ": ".to_owned()),
            sort_keys: false,
            ensure_ascii: true,
        }
    }
}

/// Writes a value. Undefined is the caller's business.
pub fn write(value: &Value, layout: &Layout) -> Result<String, String> {
    let mut out = String::new();
    put(&mut out, value, layout, 0)?;
    Ok(out)
}

fn put(out: &mut String, value: &Value, layout: &Layout, depth: usize) -> Result<(), String> {
    match value {
        Value::None => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Int(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Big(number) => out.push_str(&number.to_string()),
        Value::Float(number) => out.push_str(&float(*number)),
        Value::Str(text) => string(out, text, layout.ensure_ascii),
        Value::Bytes(bytes) => string(out, &String::from_utf8_lossy(bytes), layout.ensure_ascii),
        Value::List(items) | Value::Tuple(items) => list(out, items, layout, depth)?,
        Value::Range(range) => {
            let items: Vec<Value> = range.iter().map(Value::Int).collect();
            list(out, &items, layout, depth)?;
        }
        Value::Dict(dict) => {
            // Keys that are the same as text become one, as in stock, before they are sorted.
            let mut entries: IndexMap<Cow<'_, str>, &Value> = IndexMap::with_capacity(dict.len());
            for (name, value) in dict {
                entries.insert(key(name.value())?, value);
            }
            if layout.sort_keys {
                entries.sort_keys();
            }
            let length = entries.len();
            brackets(out, ('{', '}'), length, (layout, depth), |out, index| {
                let Some((name, value)) = entries.get_index(index) else {
                    return Ok(());
                };
                string(out, name, layout.ensure_ascii);
                out.push_str(&layout.separators.1);
                put(out, value, layout, depth + 1)
            })?;
        }
        Value::Obj(object) => match (nafal_base::dates::iso_text(value), object.to_data()) {
            (Some(text), _) => string(out, &text, layout.ensure_ascii),
            (None, Some(data)) => put(out, &data, layout, depth)?,
            (None, None) => return Err(unserializable(value)),
        },
        Value::Undef(undefined) => return Err(undefined.message()),
        Value::Omit => return Err(unserializable(value)),
    }
    Ok(())
}

fn unserializable(value: &Value) -> String {
    format!(
        "Object of type '{}' is not JSON serializable by the 'tagless' profile.",
        if matches!(value, Value::Omit) { "_OmitType" } else { value.type_name() }
    )
}

fn list(out: &mut String, items: &[Value], layout: &Layout, depth: usize) -> Result<(), String> {
    brackets(out, ('[', ']'), items.len(), (layout, depth), |out, index| {
        put(out, &items[index], layout, depth + 1)
    })
}

fn brackets(
    out: &mut String,
    (open, close): (char, char),
    length: usize,
    (layout, depth): (&Layout, usize),
    mut item: impl FnMut(&mut String, usize) -> Result<(), String>,
) -> Result<(), String> {
    out.push(open);
    for index in 0..length {
        if index > 0 {
            out.push_str(&layout.separators.0);
        }
        if let Some(indent) = &layout.indent {
            out.push('\n');
            out.push_str(&indent.repeat(depth + 1));
        }
        item(out, index)?;
    }
    if let (Some(indent), true) = (&layout.indent, length > 0) {
        out.push('\n');
        out.push_str(&indent.repeat(depth));
    }
    out.push(close);
    Ok(())
}

fn key(value: &Value) -> Result<Cow<'_, str>, String> {
    Ok(match value {
        Value::Str(text) => Cow::Borrowed(text.as_str()),
        Value::None => Cow::Borrowed("null"),
        Value::Bool(flag) => Cow::Borrowed(if *flag { "true" } else { "false" }),
        Value::Float(number) => Cow::Owned(float(*number)),
        Value::Int(_) | Value::Big(_) => Cow::Owned(value.repr()),
        other => {
            return Err(format!(
                "Key of type '{}' is not JSON serializable by the 'tagless' profile.",
                other.type_name()
            ));
        }
    })
}

fn float(number: f64) -> String {
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else {
        float_repr(number)
    }
}

fn string(out: &mut String, text: &str, ensure_ascii: bool) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' || (ensure_ascii && !(' '..='~').contains(&c)) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_as_python() {
        let value = super::super::read("{\"b\": [1, \"é😀\\u0001\"], \"a\": {}}").unwrap();
        assert_eq!(
            write(&value, &Layout::new(None)).unwrap(),
            "{\"b\": [1, \"\\u00e9\\ud83d\\ude00\\u0001\"], \"a\": {}}"
        );
        let nice = Layout { sort_keys: true, ..Layout::new(Some("    ".to_owned())) };
        assert_eq!(
            write(&value, &nice).unwrap(),
            "{\n    \"a\": {},\n    \"b\": [\n        1,\n        \"\\u00e9\\ud83d\\ude00\\u0001\"\n    ]\n}"
        );
    }
}
