//! Tests that compare, and those of numbers.

use std::cmp::Ordering;

use nafal_base::Value;
use num_traits::Zero;

use super::test;
use crate::arguments::{Signature, class_name, each, fail};
use crate::context::Context;
use crate::error::Error;
use crate::filters::{big, real};
use crate::plugin::{Args, Test};

/// The tests.
pub const TESTS: &[Test] = &[
    test(&["eq", "==", "equalto"], "whether both are equal", eq),
    test(&["ne", "!="], "whether both differ", ne),
    test(&["lt", "<", "lessthan"], "whether it is less", lt),
    test(&["le", "<="], "whether it is less or equal", le),
    test(&["gt", ">", "greaterthan"], "whether it is greater", gt),
    test(&["ge", ">="], "whether it is greater or equal", ge),
    test(&["in"], "whether the other contains it", in_),
    test(&["sameas"], "whether both are the same object", sameas),
    test(&["odd"], "whether the number is odd", odd),
    test(&["even"], "whether the number is even", even),
    test(&["divisibleby"], "whether the number divides without rest", divisibleby),
    test(&["nan", "isnan"], "whether the float is no number", nan),
];

fn other<'a>(args: Args<'a>, function: &'static str) -> Result<&'a Value, Error> {
    // Operators of C in Python have no names for what they take.
    if args.positional.len() != 1 || !args.named.is_empty() {
        return fail(format!(
            "{function} expected 2 arguments, got {}",
            args.positional.len() + args.named.len() + 1
        ));
    }
    match &args.positional[0] {
        Value::Undef(undefined) => Err(Error::undefined(undefined)),
        value => Ok(value),
    }
}

fn eq(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    Ok(value == other(args, "eq")?)
}

fn ne(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    Ok(value != other(args, "ne")?)
}

fn order(value: &Value, other: &Value, sign: &str) -> Result<Ordering, Error> {
    value.compare(other).map_err(|pair| {
        Error::new(format!(
            "'{sign}' not supported between instances of '{}' and '{}'",
            pair.left, pair.right
        ))
    })
}

fn not_a_number(value: &Value, other: &Value) -> bool {
    let nan = |value: &Value| matches!(value, Value::Float(number) if number.is_nan());
    nan(value) || nan(other)
}

fn ordered(
    value: &Value,
    args: Args<'_>,
    (function, sign): (&'static str, &str),
    says: fn(Ordering) -> bool,
) -> Result<bool, Error> {
    let other = other(args, function)?;
    Ok(says(order(value, other, sign)?) && !not_a_number(value, other))
}

fn lt(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    ordered(value, args, ("lt", "<"), Ordering::is_lt)
}

fn le(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    ordered(value, args, ("le", "<="), Ordering::is_le)
}

fn gt(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    ordered(value, args, ("gt", ">"), Ordering::is_gt)
}

fn ge(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    ordered(value, args, ("ge", ">="), Ordering::is_ge)
}

/// Python's `item in container`.
pub(crate) fn contains(ctx: &Context<'_>, container: &Value, item: &Value) -> Result<bool, Error> {
    match (container, item) {
        (Value::Str(text), Value::Str(part)) => Ok(text.contains(part.as_str())),
        (Value::Str(_), other) => fail(format!(
            "'in <string>' requires string as left operand, not {}",
            class_name(other)
        )),
        (Value::Tuple(items), item) => Ok(items.contains(item)),
        (list @ Value::List(_), item) => Ok(each(ctx, list)?.contains(item)),
        (Value::Dict(dict), item) => match item.is_hashable() {
            true => Ok(dict.lookup(item).is_some()),
            false => fail(format!("unhashable type: '{}'", class_name(item))),
        },
        (container, item) => match ctx.iterate(container) {
            Ok(items) => Ok(items.contains(item)),
            Err(error) if error.is_undefined() => Err(error),
            Err(_) => fail(format!("argument of type '{}' is not iterable", container.type_name())),
        },
    }
}

fn in_(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [container] = Signature::filter("test_in", ["seq"], 1).bind(args)?;
    contains(ctx, ctx.defined(container.unwrap_or(&Value::None))?, value)
}

fn sameas(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [other] = Signature::filter("test_sameas", ["other"], 1).bind(args)?;
    Ok(match (value, other.unwrap_or(&Value::None)) {
        (Value::None, Value::None) | (Value::Omit, Value::Omit) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        // Python keeps one object for each small int.
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::List(a), Value::List(b)) | (Value::Tuple(a), Value::Tuple(b)) => a.same(b),
        (Value::Dict(a), Value::Dict(b)) => a.same(b),
        (Value::Obj(a), Value::Obj(b)) => a.same(b),
        _ => false,
    })
}

/// Python's `value % number == rest`, which text takes for formatting.
fn rest_is(value: &Value, by: &Value, rest: i64) -> Result<bool, Error> {
    if let (Some(a), Some(b)) = (big(value), big(by)) {
        if b.is_zero() {
            return fail("integer modulo by zero");
        }
        let remainder = ((&a % &b) + &b) % &b;
        return Ok(remainder == rest.into());
    }
    if let Value::Str(text) = value {
        let formatted = crate::python_format::percent::format(text, by).map_err(Error::new)?;
        return Ok(Value::from(formatted) == Value::Int(rest));
    }
    match (real(value), real(by)) {
        (Ok(_), Ok(0.0)) => fail("float modulo by zero"),
        (Ok(a), Ok(b)) => Ok(a.rem_euclid(b) == rest as f64),
        _ => fail(format!(
            "unsupported operand type(s) for %: '{}' and '{}'",
            class_name(value),
            class_name(by)
        )),
    }
}

fn odd(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [] = Signature::filter("test_odd", [], 0).bind(args)?;
    rest_is(value, &Value::Int(2), 1)
}

fn even(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [] = Signature::filter("test_even", [], 0).bind(args)?;
    rest_is(value, &Value::Int(2), 0)
}

fn divisibleby(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [by] = Signature::filter("test_divisibleby", ["num"], 1).bind(args)?;
    rest_is(value, by.unwrap_or(&Value::None), 0)
}

fn nan(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [] = Signature::filter("isnotanumber", [], 0).bind(args)?;
    Ok(matches!(value, Value::Float(number) if number.is_nan()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests() {
        assert_eq!(rest_is(&Value::Int(-3), &Value::Int(2), 1), Ok(true));
        assert_eq!(rest_is(&Value::Float(4.0), &Value::Int(2), 0), Ok(true));
        let error = rest_is(&Value::from("3"), &Value::Int(2), 1).unwrap_err();
        assert_eq!(error.message(), "not all arguments converted during string formatting");
        assert!(rest_is(&Value::Int(1), &Value::Int(0), 0).is_err());
    }
}
