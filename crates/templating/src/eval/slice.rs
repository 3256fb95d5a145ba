//! `x[start:stop:step]`.

use nafal_base::{Range, Value};

use super::Frame;
use super::operators::type_name;
use crate::ast::{Expr, Slice};
use crate::error::Error;

impl Frame<'_> {
    pub(super) fn slice(&self, slice: &Slice) -> Result<Value, Error> {
        let value = self.expr(&slice.value)?;
        if value.is_undefined() {
            return Ok(value);
        }
        let bound = |expr: &Option<Expr>| -> Result<Option<i64>, Error> {
            match expr {
                None => Ok(None),
                Some(expr) => match self.expr(expr)? {
                    Value::None => Ok(None),
                    value => value.as_int().map(Some).ok_or_else(|| {
                        Error::new(
                            "slice indices must be integers or None or have an __index__ method",
                        )
                    }),
                },
            }
        };
        let (start, stop, step) = (bound(&slice.start)?, bound(&slice.stop)?, bound(&slice.step)?);
        let step = step.unwrap_or(1);
        if step == 0 {
            return Err(Error::new("slice step cannot be zero"));
        }
        cut(&value, start, stop, step)
            .ok_or_else(|| {
                Error::new(format!("'{}' object is not subscriptable", type_name(&value)))
            })
            .map_err(|error| match &value {
                Value::Dict(_) => Error::new("unhashable type: 'slice'"),
                _ => error,
            })
    }
}

/// The indices that a slice of something this long has.
pub(crate) fn indices(
    length: usize,
    start: Option<i64>,
    stop: Option<i64>,
    step: i64,
) -> Vec<usize> {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let (lowest, highest) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let clamp = |bound: i64| {
        let bound = if bound < 0 { bound.saturating_add(length) } else { bound };
        bound.clamp(lowest, highest)
    };
    let start = start.map_or(if step > 0 { lowest } else { highest }, clamp);
    let stop = stop.map_or(if step > 0 { highest } else { lowest }, clamp);
    Range { start, stop, step }.iter().filter_map(|index| usize::try_from(index).ok()).collect()
}

fn cut(value: &Value, start: Option<i64>, stop: Option<i64>, step: i64) -> Option<Value> {
    let pick = |length| indices(length, start, stop, step);
    Some(match value {
        Value::Str(text) => {
            let chars: Vec<char> = text.chars().collect();
            Value::text(pick(chars.len()).into_iter().map(|index| chars[index]).collect::<String>())
        }
        Value::List(items) => {
            Value::List(pick(items.len()).into_iter().map(|index| items[index].clone()).collect())
        }
        Value::Tuple(items) => {
            Value::Tuple(pick(items.len()).into_iter().map(|index| items[index].clone()).collect())
        }
        Value::Bytes(bytes) => {
            Value::bytes(pick(bytes.len()).into_iter().map(|index| bytes[index]).collect())
        }
        Value::Range(range) => Value::List(
            pick(range.len())
                .into_iter()
                .filter_map(|index| range.get(index))
                .map(Value::Int)
                .collect(),
        ),
        Value::Obj(object) => {
            let items = object.iterate()?;
            let items = pick(items.len()).into_iter().map(|index| items[index].clone()).collect();
            Value::Tuple(items)
        }
        _ => return None,
    })
}
