//! What an unquoted scalar is: YAML 1.1's rules as PyYAML's safe loader has them (`yes` is a
//! bool, `010` is 8, `1:30` is 90). Must not know tags or places.

use nafal_base::Value;
use num_bigint::BigInt;

use super::date;

/// What the text of a plain scalar stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plain {
    Text,
    Null,
    Bool,
    Int,
    Float,
    Timestamp,
    /// `<<`
    Merge,
    /// `=`
    Equals,
}

/// Which kind `text` is.
pub(super) fn plain(text: &str) -> Plain {
    let Some(first) = text.bytes().next() else {
        return Plain::Null;
    };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => word(text),
        b'<' if text == "<<" => Plain::Merge,
        b'=' if text == "=" => Plain::Equals,
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(text),
        _ => Plain::Text,
    }
}

fn word(text: &str) -> Plain {
    match text {
        "~" | "null" | "Null" | "NULL" => Plain::Null,
        "yes" | "Yes" | "YES" | "no" | "No" | "NO" | "true" | "True" | "TRUE" | "false"
        | "False" | "FALSE" | "on" | "On" | "ON" | "off" | "Off" | "OFF" => Plain::Bool,
        _ => Plain::Text,
    }
}

fn number(text: &str) -> Plain {
    if is_float(text) {
        Plain::Float
    } else if is_int(text) {
        Plain::Int
    } else if date::is_timestamp(text) {
        Plain::Timestamp
    } else {
        Plain::Text
    }
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn all(text: &str, accept: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(accept)
}

fn digits_(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b == b'_')
}

fn is_int(text: &str) -> bool {
    let body = unsigned(text);
    if let Some(binary) = body.strip_prefix("0b") {
        return all(binary, |b| matches!(b, b'0' | b'1' | b'_'));
    }
    if let Some(hex) = body.strip_prefix("0x") {
        return all(hex, |b| b.is_ascii_hexdigit() || b == b'_');
    }
    match body.as_bytes() {
        [b'0'] => true,
        [b'0', rest @ ..] => rest.iter().all(|b| matches!(b, b'0'..=b'7' | b'_')),
        [b'1'..=b'9', ..] => match body.split_once(':') {
            Some((head, tail)) => digits_(head) && tail.split(':').all(is_sixty),
            None => digits_(body),
        },
        _ => false,
    }
}

/// One part of a sexagesimal number: `[0-5]?[0-9]`.
fn is_sixty(part: &str) -> bool {
    match part.as_bytes() {
        [b] => b.is_ascii_digit(),
        [a, b] => matches!(a, b'0'..=b'5') && b.is_ascii_digit(),
        _ => false,
    }
}

fn is_float(text: &str) -> bool {
    if matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let body = unsigned(text);
    if matches!(body, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    if let Some(fraction) = text.strip_prefix('.') {
        let (digits, exponent) = split_exponent(fraction);
        return digits.starts_with(|c: char| c.is_ascii_digit()) && digits_(digits) && exponent;
    }
    let Some((whole, fraction)) = body.split_once('.') else {
        return false;
    };
    if !whole.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    if let Some((head, tail)) = whole.split_once(':') {
        return digits_(head) && tail.split(':').all(is_sixty) && digits_(fraction);
    }
    let (digits, exponent) = split_exponent(fraction);
    digits_(whole) && digits_(digits) && exponent
}

/// The part before an exponent, and whether the exponent is right (its sign is a must).
fn split_exponent(text: &str) -> (&str, bool) {
    let Some((digits, exponent)) = text.split_once(['e', 'E']) else {
        return (text, true);
    };
    let right =
        exponent.strip_prefix(['+', '-']).is_some_and(|digits| all(digits, |b| b.is_ascii_digit()));
    (digits, right)
}

/// The value of `text` as that kind, or Python's words for why it has none.
pub(super) fn value(kind: Plain, text: &str) -> Result<Value, String> {
    match kind {
        Plain::Null => Ok(Value::None),
        Plain::Bool => boolean(text),
        Plain::Int => int(text),
        Plain::Float => float(text),
        Plain::Timestamp => date::timestamp(text),
        Plain::Text | Plain::Merge | Plain::Equals => Ok(Value::text(text)),
    }
}

fn boolean(text: &str) -> Result<Value, String> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "true" | "on" => Ok(Value::Bool(true)),
        "no" | "false" | "off" => Ok(Value::Bool(false)),
        lower => Err(format!("'{lower}'")),
    }
}

fn int(text: &str) -> Result<Value, String> {
    let clean = text.replace('_', "");
    let (sign, body) = match clean.as_bytes() {
        [b'-', ..] => (-1, &clean[1..]),
        [b'+', ..] => (1, &clean[1..]),
        _ => (1, clean.as_str()),
    };
    let (digits, base) = if body == "0" {
        return Ok(Value::Int(0));
    } else if let Some(binary) = body.strip_prefix("0b") {
        (binary, 2)
    } else if let Some(hex) = body.strip_prefix("0x") {
        (hex, 16)
    } else if body.starts_with('0') {
        (body, 8)
    } else if body.contains(':') {
        return sexagesimal(body, sign);
    } else {
        (body, 10)
    };
    if digits.starts_with(['+', '-']) {
        return Err(invalid_int(digits, base));
    }
    if let Ok(small) = i64::from_str_radix(digits, base) {
        return Ok(Value::Int(small * sign));
    }
    match BigInt::parse_bytes(digits.as_bytes(), base) {
        Some(number) => Ok(Value::from_big(number * sign)),
        None => Err(invalid_int(digits, base)),
    }
}

fn invalid_int(digits: &str, base: u32) -> String {
    format!("invalid literal for int() with base {base}: '{digits}'")
}

fn sexagesimal(body: &str, sign: i64) -> Result<Value, String> {
    let mut number = BigInt::from(0);
    for part in body.split(':') {
        let part: BigInt = part.parse().map_err(|_| invalid_int(part, 10))?;
        number = number * 60 + part;
    }
    Ok(Value::from_big(number * sign))
}

fn float(text: &str) -> Result<Value, String> {
    let clean = text.replace('_', "").to_ascii_lowercase();
    let (sign, body) = match clean.as_bytes() {
        [b'-', ..] => (-1.0, &clean[1..]),
        [b'+', ..] => (1.0, &clean[1..]),
        _ => (1.0, clean.as_str()),
    };
    let parse = |part: &str| {
        part.parse::<f64>().map_err(|_| format!("could not convert string to float: '{part}'"))
    };
    let number = match body {
        ".inf" => f64::INFINITY,
        ".nan" => return Ok(Value::Float(f64::NAN)),
        body if body.contains(':') => {
            let mut number = 0.0;
            for part in body.split(':') {
                number = number * 60.0 + parse(part)?;
            }
            number
        }
        body => parse(body)?,
    };
    Ok(Value::Float(sign * number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let kind = plain(text);
        let shown = match value(kind, text) {
            Ok(value) if kind != Plain::Text => format!("{} {}", value.type_name(), value.repr()),
            Ok(_) => "text".to_owned(),
            Err(error) => error,
        };
        assert_eq!(shown, expect, "{text}");
    }

    #[test]
    fn as_pyyaml() {
        check("", "NoneType None");
        check("~", "NoneType None");
        check("yes", "bool True");
        check("OFF", "bool False");
        check("y", "text");
        check("010", "int 8");
        check("08", "text");
        check("0o10", "text");
        check("0x_1F", "int 31");
        check("0b1_1", "int 3");
        check("1_000", "int 1000");
        check("-12:30:45", "int -45045");
        check("12:60", "text");
        check("99999999999999999999", "int 99999999999999999999");
        check("-9223372036854775808", "int -9223372036854775808");
        check("1.", "float 1.0");
        check("1e3", "text");
        check("1.0e3", "text");
        check("1.0e+3", "float 1000.0");
        check(".5", "float 0.5");
        check("-.5", "text");
        check("1:30.5", "float 90.5");
        check("-.INF", "float -inf");
        check(".", "text");
        check("1.2.3", "text");
        check("-", "text");
        check("+1", "int 1");
        check("_1", "text");
        check("0_", "int 0");
    }
}
