//! JSON as Python's `json.dumps` writes it.

use std::fmt::Write;

use super::{Value, float_repr};

/// Whether characters beyond ASCII are written as `\uXXXX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Characters {
    /// `ensure_ascii=True`.
    Ascii,
    /// As they are.
    Unicode,
}

/// Whether keys are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyOrder {
    /// As inserted.
    Kept,
    /// By their text.
    Sorted,
}

/// How to write.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Spaces a level, or None for one line.
    pub indent: Option<usize>,
    /// Which characters.
    pub characters: Characters,
    /// Which order.
    pub keys: KeyOrder,
    /// What stands between items on one line (`", "`), and after a key (`": "`).
    pub separators: (&'static str, &'static str),
}

impl Style {
    /// `json.dumps(x)`.
    pub const LINE: Style = Style {
        indent: None,
        characters: Characters::Ascii,
        keys: KeyOrder::Kept,
        separators: (", ", ": "),
    };

    /// `json.dumps(x, indent=n)`.
    pub const fn indented(indent: usize) -> Style {
        Style { indent: Some(indent), separators: (",", ": "), ..Style::LINE }
    }

    /// The same with sorted keys.
    #[must_use]
    pub const fn sorted(self) -> Style {
        Style { keys: KeyOrder::Sorted, ..self }
    }

    /// The same with characters as they are.
    #[must_use]
    pub const fn unicode(self) -> Style {
        Style { characters: Characters::Unicode, ..self }
    }
}

/// The value as JSON. What JSON can't say is written as its text (bytes as UTF-8, objects as
/// their data), so that a result can always be shown.
pub fn to_json(value: &Value, style: Style) -> String {
    let mut out = String::new();
    write_value(&mut out, value, style, 0);
    out
}

fn write_value(out: &mut String, value: &Value, style: Style, depth: usize) {
    match value {
        Value::None => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Int(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Big(number) => out.push_str(&number.to_string()),
        Value::Float(number) => out.push_str(&float_json(*number)),
        Value::Str(text) => write_string(out, text, style.characters),
        Value::Bytes(bytes) => write_string(out, &String::from_utf8_lossy(bytes), style.characters),
        Value::List(items) | Value::Tuple(items) => {
            write_block(out, style, depth, ('[', ']'), items.len(), |out, index| {
                if let Some(item) = items.get(index) {
                    write_value(out, item, style, depth + 1);
                }
            });
        }
        Value::Dict(dict) => {
            let mut entries: Vec<_> =
                dict.iter().map(|(key, value)| (key_text(key.value()), value)).collect();
            if style.keys == KeyOrder::Sorted {
                entries.sort_by(|a, b| a.0.cmp(&b.0));
            }
            write_block(out, style, depth, ('{', '}'), entries.len(), |out, index| {
                if let Some((key, value)) = entries.get(index) {
                    write_string(out, key, style.characters);
                    out.push_str(style.separators.1);
                    write_value(out, value, style, depth + 1);
                }
            });
        }
        // Dates are data themselves; JSON has only their text.
        Value::Obj(object) => match (crate::dates::iso_text(value), object.to_data()) {
            (Some(text), _) => write_string(out, &text, style.characters),
            (None, Some(data)) => write_value(out, &data, style, depth),
            (None, None) => write_string(out, &object.to_text(), style.characters),
        },
        Value::Range(range) => {
            let items = range.iter().map(Value::Int).collect();
            write_value(out, &Value::List(items), style, depth);
        }
        Value::Undef(undefined) => write_string(out, &undefined.message(), style.characters),
        Value::Omit => write_string(out, "<<Omit>>", style.characters),
    }
}

fn float_json(number: f64) -> String {
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else {
        float_repr(number)
    }
}

/// A key as `json.dumps` coerces it.
fn key_text(key: &Value) -> std::borrow::Cow<'_, str> {
    match key {
        Value::None => "null".into(),
        Value::Bool(true) => "true".into(),
        Value::Bool(false) => "false".into(),
        other => other.to_text(),
    }
}

fn write_block(
    out: &mut String,
    style: Style,
    depth: usize,
    brackets: (char, char),
    length: usize,
    item: impl Fn(&mut String, usize),
) {
    out.push(brackets.0);
    for index in 0..length {
        if index > 0 {
            out.push_str(style.separators.0);
        }
        if let Some(indent) = style.indent {
            new_line(out, indent * (depth + 1));
        }
        item(out, index);
    }
    if let (Some(indent), true) = (style.indent, length > 0) {
        new_line(out, indent * depth);
    }
    out.push(brackets.1);
}

fn new_line(out: &mut String, spaces: usize) {
    const SPACES: &str = "                                                                ";
    out.push('\n');
    let mut left = spaces;
    while let Some(rest) = left.checked_sub(SPACES.len()) {
        out.push_str(SPACES);
        left = rest;
    }
    out.push_str(SPACES.get(..left).unwrap_or_default());
}

/// Whether a byte of a text stands for itself, or is part of a character that does.
fn is_plain(byte: u8, characters: Characters) -> bool {
    match byte {
        b'"' | b'\\' => false,
        b' '..=b'~' => true,
        // Python leaves DEL alone only where it leaves everything.
        0x7f.. => characters == Characters::Unicode,
        _ => false,
    }
}

fn write_string(out: &mut String, text: &str, characters: Characters) {
    out.push('"');
    // Nearly every text is written in one piece.
    if text.bytes().all(|byte| is_plain(byte, characters)) {
        out.push_str(text);
        out.push('"');
        return;
    }
    let mut units = [0_u16; 2];
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' || (characters == Characters::Ascii && c > '~') => {
                for unit in c.encode_utf16(&mut units) {
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
    fn as_python_writes() {
        let value: Value = serde_json::from_str(r#"{"b":[1,{}],"a":"é\u0001"}"#).unwrap();
        assert_eq!(to_json(&value, Style::LINE), r#"{"b": [1, {}], "a": "\u00e9\u0001"}"#);
        assert_eq!(
            to_json(&value, Style::indented(4).sorted().unicode()),
            "{\n    \"a\": \"é\\u0001\",\n    \"b\": [\n        1,\n        {}\n    ]\n}"
        );
        let odd = Value::text("a\"b\\c\u{7f}é\n");
        assert_eq!(to_json(&odd, Style::LINE), r#""a\"b\\c\u007f\u00e9\n""#);
        assert_eq!(to_json(&odd, Style::LINE.unicode()), "\"a\\\"b\\\\c\u{7f}é\\n\"");
        assert_eq!(to_json(&Value::text("é\u{7f}"), Style::LINE.unicode()), "\"é\u{7f}\"");
        let deep = to_json(&Value::from(vec![Value::from(1)]), Style::indented(150));
        assert_eq!(deep, format!("[\n{}1\n]", " ".repeat(150)));
    }
}
