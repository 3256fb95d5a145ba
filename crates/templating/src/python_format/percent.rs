//! `'%s' % values`, as Python formats. Knows values and text only.

use nafal_base::Value;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed};

/// What stands between `%` and its letter.
#[derive(Clone, Debug, Default)]
struct Piece {
    left: bool,
    sign: bool,
    space: bool,
    zero: bool,
    alternate: bool,
    width: usize,
    precision: Option<usize>,
}

/// Where the values come from: one after the other, or by name.
struct Values<'a> {
    all: &'a Value,
    items: Option<&'a [Value]>,
    next: usize,
    named: bool,
}

impl<'a> Values<'a> {
    fn next(&mut self) -> Result<&'a Value, String> {
        let index = self.next;
        self.next += 1;
        match self.items {
            Some(items) => items.get(index),
            None if index == 0 => Some(self.all),
            None => None,
        }
        .ok_or_else(|| "not enough arguments for format string".to_owned())
    }

    fn by_name(&mut self, name: &str) -> Result<&'a Value, String> {
        self.named = true;
        let Value::Dict(dict) = self.all else {
            return Err("format requires a mapping".to_owned());
        };
        dict.get(name).ok_or_else(|| nafal_base::value::string_repr(name))
    }
}

/// `template % values`: a tuple holds the values, a dict those with names, anything else is one.
pub fn format(template: &str, values: &Value) -> Result<String, String> {
    let items = match values {
        Value::Tuple(items) => Some(&**items),
        _ => None,
    };
    let mut values = Values { all: values, items, next: 0, named: false };
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let offset = template.len() - rest.len() + at;
        rest = format_one(&rest[at + 1..], offset, template, &mut values, &mut out)?;
    }
    out.push_str(rest);
    let unused = match values.items {
        Some(items) => values.next < items.len(),
        // A mapping or another single value may stay unused only when it could be a mapping.
        None => {
            !values.named
                && values.next == 0
                && !matches!(values.all, Value::Dict(_) | Value::List(_))
        }
    };
    if unused {
        Err("not all arguments converted during string formatting".to_owned())
    } else {
        Ok(out)
    }
}

fn format_one<'t>(
    text: &'t str,
    offset: usize,
    template: &str,
    values: &mut Values<'_>,
    out: &mut String,
) -> Result<&'t str, String> {
    let mut rest = text;
    let mut named = None;
    if let Some(inner) = rest.strip_prefix('(') {
        let end = closing(inner).ok_or_else(|| "incomplete format key".to_owned())?;
        named = Some(values.by_name(&inner[..end])?);
        rest = &inner[end + 1..];
    }
    let mut piece = Piece::default();
    loop {
        match rest.chars().next() {
            Some('-') => piece.left = true,
            Some('+') => piece.sign = true,
            Some(' ') => piece.space = true,
            Some('0') => piece.zero = true,
            Some('#') => piece.alternate = true,
            _ => break,
        }
        rest = &rest[1..];
    }
    let width = number(&mut rest, values)?;
    if width.is_some_and(|width| width < 0) {
        piece.left = true;
    }
    piece.width = usize::try_from(width.unwrap_or(0).unsigned_abs()).unwrap_or(0);
    if let Some(after) = rest.strip_prefix('.') {
        rest = after;
        let precision = number(&mut rest, values)?.unwrap_or(0);
        piece.precision = Some(usize::try_from(precision).unwrap_or(0));
    }
    rest = rest.trim_start_matches(['h', 'l', 'L']);
    let Some(letter) = rest.chars().next() else {
        return Err("incomplete format".to_owned());
    };
    let after = &rest[letter.len_utf8()..];
    if letter == '%' {
        out.push('%');
        return Ok(after);
    }
    if !"diouxXeEfFgGcrsa".contains(letter) {
        let index = template[..offset + 1 + (text.len() - rest.len())].chars().count();
        return Err(format!(
            "unsupported format character '{letter}' (0x{:x}) at index {index}",
            u32::from(letter)
        ));
    }
    let value = match named {
        Some(value) => value,
        None => values.next()?,
    };
    if let Value::Undef(undefined) = value {
        return Err(undefined.message());
    }
    out.push_str(&convert(letter, &piece, value)?);
    Ok(after)
}

/// The parenthesis that closes, counting those inside.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (index, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(index),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn number(rest: &mut &str, values: &mut Values<'_>) -> Result<Option<i64>, String> {
    if let Some(after) = rest.strip_prefix('*') {
        *rest = after;
        return values.next()?.as_int().map(Some).ok_or_else(|| "* wants int".to_owned());
    }
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits == 0 {
        return Ok(None);
    }
    let parsed = rest[..digits].parse().map_err(|_| "width too big".to_owned())?;
    *rest = &rest[digits..];
    Ok(Some(parsed))
}

fn convert(letter: char, piece: &Piece, value: &Value) -> Result<String, String> {
    match letter {
        's' => Ok(pad_text(&cut(&value.to_text(), piece.precision), piece)),
        'r' | 'a' => Ok(pad_text(&cut(&value.repr(), piece.precision), piece)),
        'c' => character(value).map(|c| pad_text(&c.to_string(), piece)),
        'd' | 'i' | 'u' => {
            let number = integer(value).ok_or_else(|| {
                format!("%{letter} format: a real number is required, not {}", value.type_name())
            })?;
            Ok(pad_number(number.is_negative(), "", &digits(&number, 10, piece), piece))
        }
        'o' | 'x' | 'X' => {
            let number = exact_integer(value).ok_or_else(|| {
                format!("%{letter} format: an integer is required, not {}", value.type_name())
            })?;
            let (radix, prefix) = if letter == 'o' { (8, "0o") } else { (16, "0x") };
            let prefix = if piece.alternate { prefix } else { "" };
            let text =
                pad_number(number.is_negative(), prefix, &digits(&number, radix, piece), piece);
            Ok(if letter == 'X' { text.to_uppercase() } else { text })
        }
        _ => {
            let number = real(value)
                .ok_or_else(|| format!("must be real number, not {}", value.type_name()))?;
            let precision = piece.precision.unwrap_or(6);
            let body = float_text(number.abs(), letter, precision, piece.alternate);
            Ok(pad_number(number.is_sign_negative() && !number.is_nan(), "", &body, piece))
        }
    }
}

fn cut(text: &str, precision: Option<usize>) -> String {
    match precision {
        Some(precision) => text.chars().take(precision).collect(),
        None => text.to_owned(),
    }
}

fn pad_text(text: &str, piece: &Piece) -> String {
    let pad = " ".repeat(piece.width.saturating_sub(text.chars().count()));
    if piece.left { format!("{text}{pad}") } else { format!("{pad}{text}") }
}

fn pad_number(negative: bool, prefix: &str, body: &str, piece: &Piece) -> String {
    let sign = match (negative, piece.sign, piece.space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    };
    let pad = piece.width.saturating_sub(sign.len() + prefix.len() + body.len());
    if piece.left {
        format!("{sign}{prefix}{body}{}", " ".repeat(pad))
    } else if piece.zero {
        format!("{sign}{prefix}{}{body}", "0".repeat(pad))
    } else {
        format!("{}{sign}{prefix}{body}", " ".repeat(pad))
    }
}

fn digits(number: &BigInt, radix: u32, piece: &Piece) -> String {
    let text = number.abs().to_str_radix(radix);
    let missing = piece.precision.unwrap_or(0).saturating_sub(text.len());
    "0".repeat(missing) + &text
}

fn exact_integer(value: &Value) -> Option<BigInt> {
    match value {
        Value::Big(number) => Some((**number).clone()),
        value => value.as_int().map(BigInt::from),
    }
}

fn integer(value: &Value) -> Option<BigInt> {
    match value {
        Value::Float(number) => BigInt::from_f64(number.trunc()),
        value => exact_integer(value),
    }
}

fn real(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(*number),
        value => exact_integer(value).and_then(|number| number.to_string().parse().ok()),
    }
}

fn character(value: &Value) -> Result<char, String> {
    match value {
        Value::Str(text) if text.chars().count() == 1 => {
            text.chars().next().ok_or_else(|| "%c requires int or char".to_owned())
        }
        value => value
            .as_int()
            .ok_or_else(|| "%c requires an int or a unicode character, not str".to_owned())
            .and_then(|code| {
                u32::try_from(code)
                    .ok()
                    .and_then(char::from_u32)
                    .ok_or_else(|| "%c arg not in range(0x110000)".to_owned())
            }),
    }
}

/// A float that isn't negative, as C's printf writes it for `letter`.
pub fn float_text(number: f64, letter: char, precision: usize, alternate: bool) -> String {
    if !number.is_finite() {
        let text = if number.is_nan() { "nan" } else { "inf" };
        return if letter.is_ascii_uppercase() { text.to_uppercase() } else { text.to_owned() };
    }
    match letter {
        'f' | 'F' => format!("{number:.precision$}"),
        'e' => exponent_text(number, precision),
        'E' => exponent_text(number, precision).to_uppercase(),
        _ => {
            let text = general_text(number, precision.max(1), alternate);
            if letter == 'G' { text.to_uppercase() } else { text }
        }
    }
}

fn exponent_text(number: f64, precision: usize) -> String {
    let text = format!("{number:.precision$e}");
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let exponent: i32 = exponent.parse().unwrap_or(0);
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.abs())
        }
        None => text,
    }
}

fn general_text(number: f64, precision: usize, alternate: bool) -> String {
    let scientific = exponent_text(number, precision - 1);
    let exponent: i64 = scientific.split_once('e').and_then(|(_, e)| e.parse().ok()).unwrap_or(0);
    let precision = precision as i64;
    let trim = |digits: &str| {
        if alternate || !digits.contains('.') {
            digits.to_owned()
        } else {
            digits.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    };
    if exponent < -4 || exponent >= precision {
        let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "+00"));
        return format!("{}e{exponent}", trim(digits));
    }
    let decimals = usize::try_from(precision - 1 - exponent).unwrap_or(0);
    trim(&format!("{number:.decimals$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(template: &str, value: impl Into<Value>) -> String {
        format(template, &value.into()).unwrap_or_else(|error| error)
    }

    #[test]
    fn formats_as_python() {
        assert_eq!(one("%05d|", 42), "00042|");
        assert_eq!(one("%-5d|", 42), "42   |");
        assert_eq!(one("%+.2f", 4.14159), "+4.14");
        assert_eq!(one("%#x", 255), "0xff");
        assert_eq!(one("%g", 1e20), "1e+20");
        assert_eq!(one("%g", 0.5), "0.5");
        assert_eq!(one("%e", 12345.678), "1.234568e+04");
        assert_eq!(one("%.3s|", "abcdef"), "abc|");
        assert_eq!(one("%r", "a"), "'a'");
        assert_eq!(one("100%%", Value::Tuple(nafal_base::List::new())), "100%");
        assert_eq!(one("%d", "x"), "%d format: a real number is required, not str");
        assert_eq!(one("%s %s", 1), "not enough arguments for format string");
        assert_eq!(one("x", 1), "not all arguments converted during string formatting");
        assert_eq!(one("%y", 1), "unsupported format character 'y' (0x79) at index 1");
    }

    #[test]
    fn names() {
        let dict: nafal_base::Dict = [("a", Value::Int(1))].into_iter().collect();
        assert_eq!(one("%(a)03d", Value::Dict(dict.clone())), "001");
        assert_eq!(one("%(b)s", Value::Dict(dict)), "'b'");
        assert_eq!(one("%(b)s", 1), "format requires a mapping");
    }
}
