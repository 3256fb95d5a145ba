//! `== != < <= > >= in`, and chains of them.

use std::cmp::Ordering;

use nafal_base::{Marks, Value};

use super::expr::{no_undefined_inside, unhashable};
use super::operators::type_name;
use super::{Frame, iterate};
use crate::ast::{CompareOp, Expr};
use crate::error::Error;

impl Frame<'_> {
    pub(super) fn comparison(
        &self,
        first: &Expr,
        rest: &[(CompareOp, Expr)],
    ) -> Result<Value, Error> {
        let mut left = self.compared(first)?;
        for (index, (op, expr)) in rest.iter().enumerate() {
            let is_last = index + 1 == rest.len();
            let right = match op {
                CompareOp::In | CompareOp::NotIn if is_last => self.searched(expr)?,
                _ => self.compared(expr)?,
            };
            if !compare(*op, &left, &right)? {
                return Ok(Value::Bool(false));
            }
            left = right;
        }
        Ok(Value::Bool(true))
    }

    /// What a value is looked for in: of a mapping only the keys are read.
    fn searched(&self, expr: &Expr) -> Result<Value, Error> {
        let value = self.expr(expr)?;
        if matches!(value, Value::Dict(_)) { Ok(value) } else { self.compared_value(value) }
    }

    /// An operand; something undefined inside matters only where it is looked at.
    fn compared(&self, expr: &Expr) -> Result<Value, Error> {
        self.compared_value(self.expr(expr)?)
    }

    fn compared_value(&self, value: Value) -> Result<Value, Error> {
        if let Value::Undef(undefined) = &value {
            return Err(Error::undefined(undefined));
        }
        super::finalize::settle(self.session, value, self.scope)
    }
}

/// One comparison of settled values.
pub(crate) fn compare(op: CompareOp, left: &Value, right: &Value) -> Result<bool, Error> {
    match op {
        CompareOp::Equal => equal(left, right),
        CompareOp::NotEqual => equal(left, right).map(|same| !same),
        CompareOp::In => contains(right, left),
        CompareOp::NotIn => contains(right, left).map(|found| !found),
        CompareOp::Less => order(op, left, right, Ordering::is_lt),
        CompareOp::LessEqual => order(op, left, right, Ordering::is_le),
        CompareOp::Greater => order(op, left, right, Ordering::is_gt),
        CompareOp::GreaterEqual => order(op, left, right, Ordering::is_ge),
    }
}

/// Python's `==`; something undefined inside is an error, unless both have the same.
pub(crate) fn equal(left: &Value, right: &Value) -> Result<bool, Error> {
    if (left.marks() | right.marks()).contains(Marks::UNSETTLED) {
        if left == right {
            return Ok(true);
        }
        let differ = match (left, right) {
            (Value::List(left), Value::List(right)) => left.len() != right.len(),
            (Value::Dict(left), Value::Dict(right)) => left.len() != right.len(),
            (Value::List(_) | Value::Dict(_), _) | (_, Value::List(_) | Value::Dict(_)) => true,
            _ => false,
        };
        if differ {
            return Ok(false);
        }
        no_undefined_inside(left)?;
        no_undefined_inside(right)?;
    }
    Ok(left == right)
}

fn order(
    op: CompareOp,
    left: &Value,
    right: &Value,
    fits: impl Fn(Ordering) -> bool,
) -> Result<bool, Error> {
    no_undefined_inside(left)?;
    no_undefined_inside(right)?;
    let is_nan = |value: &Value| matches!(value, Value::Float(number) if number.is_nan());
    match left.compare(right) {
        Ok(_) if is_nan(left) || is_nan(right) => Ok(false),
        Ok(ordering) => Ok(fits(ordering)),
        Err(_) => Err(Error::new(format!(
            "'{}' not supported between instances of '{}' and '{}'",
            op.symbol(),
            type_name(left),
            type_name(right)
        ))),
    }
}

/// Python's `needle in container`.
pub(crate) fn contains(container: &Value, needle: &Value) -> Result<bool, Error> {
    match container {
        Value::Str(text) => match needle {
            Value::Str(part) => Ok(text.contains(part.as_str())),
            other => Err(Error::new(format!(
                "'in <string>' requires string as left operand, not {}",
                type_name(other)
            ))),
        },
        Value::Dict(dict) => {
            if !needle.is_hashable() {
                return Err(unhashable(needle));
            }
            Ok(dict.lookup(needle).is_some())
        }
        Value::List(items) | Value::Tuple(items) => {
            for item in items {
                if let Value::Undef(undefined) = item {
                    return Err(Error::undefined(undefined));
                }
                if equal(item, needle)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Value::Range(range) => Ok(range.iter().any(|number| Value::Int(number) == *needle)),
        Value::Bytes(bytes) => Ok(match needle {
            Value::Bytes(part) => {
                part.is_empty() || bytes.windows(part.len()).any(|window| window == part.as_slice())
            }
            Value::Int(number) => bytes.iter().any(|byte| i64::from(*byte) == *number),
            _ => false,
        }),
        Value::Obj(object) => {
            if let Some(result) =
                object.call_method("__contains__", std::slice::from_ref(needle), &[])
            {
                return result.map(|found| found.is_true()).map_err(Error::new);
            }
            if object.iterate().is_none() {
                return Err(not_iterable(container));
            }
            Ok(iterate(container)?.iter().any(|item| item == needle))
        }
        Value::Undef(undefined) => Err(Error::undefined(undefined)),
        other => Err(not_iterable(other)),
    }
}

fn not_iterable(value: &Value) -> Error {
    Error::new(format!("argument of type '{}' is not iterable", type_name(value)))
}
