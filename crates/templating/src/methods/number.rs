//! Methods and attributes of `int`, `bool` and `float`.

use nafal_base::Value;
use nafal_base::value::float_repr;
use num_bigint::BigInt;

use super::count;
use crate::error::Error;
use crate::plugin::Args;

const INT: [&str; 4] = ["bit_length", "bit_count", "conjugate", "is_integer"];
const FLOAT: [&str; 4] = ["is_integer", "hex", "conjugate", "as_integer_ratio"];

pub(super) fn exists(receiver: &Value, name: &str) -> bool {
    if matches!(receiver, Value::Float(_)) { FLOAT.contains(&name) } else { INT.contains(&name) }
}

pub(super) fn property(receiver: &Value, name: &str) -> Option<Value> {
    let int = |number: Value| match number {
        Value::Bool(flag) => Value::Int(i64::from(flag)),
        other => other,
    };
    match (name, receiver) {
        ("real", Value::Float(_)) => Some(receiver.clone()),
        ("imag", Value::Float(_)) => Some(Value::Float(0.0)),
        ("real" | "numerator", _) => {
            (!matches!(receiver, Value::Float(_))).then(|| int(receiver.clone()))
        }
        ("imag", _) => Some(Value::Int(0)),
        ("denominator", Value::Int(_) | Value::Big(_) | Value::Bool(_)) => Some(Value::Int(1)),
        _ => None,
    }
}

pub(super) fn call(receiver: &Value, name: &str, args: Args<'_>) -> Result<Value, Error> {
    count(receiver.type_name(), name, args, 0..=0)?;
    if let Value::Float(number) = receiver {
        return Ok(match name {
            "is_integer" => Value::Bool(number.is_finite() && number.fract() == 0.0),
            "hex" => Value::text(hex(*number)),
            "as_integer_ratio" => return ratio(*number),
            _ => receiver.clone(),
        });
    }
    let big = match receiver {
        Value::Big(number) => (**number).clone(),
        other => BigInt::from(other.as_int().unwrap_or(0)),
    };
    Ok(match name {
        "bit_length" => Value::from(big.bits()),
        "bit_count" => Value::from(big.magnitude().count_ones()),
        "is_integer" => Value::Bool(true),
        _ => Value::from_big(big),
    })
}

/// Python's `float.hex`.
fn hex(number: f64) -> String {
    if !number.is_finite() {
        return float_repr(number);
    }
    let bits = number.to_bits();
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let exponent = (bits >> 52) & 0x7ff;
    let fraction = bits & ((1 << 52) - 1);
    match (exponent, fraction) {
        (0, 0) => format!("{sign}0x0.0p+0"),
        (0, _) => format!("{sign}0x0.{fraction:013x}p-1022"),
        _ => {
            let exponent = i64::try_from(exponent).unwrap_or(0) - 1023;
            format!("{sign}0x1.{fraction:013x}p{exponent:+}")
        }
    }
}

fn ratio(number: f64) -> Result<Value, Error> {
    if !number.is_finite() {
        return Err(Error::new("cannot convert Infinity or NaN to integer ratio"));
    }
    let mut numerator = number;
    let mut denominator = BigInt::from(1);
    while numerator.fract() != 0.0 {
        numerator *= 2.0;
        denominator *= 2;
    }
    let whole = <BigInt as num_traits::FromPrimitive>::from_f64(numerator).unwrap_or_default();
    let items = vec![Value::from_big(whole), Value::from_big(denominator)];
    Ok(Value::Tuple(items.into()))
}
