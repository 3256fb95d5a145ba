//! `str()` and `repr()` as Python prints them.

use std::borrow::Cow;
use std::fmt::{self, Write};

use super::{Dict, List, Value};

/// Python's `repr` of a float: the shortest digits that read back, exponent from 1e16 and 1e-5 on.
pub fn float_repr(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let plain = format!("{number}");
        return if plain.contains('.') { plain } else { plain + ".0" };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// Whether Python's `str.isprintable` would say no: controls, separators other than the space, format
/// characters, surrogates, private use and what isn't assigned.
fn is_unprintable(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    // The standard library's table has the same categories, but is only asked through `escape_debug`,
    // which escapes a combining mark too where it has no letter before it.
    let mut text = [b'a', 0, 0, 0, 0];
    let length = c.encode_utf8(&mut text[1..]).len();
    std::str::from_utf8(&text[..=length]).is_ok_and(|text| text.escape_debug().count() > 2)
}

/// Python's `repr` of a string.
pub fn string_repr(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if is_unprintable(c) => push_escape(&mut out, c),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

fn push_escape(out: &mut String, c: char) {
    let code = u32::from(c);
    // Writing to a String can't fail.
    let _ = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
}

fn bytes_repr(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 3);
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    out.push('b');
    out.push(quote);
    for &byte in bytes {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            byte if char::from(byte) == quote => {
                out.push('\\');
                out.push(quote);
            }
            0x20..=0x7e => out.push(char::from(byte)),
            byte => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push(quote);
    out
}

fn write_items(out: &mut String, items: &List) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        item.write_repr(out);
    }
}

fn write_dict(out: &mut String, dict: &Dict) {
    out.push('{');
    for (index, (key, value)) in dict.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        key.value().write_repr(out);
        out.push_str(": ");
        value.write_repr(out);
    }
    out.push('}');
}

impl Value {
    /// Python's `str(x)`, borrowed where it can be.
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            Value::Str(text) => Cow::Borrowed(text),
            Value::None => Cow::Borrowed("None"),
            Value::Bool(true) => Cow::Borrowed("True"),
            Value::Bool(false) => Cow::Borrowed("False"),
            Value::Obj(object) => Cow::Owned(object.to_text()),
            Value::Omit => Cow::Borrowed("<<Omit>>"),
            other => Cow::Owned(other.repr()),
        }
    }

    /// Python's `repr(x)`.
    pub fn repr(&self) -> String {
        let mut out = String::new();
        self.write_repr(&mut out);
        out
    }

    fn write_repr(&self, out: &mut String) {
        match self {
            Value::Str(text) => out.push_str(&string_repr(text)),
            Value::Int(number) => {
                let _ = write!(out, "{number}");
            }
            Value::Big(number) => out.push_str(&number.to_string()),
            Value::Float(number) => out.push_str(&float_repr(*number)),
            Value::Bytes(bytes) => out.push_str(&bytes_repr(bytes)),
            Value::List(items) => {
                out.push('[');
                write_items(out, items);
                out.push(']');
            }
            Value::Tuple(items) => {
                out.push('(');
                write_items(out, items);
                out.push_str(if items.len() == 1 { ",)" } else { ")" });
            }
            Value::Dict(dict) => write_dict(out, dict),
            Value::Range(range) => {
                let _ = match range.step {
                    1 => write!(out, "range({}, {})", range.start, range.stop),
                    step => write!(out, "range({}, {}, {step})", range.start, range.stop),
                };
            }
            Value::Undef(_) => out.push_str("Undefined"),
            Value::Obj(object) => out.push_str(&object.repr()),
            Value::None | Value::Bool(_) | Value::Omit => out.push_str(&self.to_text()),
        }
    }
}

impl fmt::Debug for Dict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().map(|(key, value)| (key.value(), value))).finish()
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats() {
        for (number, text) in [
            (1.0, "1.0"),
            (0.1, "0.1"),
            (1e16, "1e+16"),
            (123_456_789_012_345.6, "123456789012345.6"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (-1.5e300, "-1.5e+300"),
        ] {
            assert_eq!(float_repr(number), text);
        }
    }

    #[test]
    fn strings_and_containers() {
        assert_eq!(string_repr("it's"), "\"it's\"");
        assert_eq!(string_repr("a\n\u{1}\\"), "'a\\n\\x01\\\\'");
        assert_eq!(string_repr("e\u{301}\u{e9}\u{4e00}"), "'e\u{301}\u{e9}\u{4e00}'");
        assert_eq!(string_repr("\u{7f}\u{a0}\u{200b}\u{d7ff}"), "'\\x7f\\xa0\\u200b\\ud7ff'");
        let value = Value::Tuple(List::from(vec![Value::Bool(true)]));
        assert_eq!(value.repr(), "(True,)");
        let dict: Dict = [("a", Value::from("b"))].into_iter().collect();
        assert_eq!(Value::Dict(dict).to_text(), "{'a': 'b'}");
    }
}
