//! Methods of Python's own types, one file a type. Must not know where the receiver comes from:
//! writing a changed receiver back is the evaluator's.

mod bytes;
mod dict;
mod format;
mod layout;
mod list;
mod number;
mod text;

use nafal_base::Value;

use crate::context::Context;
use crate::error::Error;
use crate::plugin::Args;

/// Whether the type has a method of this name.
pub(crate) fn exists(receiver: &Value, name: &str) -> bool {
    match receiver {
        Value::Str(_) => text::NAMES.contains(&name),
        Value::List(_) => list::NAMES.contains(&name) || list::CHANGES.contains(&name),
        Value::Tuple(_) => list::TUPLE_NAMES.contains(&name),
        Value::Dict(_) => dict::NAMES.contains(&name) || dict::CHANGES.contains(&name),
        Value::Int(_) | Value::Big(_) | Value::Bool(_) | Value::Float(_) => {
            number::exists(receiver, name)
        }
        Value::Bytes(_) => bytes::NAMES.contains(&name),
        _ => false,
    }
}

/// An attribute that isn't a method.
pub(crate) fn property(receiver: &Value, name: &str) -> Option<Value> {
    match receiver {
        Value::Int(_) | Value::Big(_) | Value::Bool(_) | Value::Float(_) => {
            number::property(receiver, name)
        }
        Value::Range(range) => match name {
            "start" => Some(Value::Int(range.start)),
            "stop" => Some(Value::Int(range.stop)),
            "step" => Some(Value::Int(range.step)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether some type has a method of this name that changes its receiver.
pub(crate) fn may_change(name: &str) -> bool {
    list::CHANGES.contains(&name) || dict::CHANGES.contains(&name)
}

/// Whether this receiver is changed by a method of this name.
pub(crate) fn changes(receiver: &Value, name: &str) -> bool {
    match receiver {
        Value::List(_) => list::CHANGES.contains(&name),
        Value::Dict(_) => dict::CHANGES.contains(&name),
        _ => false,
    }
}

/// Calls a method that changes its receiver.
pub(crate) fn change(receiver: &mut Value, name: &str, args: Args<'_>) -> Result<Value, Error> {
    match receiver {
        Value::List(items) => list::change(items, name, args),
        Value::Dict(dict) => dict::change(dict, name, args),
        _ => Ok(Value::None),
    }
}

/// Calls a method; one that changes works on a copy.
pub(crate) fn call(
    context: &Context<'_>,
    receiver: &Value,
    name: &str,
    args: Args<'_>,
) -> Result<Value, Error> {
    if changes(receiver, name) {
        return change(&mut receiver.clone(), name, args);
    }
    match receiver {
        Value::Str(text) => text::call(context, text, name, args),
        Value::List(items) => list::call(items, name, args),
        Value::Tuple(items) => list::call(items, name, args),
        Value::Dict(dict) => dict::call(dict, name, args),
        Value::Bytes(bytes) => bytes::call(bytes, name, args),
        number => number::call(number, name, args),
    }
}

/// The argument at a position, or None when there are fewer.
fn at<'a>(args: Args<'a>, index: usize) -> Option<&'a Value> {
    args.positional.get(index)
}

/// The argument at a position or by a name.
fn named<'a>(args: Args<'a>, index: usize, name: &str) -> Option<&'a Value> {
    at(args, index)
        .or_else(|| args.named.iter().find(|(known, _)| known == name).map(|(_, value)| value))
}

/// Python's words for a wrong number of arguments.
fn count(
    kind: &str,
    name: &str,
    args: Args<'_>,
    allowed: std::ops::RangeInclusive<usize>,
) -> Result<(), Error> {
    let given = args.positional.len() + args.named.len();
    if allowed.contains(&given) {
        return Ok(());
    }
    let (least, most) = (*allowed.start(), *allowed.end());
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    Err(Error::new(match (least, most) {
        (0, 0) => format!("{kind}.{name}() takes no arguments ({given} given)"),
        (1, 1) => format!("{kind}.{name}() takes exactly one argument ({given} given)"),
        (least, most) if least == most => {
            format!("{name} expected {least} arguments, got {given}")
        }
        (least, _) if given < least => {
            format!("{name} expected at least {least} argument{}, got {given}", plural(least))
        }
        (_, most) => {
            format!("{name} expected at most {most} argument{}, got {given}", plural(most))
        }
    }))
}

/// An int argument.
fn int(value: &Value) -> Result<i64, Error> {
    value.as_int().ok_or_else(|| {
        Error::new(format!("'{}' object cannot be interpreted as an integer", value.type_name()))
    })
}
