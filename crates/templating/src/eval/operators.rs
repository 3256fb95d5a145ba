//! `+ - * / // % **` as Python has them, for numbers and for what can be joined or repeated.

use nafal_base::{List, Value};

use super::numbers::{arithmetic, number};
use crate::ast::BinaryOp;
use crate::error::Error;
use crate::python_format::percent;

/// How large something may get by repetition.
const LARGEST: usize = 512 * 1024 * 1024;

/// An arithmetic operator on settled values.
pub(crate) fn binary(op: BinaryOp, left: Value, right: Value) -> Result<Value, Error> {
    if let (Some(a), Some(b)) = (number(&left), number(&right)) {
        return arithmetic(op, a, b);
    }
    match (op, &left, &right) {
        (BinaryOp::Add, Value::Str(a), Value::Str(b)) => {
            let mut text = String::with_capacity(a.len() + b.len());
            text.push_str(a);
            text.push_str(b);
            Ok(Value::text(text))
        }
        (BinaryOp::Add, Value::List(a), Value::List(b)) => Ok(Value::List(joined(a, b))),
        (BinaryOp::Add, Value::Tuple(a), Value::Tuple(b)) => Ok(Value::Tuple(joined(a, b))),
        (BinaryOp::Add, Value::Bytes(a), Value::Bytes(b)) => {
            Ok(Value::bytes([a.as_slice(), b.as_slice()].concat()))
        }
        (BinaryOp::Add, Value::Str(_) | Value::List(_) | Value::Tuple(_), _) => {
            let kind = left.type_name();
            Err(Error::new(format!(
                "can only concatenate {kind} (not \"{}\") to {kind}",
                right.type_name()
            )))
        }
        (BinaryOp::Modulo, Value::Str(template), values) => {
            percent::format(template, values).map(Value::text).map_err(Error::new)
        }
        (BinaryOp::Multiply, _, _) => repeat(&left, &right),
        _ => object(op, &left, &right),
    }
}

/// Objects (dates, sets) know their own operators.
fn object(op: BinaryOp, left: &Value, right: &Value) -> Result<Value, Error> {
    let dates = match op {
        BinaryOp::Add => nafal_base::dates::add(left, right).map(Ok),
        BinaryOp::Subtract => nafal_base::dates::subtract(left, right),
        _ => None,
    };
    if let Some(result) = dates {
        return result.map_err(Error::new);
    }
    let (own, reflected) = match op {
        BinaryOp::Add => ("__add__", "__radd__"),
        BinaryOp::Subtract => ("__sub__", "__rsub__"),
        BinaryOp::Multiply => ("__mul__", "__rmul__"),
        BinaryOp::Divide => ("__truediv__", "__rtruediv__"),
        BinaryOp::FloorDivide => ("__floordiv__", "__rfloordiv__"),
        BinaryOp::Modulo => ("__mod__", "__rmod__"),
        BinaryOp::Power => ("__pow__", "__rpow__"),
    };
    if let Value::Obj(object) = left
        && let Some(result) = object.call_method(own, std::slice::from_ref(right), &[])
    {
        return result.map_err(Error::new);
    }
    if let Value::Obj(object) = right
        && let Some(result) = object.call_method(reflected, std::slice::from_ref(left), &[])
    {
        return result.map_err(Error::new);
    }
    Err(unsupported(op, left, right))
}

fn unsupported(op: BinaryOp, left: &Value, right: &Value) -> Error {
    Error::new(format!(
        "unsupported operand type(s) for {}: '{}' and '{}'",
        op.symbol(),
        type_name(left),
        type_name(right)
    ))
}

/// The type as Python's messages name it.
pub(crate) fn type_name(value: &Value) -> &str {
    match value {
        Value::Omit => "_OmitType",
        value => value.type_name(),
    }
}

fn joined(a: &List, b: &List) -> List {
    let mut items = Vec::with_capacity(a.len() + b.len());
    items.extend(a.iter().cloned());
    items.extend(b.iter().cloned());
    List::from(items)
}

fn repeated(items: &List, count: usize) -> List {
    let mut out = Vec::with_capacity(items.len() * count);
    for _ in 0..count {
        out.extend(items.iter().cloned());
    }
    List::from(out)
}

fn repeat(left: &Value, right: &Value) -> Result<Value, Error> {
    let is_sequence = |value: &Value| {
        matches!(value, Value::Str(_) | Value::List(_) | Value::Tuple(_) | Value::Bytes(_))
    };
    let (sequence, count) = if is_sequence(left) { (left, right) } else { (right, left) };
    if !is_sequence(sequence) {
        return object(BinaryOp::Multiply, left, right);
    }
    let Some(count) = count.as_int() else {
        return Err(Error::new(format!(
            "can't multiply sequence by non-int of type '{}'",
            type_name(count)
        )));
    };
    let count = usize::try_from(count).unwrap_or(0);
    let length = match sequence {
        Value::Str(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        other => other.as_list().map_or(0, |items| items.len()),
    };
    if length.saturating_mul(count) > LARGEST {
        return Err(Error::new("the result is too large"));
    }
    Ok(match sequence {
        Value::Str(text) => Value::text(text.as_str().repeat(count)),
        Value::Bytes(bytes) => Value::bytes(bytes.repeat(count)),
        Value::Tuple(items) => Value::Tuple(repeated(items, count)),
        other => {
            Value::List(other.as_list().map(|items| repeated(items, count)).unwrap_or_default())
        }
    })
}

/// `-x`
pub(crate) fn negative(value: &Value) -> Result<Value, Error> {
    match value {
        Value::Int(number) => Ok(number
            .checked_neg()
            .map_or_else(|| Value::from_big(-num_bigint::BigInt::from(*number)), Value::Int)),
        Value::Bool(flag) => Ok(Value::Int(-i64::from(*flag))),
        Value::Float(number) => Ok(Value::Float(-number)),
        Value::Big(number) => Ok(Value::from_big(-(**number).clone())),
        other => Err(Error::new(format!("bad operand type for unary -: '{}'", type_name(other)))),
    }
}

/// `+x`
pub(crate) fn positive(value: &Value) -> Result<Value, Error> {
    match value {
        Value::Bool(flag) => Ok(Value::Int(i64::from(*flag))),
        Value::Int(_) | Value::Float(_) | Value::Big(_) => Ok(value.clone()),
        other => Err(Error::new(format!("bad operand type for unary +: '{}'", type_name(other)))),
    }
}
