//! `str.format`: replacement fields and Python's format specifications.

use nafal_base::Value;
use nafal_base::value::{float_repr, string_repr};

use crate::context::Context;
use crate::error::Error;
use crate::plugin::Args;
use crate::python_format::braces::filled;
use crate::python_format::percent::float_text;

/// `template.format(*args, **kwargs)`
pub(super) fn format(
    context: &Context<'_>,
    template: &str,
    args: Args<'_>,
) -> Result<String, Error> {
    Formatter { context, args, automatic: 0 }.run(template, 2)
}

struct Formatter<'a> {
    context: &'a Context<'a>,
    args: Args<'a>,
    automatic: usize,
}

impl Formatter<'_> {
    fn run(&mut self, template: &str, depth: usize) -> Result<String, Error> {
        filled(template, |rest| {
            let end = closing(rest)?;
            Ok((self.field(&rest[..end], depth)?, &rest[end + 1..]))
        })
    }

    fn field(&mut self, field: &str, depth: usize) -> Result<String, Error> {
        if depth == 0 {
            return Err(Error::new("Max string recursion exceeded"));
        }
        let name_end = name_end(field);
        let (name, rest) = field.split_at(name_end);
        let (conversion, rest) = match rest.strip_prefix('!') {
            Some(rest) => (rest.chars().next(), rest.get(1..).unwrap_or("")),
            None => (None, rest),
        };
        let spec = self.run(rest.strip_prefix(':').unwrap_or(""), depth - 1)?;
        let value = self.value(name)?;
        let value = match conversion {
            None => value,
            Some('r' | 'a') => Value::text(value.repr()),
            Some('s') => Value::text(value.to_text().into_owned()),
            Some(other) => {
                return Err(Error::new(format!("Unknown conversion specifier '{other}'")));
            }
        };
        specified(&value, &spec)
    }

    fn value(&mut self, name: &str) -> Result<Value, Error> {
        let end = name.find(['.', '[']).unwrap_or(name.len());
        let (first, mut rest) = name.split_at(end);
        let mut value = if first.is_empty() || first.bytes().all(|b| b.is_ascii_digit()) {
            let index = if first.is_empty() {
                self.automatic += 1;
                self.automatic - 1
            } else {
                first.parse().unwrap_or(usize::MAX)
            };
            self.args.positional.get(index).cloned().ok_or_else(|| {
                Error::new(format!(
                    "Replacement index {index} out of range for positional args tuple"
                ))
            })?
        } else {
            let found = self.args.named.iter().find(|(known, _)| known == first);
            found.map(|(_, value)| value.clone()).ok_or_else(|| Error::new(string_repr(first)))?
        };
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('[') {
                let end =
                    after.find(']').ok_or_else(|| Error::new("Missing ']' in format string"))?;
                let key = &after[..end];
                let key = key.parse::<i64>().map_or_else(|_| Value::from(key), Value::Int);
                value = self.context.get_item(&value, &key)?;
                rest = &after[end + 1..];
            } else {
                let after = &rest[1..];
                let end = after.find(['.', '[']).unwrap_or(after.len());
                value = self.context.get_attribute(&value, &after[..end])?;
                rest = &after[end..];
            }
            if let Value::Undef(undefined) = &value {
                return Err(Error::undefined(undefined));
            }
        }
        Ok(value)
    }
}

/// Where the field that starts here ends.
fn closing(text: &str) -> Result<usize, Error> {
    let mut depth = 0_usize;
    for (index, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Ok(index),
            '}' => depth -= 1,
            _ => {}
        }
    }
    Err(Error::new(if text.is_empty() {
        "Single '{' encountered in format string"
    } else {
        "expected '}' before end of string"
    }))
}

fn name_end(field: &str) -> usize {
    let mut inside = false;
    for (index, c) in field.char_indices() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            '!' | ':' if !inside => return index,
            _ => {}
        }
    }
    field.len()
}

#[derive(Debug)]
struct Spec {
    fill: char,
    align: Option<char>,
    sign: char,
    alternate: bool,
    width: usize,
    grouping: Option<char>,
    precision: Option<usize>,
    kind: Option<char>,
}

fn parse(spec: &str) -> Result<Spec, Error> {
    let chars: Vec<char> = spec.chars().collect();
    let is_align = |c: Option<&char>| matches!(c, Some('<' | '>' | '^' | '='));
    let mut out = Spec {
        fill: ' ',
        align: None,
        sign: '-',
        alternate: false,
        width: 0,
        grouping: None,
        precision: None,
        kind: None,
    };
    let mut at = 0;
    if is_align(chars.get(1)) {
        (out.fill, out.align, at) = (chars[0], Some(chars[1]), 2);
    } else if is_align(chars.first()) {
        (out.align, at) = (Some(chars[0]), 1);
    }
    if let Some(sign @ ('+' | '-' | ' ')) = chars.get(at) {
        out.sign = *sign;
        at += 1;
    }
    if chars.get(at) == Some(&'#') {
        out.alternate = true;
        at += 1;
    }
    if chars.get(at) == Some(&'0') {
        if out.align.is_none() {
            (out.fill, out.align) = ('0', Some('='));
        }
        at += 1;
    }
    let digits = |at: &mut usize| {
        let mut number = None;
        while let Some(digit) = chars.get(*at).and_then(|c| c.to_digit(10)) {
            number = Some(number.unwrap_or(0_usize).saturating_mul(10) + digit as usize);
            *at += 1;
        }
        number
    };
    out.width = digits(&mut at).unwrap_or(0);
    if let Some(group @ (',' | '_')) = chars.get(at) {
        out.grouping = Some(*group);
        at += 1;
    }
    if chars.get(at) == Some(&'.') {
        at += 1;
        out.precision = digits(&mut at);
        if out.precision.is_none() {
            return Err(Error::new("Format specifier missing precision"));
        }
    }
    out.kind = chars.get(at).copied();
    if chars.len() > at + 1 {
        return Err(Error::new("Invalid format specifier"));
    }
    Ok(out)
}

/// `format(value, spec)`
fn specified(value: &Value, spec: &str) -> Result<String, Error> {
    if spec.is_empty() {
        return Ok(value.to_text().into_owned());
    }
    let unknown = |kind: char| {
        Error::new(format!(
            "Unknown format code '{kind}' for object of type '{}'",
            value.type_name()
        ))
    };
    if let Value::Obj(object) = value
        && let Some(result) = object.call_method("strftime", &[Value::from(spec)], &[])
    {
        return result.map(|text| text.to_text().into_owned()).map_err(Error::new);
    }
    if !matches!(
        value,
        Value::Str(_) | Value::Int(_) | Value::Big(_) | Value::Bool(_) | Value::Float(_)
    ) {
        return Err(Error::new(format!(
            "unsupported format string passed to {}.__format__",
            value.type_name()
        )));
    }
    let spec = parse(spec)?;
    match value {
        Value::Str(text) => match spec.kind {
            None | Some('s') => {
                let text: String = match spec.precision {
                    Some(precision) => text.chars().take(precision).collect(),
                    None => text.to_string(),
                };
                Ok(aligned(&text, "", &spec, '<'))
            }
            Some(kind) => Err(unknown(kind)),
        },
        Value::Float(number) => {
            float(*number, &spec).ok_or_else(|| unknown(spec.kind.unwrap_or('?')))
        }
        _ => int(value, &spec).unwrap_or_else(|| Err(unknown(spec.kind.unwrap_or('?')))),
    }
}

fn int(value: &Value, spec: &Spec) -> Option<Result<String, Error>> {
    let big = match value {
        Value::Big(number) => (**number).clone(),
        other => num_bigint::BigInt::from(other.as_int()?),
    };
    let (radix, prefix) = match spec.kind {
        None | Some('d' | 'n') => (10, ""),
        Some('b') => (2, "0b"),
        Some('o') => (8, "0o"),
        Some('x') => (16, "0x"),
        Some('X') => (16, "0X"),
        Some('c') => {
            let c = num_traits::ToPrimitive::to_u32(&big).and_then(char::from_u32)?;
            return Some(Ok(aligned(&c.to_string(), "", spec, '<')));
        }
        Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => {
            let number = num_traits::ToPrimitive::to_f64(&big)?;
            return float(number, spec).map(Ok);
        }
        Some(_) => return None,
    };
    if spec.precision.is_some() {
        return Some(Err(Error::new("Precision not allowed in integer format specifier")));
    }
    let mut digits = big.magnitude().to_str_radix(radix);
    if spec.kind == Some('X') {
        digits = digits.to_uppercase();
    }
    let negative = num_traits::Signed::is_negative(&big);
    let prefix = if spec.alternate { prefix } else { "" };
    let group = if radix == 10 { 3 } else { 4 };
    let digits = grouped(&digits, spec, group);
    Some(Ok(aligned(&digits, &format!("{}{prefix}", sign(negative, spec)), spec, '>')))
}

fn sign(negative: bool, spec: &Spec) -> &'static str {
    match (negative, spec.sign) {
        (true, _) => "-",
        (false, '+') => "+",
        (false, ' ') => " ",
        _ => "",
    }
}

fn grouped(digits: &str, spec: &Spec, size: usize) -> String {
    let Some(separator) = spec.grouping else {
        return digits.to_owned();
    };
    let end = digits.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(digits.len());
    let (whole, rest) = digits.split_at(end);
    let mut out = String::with_capacity(digits.len() + digits.len() / size);
    for (index, c) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % size == 0 {
            out.push(separator);
        }
        out.push(c);
    }
    out + rest
}

fn float(number: f64, spec: &Spec) -> Option<String> {
    let negative = number.is_sign_negative() && !number.is_nan();
    let number = number.abs();
    let text = match spec.kind {
        None => match spec.precision {
            None => float_repr(number),
            Some(precision) => {
                let text = float_text(number, 'g', precision.max(1), false);
                let plain = !text.contains(['.', 'e', 'n', 'i']);
                if plain { text + ".0" } else { text }
            }
        },
        Some('%') => float_text(number * 100.0, 'f', spec.precision.unwrap_or(6), false) + "%",
        Some('n') => float_text(number, 'g', spec.precision.unwrap_or(6), spec.alternate),
        Some(kind @ ('e' | 'E' | 'f' | 'F' | 'g' | 'G')) => {
            float_text(number, kind, spec.precision.unwrap_or(6), spec.alternate)
        }
        Some(_) => return None,
    };
    Some(aligned(&grouped(&text, spec, 3), sign(negative, spec), spec, '>'))
}

/// The text with its sign, filled up to the width.
fn aligned(text: &str, sign: &str, spec: &Spec, default: char) -> String {
    let length = text.chars().count() + sign.chars().count();
    let missing = spec.width.saturating_sub(length);
    let fill = |count: usize| spec.fill.to_string().repeat(count);
    match spec.align.unwrap_or(default) {
        '<' => format!("{sign}{text}{}", fill(missing)),
        '^' => {
            let left = missing / 2;
            format!("{}{sign}{text}{}", fill(left), fill(missing - left))
        }
        '=' => format!("{sign}{}{text}", fill(missing)),
        _ => format!("{}{sign}{text}", fill(missing)),
    }
}
