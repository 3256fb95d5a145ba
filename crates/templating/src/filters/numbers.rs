//! Filters on numbers.

use nafal_base::Value;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed, ToPrimitive};

use super::attributes::Path;
use crate::arguments::{Signature, fail, given, int_or, text_or};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};
use crate::python_text;

const fn filter(
    names: &'static [&'static str],
    doc: &'static str,
    run: fn(&Context<'_>, &Value, Args<'_>) -> Result<Value, Error>,
) -> Filter {
    Filter { names, undefined: OnUndefined::PassOn, members: OnMembers::Render, doc, run }
}

/// The filters.
pub const FILTERS: &[Filter] = &[
    filter(&["int"], "the value as an int, or a default", int),
    filter(&["float"], "the value as a float, or a default", float),
    filter(&["abs"], "the number without its sign", abs),
    filter(&["round"], "the number, rounded", round),
    filter(&["sum"], "the items added up", sum),
    filter(&["log"], "the logarithm", log),
    filter(&["pow"], "the number to a power", pow),
    filter(&["root"], "a root of the number", root),
];

/// An int of any size, bools included.
pub(crate) fn big(value: &Value) -> Option<BigInt> {
    match value {
        Value::Big(number) => Some((**number).clone()),
        value => value.as_int().map(BigInt::from),
    }
}

/// Any number as a float, text as Python's `float()` reads it.
pub(crate) fn to_float(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(*number),
        Value::Str(text) => python_text::parse_float(text),
        Value::Big(number) => number.to_f64(),
        value => value.as_int().map(|number| number as f64),
    }
}

/// A float that is a number already, with Python's complaint.
pub(crate) fn real(value: &Value) -> Result<f64, Error> {
    match value {
        Value::Str(_) => None,
        value => to_float(value),
    }
    .ok_or_else(|| {
        Error::new(format!("must be real number, not {}", crate::arguments::class_name(value)))
    })
}

fn int(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [default, base] = Signature::filter("do_int", ["default", "base"], 0).bind(args)?;
    let base = u32::try_from(int_or(base, 10)?).unwrap_or(1);
    let direct = match value {
        Value::Str(text) => python_text::parse_int(text, base),
        Value::Float(number) => BigInt::from_f64(number.trunc()),
        value => big(value),
    };
    let number = direct.or_else(|| BigInt::from_f64(to_float(value)?.trunc()));
    Ok(number.map(Value::from_big).or_else(|| default.cloned()).unwrap_or(Value::Int(0)))
}

fn float(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [default] = Signature::filter("do_float", ["default"], 0).bind(args)?;
    let number = to_float(value).map(Value::Float);
    Ok(number.or_else(|| default.cloned()).unwrap_or(Value::Float(0.0)))
}

fn abs(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    if !args.positional.is_empty() {
        let given = args.positional.len() + 1;
        return fail(format!("abs() takes exactly one argument ({given} given)"));
    }
    match value {
        Value::Float(number) => Ok(Value::Float(number.abs())),
        value => big(value).map(|number| Value::from_big(number.abs())).ok_or_else(|| {
            Error::new(format!(
                "bad operand type for abs(): '{}'",
                crate::arguments::class_name(value)
            ))
        }),
    }
}

/// Python's `round` of a float: halves of the exact value go to the even digit.
fn round_float(number: f64, precision: i64) -> f64 {
    if !number.is_finite() {
        return number;
    }
    match usize::try_from(precision) {
        Ok(precision) if precision > 320 => number,
        Ok(precision) => format!("{number:.precision$}").parse().unwrap_or(number),
        Err(_) => {
            let scale = 10f64.powi(i32::try_from(-precision).unwrap_or(i32::MAX));
            if scale.is_infinite() { 0.0 } else { (number / scale).round_ties_even() * scale }
        }
    }
}

/// Python's `round` of an int to tens, hundreds, …: halves go to the even one.
fn round_int(number: &BigInt, precision: i64) -> BigInt {
    let Ok(zeros @ 1..) = u32::try_from(-precision) else {
        return number.clone();
    };
    let unit = BigInt::from(10).pow(zeros);
    let double = (number * 2) + &unit;
    let floor = |a: &BigInt, b: &BigInt| {
        let (quotient, rest) = (a / b, a % b);
        if rest.is_negative() { quotient - 1 } else { quotient }
    };
    let mut rounded = floor(&double, &(&unit * 2));
    let halfway = double == &rounded * &unit * 2;
    if halfway && (&rounded % 2) != BigInt::from(0) {
        rounded -= 1;
    }
    rounded * unit
}

fn round(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [precision, method] =
        Signature::filter("do_round", ["precision", "method"], 0).bind(args)?;
    let precision = int_or(precision, 0)?;
    let method = text_or(method, "common")?;
    if !["common", "ceil", "floor"].contains(&&*method) {
        return fail("method must be common, ceil or floor");
    }
    if method == "common" {
        return match (value, big(value)) {
            (Value::Float(number), _) => Ok(Value::Float(round_float(*number, precision))),
            (_, Some(number)) => Ok(Value::from_big(round_int(&number, precision))),
            _ => fail(format!(
                "type {} doesn't define __round__ method",
                crate::arguments::class_name(value)
            )),
        };
    }
    let scale = 10f64.powi(i32::try_from(precision).unwrap_or(0));
    let scaled = real(value)? * scale;
    let whole = if method == "ceil" { scaled.ceil() } else { scaled.floor() };
    Ok(Value::Float(whole / scale))
}

/// Python's `a + b` for what `sum` meets.
pub(crate) fn add(left: &Value, right: &Value) -> Result<Value, Error> {
    match (left, right) {
        (Value::Str(a), Value::Str(b)) => return Ok(format!("{a}{b}").into()),
        (Value::List(a), Value::List(b)) => {
            return Ok(Value::List(a.iter().chain(b).cloned().collect()));
        }
        (Value::Tuple(a), Value::Tuple(b)) => {
            return Ok(Value::Tuple(a.iter().chain(b).cloned().collect()));
        }
        _ => {}
    }
    if let (Some(a), Some(b)) = (big(left), big(right)) {
        return Ok(Value::from_big(a + b));
    }
    match (real(left), real(right)) {
        (Ok(a), Ok(b)) => Ok(Value::Float(a + b)),
        _ => fail(format!(
            "unsupported operand type(s) for +: '{}' and '{}'",
            crate::arguments::class_name(left),
            crate::arguments::class_name(right)
        )),
    }
}

fn sum(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [attribute, start] = Signature::filter("sync_do_sum", ["attribute", "start"], 0)
        .with_environment()
        .bind(args)?;
    let path = given(attribute).map(Path::new);
    let mut total = start.cloned().unwrap_or(Value::Int(0));
    if let Value::Str(_) = total {
        return fail("sum() can't sum strings [use ''.join(seq) instead]");
    }
    for item in ctx.iterate(value)? {
        let item = match &path {
            Some(path) => path.get(ctx, &item, None)?,
            None => item,
        };
        total = add(&total, ctx.defined(&item)?)?;
    }
    Ok(total)
}

fn named(function: &'static str, error: Error) -> Error {
    Error::new(format!("{function}() can only be used on numbers: {}", error.message()))
}

fn log(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [base] = Signature::filter("logarithm", ["base"], 0).bind(args)?;
    let number = real(value).map_err(|error| named("log", error))?;
    let base = base.map(real).transpose().map_err(|error| named("log", error))?;
    if number <= 0.0 || base.is_some_and(|base| base <= 0.0) {
        return fail("math domain error");
    }
    Ok(Value::Float(match base {
        None => number.ln(),
        Some(10.0) => number.log10(),
        Some(base) => number.ln() / base.ln(),
    }))
}

fn pow(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [exponent] = Signature::filter("power", ["y"], 1).bind(args)?;
    let base = real(value).map_err(|error| named("pow", error))?;
    let exponent = real(exponent.unwrap_or(&Value::None)).map_err(|error| named("pow", error))?;
    let result = base.powf(exponent);
    match (result.is_nan() && !base.is_nan() && !exponent.is_nan(), result.is_infinite()) {
        (true, _) => fail("math domain error"),
        (_, true) if base.is_finite() && exponent.is_finite() => {
            fail(if base == 0.0 { "math domain error" } else { "math range error" })
        }
        _ => Ok(Value::Float(result)),
    }
}

fn root(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [base] = Signature::filter("inversepower", ["base"], 0).bind(args)?;
    let number = real(value).map_err(|error| named("root", error))?;
    let base = base.map_or(Ok(2.0), real).map_err(|error| named("root", error))?;
    if base == 2.0 {
        return if number < 0.0 {
            fail("root() can only be used on numbers: math domain error")
        } else {
            Ok(Value::Float(number.sqrt()))
        };
    }
    Ok(Value::Float(number.powf(1.0 / base)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_to_even() {
        assert_eq!(round_float(2.5, 0), 2.0);
        assert_eq!(round_float(42.55, 1), 42.5);
        assert_eq!(round_float(2.675, 2), 2.67);
        let int = |number: i64, precision| round_int(&BigInt::from(number), precision).to_string();
        assert_eq!(int(1234, -2), "1200");
        assert_eq!(int(1250, -2), "1200");
        assert_eq!(int(1350, -2), "1400");
        assert_eq!(int(-1250, -2), "-1200");
        assert_eq!(int(7, 3), "7");
    }
}
