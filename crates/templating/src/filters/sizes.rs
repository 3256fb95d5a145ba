//! Filters between numbers of bytes and what people read.

use nafal_base::Value;

use super::numbers::to_float;
use crate::arguments::{Signature, fail, flag, given, text};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};

/// The filters.
pub const FILTERS: &[Filter] = &[
    Filter {
        names: &["filesizeformat"],
        undefined: OnUndefined::PassOn,
        members: OnMembers::Render,
        doc: "a number of bytes with a unit, in thousands or (binary) in 1024s",
        run: filesizeformat,
    },
    Filter {
        names: &["human_readable"],
        undefined: OnUndefined::PassOn,
        members: OnMembers::Render,
        doc: "a number of bytes (or bits) with a unit, in 1024s",
        run: human_readable,
    },
    Filter {
        names: &["human_to_bytes"],
        undefined: OnUndefined::PassOn,
        members: OnMembers::Render,
        doc: "the number of bytes (or bits) that a text with a unit says",
        run: human_to_bytes,
    },
];

/// Units from the largest: letter and power of 1024.
const UNITS: [(char, i32); 9] =
    [('Y', 8), ('Z', 7), ('E', 6), ('P', 5), ('T', 4), ('G', 3), ('M', 2), ('K', 1), ('B', 0)];

fn filesizeformat(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [binary] = Signature::filter("do_filesizeformat", ["binary"], 0).bind(args)?;
    let Some(bytes) = to_float(value) else {
        return match value {
            Value::Str(_) => fail(format!("could not convert string to float: {}", value.repr())),
            other => fail(format!(
                "float() argument must be a string or a real number, not '{}'",
                crate::arguments::class_name(other)
            )),
        };
    };
    let binary = flag(binary, false);
    let base: f64 = if binary { 1024.0 } else { 1000.0 };
    if bytes == 1.0 {
        return Ok("1 Byte".into());
    }
    if bytes < base {
        return Ok(format!("{} Bytes", bytes.trunc()).into());
    }
    let mut text = String::new();
    for (index, letter) in "KMGTPEZY".chars().enumerate() {
        let unit = base.powi(i32::try_from(index).unwrap_or(0) + 2);
        let suffix = if binary {
            format!("{letter}iB")
        } else {
            format!("{}B", if letter == 'K' { 'k' } else { letter })
        };
        text = format!("{:.1} {suffix}", base * bytes / unit);
        if bytes < unit {
            break;
        }
    }
    Ok(text.into())
}

fn human_readable(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [bits, unit] = Signature::filter("human_readable", ["isbits", "unit"], 0).bind(args)?;
    let size = match value {
        Value::Str(_) => None,
        value => to_float(value),
    };
    let Some(size) = size else {
        return fail(format!(
            "human_readable() failed on bad input: '>=' not supported between instances of '{}' \
             and 'int'",
            crate::arguments::class_name(value)
        ));
    };
    let bits = flag(bits, false);
    let unit = given(unit).map(text).transpose()?.map(|unit| unit.to_uppercase());
    let chosen = UNITS.iter().find(|(letter, power)| match unit.as_deref() {
        Some(unit) => unit.starts_with(*letter),
        None => size >= 1024f64.powi(*power),
    });
    let (letter, power) = chosen.copied().unwrap_or(('B', 0));
    let base = if bits { "bits" } else { "Bytes" };
    let suffix = if letter == 'B' {
        base.to_owned()
    } else {
        format!("{letter}{}", if bits { 'b' } else { 'B' })
    };
    Ok(format!("{:.2} {suffix}", size / 1024f64.powi(power)).into())
}

fn human_to_bytes(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [unit, bits] =
        Signature::filter("human_to_bytes", ["default_unit", "isbits"], 0).bind(args)?;
    let unit = given(unit).map(text).transpose()?;
    read_size(&text(value)?, unit.as_deref(), flag(bits, false))
        .map_err(|why| Error::new(format!("human_to_bytes() can't interpret the input: {why}")))
}

fn read_size(text: &str, default_unit: Option<&str>, bits: bool) -> Result<Value, String> {
    let trimmed = text.trim_start();
    let digits =
        trimmed.len() - trimmed.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let unit_text = trimmed[digits..].trim_start();
    // Stock strips its message.
    let unclear = || {
        let message = format!("human_to_bytes() can't interpret following string: {text}");
        message.trim_end().to_owned()
    };
    if !unit_text.chars().all(|c| c.is_ascii_alphabetic()) {
        return Err(unclear());
    }
    let number: f64 = trimmed[..digits].parse().map_err(|_| unclear())?;
    let unit = if unit_text.is_empty() { default_unit.unwrap_or("") } else { unit_text };
    let Some(letter) = unit.chars().next() else {
        return Ok(whole(number));
    };
    let upper = letter.to_ascii_uppercase();
    let Some((_, power)) = UNITS.iter().find(|(known, _)| *known == upper) else {
        return Err(format!(
            "human_to_bytes() failed to convert {text} (unit = {unit}). The suffix must be one of \
             Y, Z, E, P, T, G, M, K, B"
        ));
    };
    let (class, name) = if bits { ('b', "bit") } else { ('B', "byte") };
    if unit.len() > 1 {
        let suffix = unit.get(1..).unwrap_or("");
        let matches = if upper == 'B' {
            unit.eq_ignore_ascii_case(name)
        } else {
            suffix.len() == 1 && suffix.starts_with(class) && letter == upper
        };
        if !matches {
            let expected = if upper == 'B' {
                format!("expect {class} or {name}")
            } else {
                format!("expect {upper}{class} or {upper}")
            };
            return Err(format!(
                "human_to_bytes() failed to convert {text}. Value is not a valid string ({expected})"
            ));
        }
    }
    Ok(whole(number * 1024f64.powi(*power)))
}

fn whole(number: f64) -> Value {
    use num_traits::FromPrimitive;
    num_bigint::BigInt::from_f64(number.round_ties_even()).map(Value::from_big).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sizes() {
        assert_eq!(read_size("1.5 GB", None, false), Ok(Value::Int(1_610_612_736)));
        assert_eq!(read_size("10", Some("K"), false), Ok(Value::Int(10_240)));
        assert_eq!(
            read_size("10Mb", None, false),
            Err("human_to_bytes() failed to convert 10Mb. Value is not a valid string (expect MB or M)".into())
        );
        assert!(read_size("x", None, false).is_err());
    }
}
