//! JMESPath's functions: one table of what they take, one arm each for what they give.

use std::cmp::Ordering;

use nafal_base::{Dict, Value};

use super::Fault;
use super::interpreter::{Found, visit};
use super::kinds::{Kind, equals};
use super::parser::Node;
use crate::filters::real;
use crate::python_json::{Layout, read, write};

/// What a function is given.
pub(super) enum Argument<'n> {
    Value(Value),
    /// `&expression`
    Expression(&'n Node),
}

const VALUE: &[Kind] = &[Kind::Any];
const NUMBER: &[Kind] = &[Kind::Number];
const TEXT: &[Kind] = &[Kind::Str];
const ARRAY: &[Kind] = &[Kind::Array];
const OBJECT: &[Kind] = &[Kind::Object];
const EXPRESSION: &[Kind] = &[Kind::Expression];
const NUMBERS: &[Kind] = &[Kind::ArrayOfNumbers];
const COMPARABLE: &[Kind] = &[Kind::ArrayOfNumbers, Kind::ArrayOfStrings];

/// How many: that many, or at least that many of the last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arity {
    Exact,
    AtLeast,
}

type Takes = (Arity, &'static [&'static [Kind]]);

fn exact(kinds: &'static [&'static [Kind]]) -> Option<Takes> {
    Some((Arity::Exact, kinds))
}

fn takes(name: &str) -> Option<Takes> {
    match name {
        "abs" | "ceil" | "floor" => exact(&[NUMBER]),
        "avg" | "sum" => exact(&[NUMBERS]),
        "contains" => exact(&[&[Kind::Array, Kind::Str], VALUE]),
        "ends_with" | "starts_with" => exact(&[TEXT, TEXT]),
        "join" => exact(&[TEXT, &[Kind::ArrayOfStrings]]),
        "keys" | "values" => exact(&[OBJECT]),
        "length" => exact(&[&[Kind::Str, Kind::Array, Kind::Object]]),
        "map" => exact(&[EXPRESSION, ARRAY]),
        "max" | "min" | "sort" => exact(&[COMPARABLE]),
        "max_by" | "min_by" | "sort_by" => exact(&[ARRAY, EXPRESSION]),
        "merge" => Some((Arity::AtLeast, &[OBJECT])),
        "not_null" => Some((Arity::AtLeast, &[VALUE])),
        "reverse" => exact(&[&[Kind::Array, Kind::Str]]),
        "to_array" | "to_number" | "to_string" | "type" => exact(&[VALUE]),
        _ => None,
    }
}

/// Calls a function by its name.
pub(super) fn call(name: &str, arguments: &[Argument<'_>]) -> Found {
    let Some((arity, kinds)) = takes(name) else {
        return Err(Fault::Path(format!("Unknown function: {name}()")));
    };
    let fits = match arity {
        Arity::Exact => arguments.len() == kinds.len(),
        Arity::AtLeast => arguments.len() >= kinds.len(),
    };
    if !fits {
        let least = if arity == Arity::AtLeast { "at least " } else { "" };
        let plural = if kinds.len() == 1 { "argument" } else { "arguments" };
        return Err(Fault::Path(format!(
            "Expected {least}{} {plural} for function {name}(), received {}",
            kinds.len(),
            arguments.len()
        )));
    }
    for (index, argument) in arguments.iter().enumerate() {
        check(name, argument, kinds[index.min(kinds.len() - 1)])?;
    }
    let (mut values, mut expression) = (Vec::with_capacity(arguments.len()), &Node::Identity);
    for argument in arguments {
        match argument {
            Argument::Value(value) => values.push(value),
            Argument::Expression(node) => expression = node,
        }
    }
    match (name, values.as_slice()) {
        ("map", [array]) => {
            let items = array.as_list().into_iter().flatten();
            items
                .map(|item| visit(expression, item))
                .collect::<Result<Vec<_>, _>>()
                .map(Value::from)
        }
        ("max_by" | "min_by" | "sort_by", [array]) => by(name, array, expression),
        (name, values) => plain(name, values),
    }
}

fn check(name: &str, argument: &Argument<'_>, kinds: &[Kind]) -> Result<(), Fault> {
    let (fits, shown, kind) = match argument {
        Argument::Expression(_) => {
            (kinds.contains(&Kind::Expression) || kinds == VALUE, "".to_owned(), "expref")
        }
        Argument::Value(value) => (
            kinds.iter().any(|kind| kind.takes(value)),
            value.to_text().into_owned(),
            Kind::of(value).name(),
        ),
    };
    if fits {
        return Ok(());
    }
    // An array with items of another kind is told by the first of those.
    if let Argument::Value(Value::List(items)) = argument
        && let Some(item) = items.first()
        && kinds.iter().all(|kind| matches!(kind, Kind::ArrayOfNumbers | Kind::ArrayOfStrings))
    {
        let wanted =
            |kind: &Kind| if *kind == Kind::ArrayOfNumbers { Kind::Number } else { Kind::Str };
        let found = kinds.iter().map(wanted).find(|kind| kind.takes(item));
        let odd = match found {
            Some(kind) => items.iter().find(|item| !kind.takes(item)).unwrap_or(item),
            None => item,
        };
        let expected: Vec<String> = match found {
            Some(kind) => vec![format!("'{}'", kind.name())],
            None => kinds.iter().map(|kind| format!("'{}'", wanted(kind).name())).collect(),
        };
        return wrong(name, &odd.to_text(), &expected.join(", "), Kind::of(odd).name());
    }
    let expected: Vec<String> = kinds.iter().map(|kind| format!("'{}'", kind.name())).collect();
    wrong(name, &shown, &expected.join(", "), kind)
}

fn wrong(name: &str, shown: &str, expected: &str, received: &str) -> Result<(), Fault> {
    Err(Fault::Path(format!(
        "In function {name}(), invalid type for value: {shown}, expected one of: [{expected}], \
         received: \"{received}\""
    )))
}

fn plain(name: &str, values: &[&Value]) -> Found {
    let first = values.first().copied().unwrap_or(&Value::None);
    let second = values.get(1).copied().unwrap_or(&Value::None);
    let items = || first.as_list().map(|items| items.to_vec()).unwrap_or_default();
    let number = |value: &Value| real(value).unwrap_or(0.0);
    Ok(match name {
        "abs" => match first {
            Value::Int(number) => number.checked_abs().map_or(first.clone(), Value::Int),
            other => Value::Float(number(other).abs()),
        },
        "ceil" => rounded(first, f64::ceil),
        "floor" => rounded(first, f64::floor),
        "avg" => match items().as_slice() {
            [] => Value::None,
            all => Value::Float(all.iter().map(number).sum::<f64>() / all.len() as f64),
        },
        "sum" => sum(&items()),
        "contains" => Value::Bool(match (first, second) {
            (Value::Str(text), Value::Str(part)) => text.contains(part.as_str()),
            (Value::Str(_), other) => {
                return Err(Fault::Python(format!(
                    "'in <string>' requires string as left operand, not {}",
                    other.type_name()
                )));
            }
            (list, item) => list.as_list().is_some_and(|items| items.contains(item)),
        }),
        "ends_with" => Value::Bool(first.to_text().ends_with(&*second.to_text())),
        "starts_with" => Value::Bool(first.to_text().starts_with(&*second.to_text())),
        "join" => {
            let parts: Vec<_> =
                second.as_list().into_iter().flatten().map(|item| item.to_text()).collect();
            parts.join(&*first.to_text()).into()
        }
        "keys" => dict(first).keys().map(|key| key.value().clone()).collect::<Vec<_>>().into(),
        "values" => dict(first).values().cloned().collect::<Vec<_>>().into(),
        "length" => match first {
            Value::Str(text) => text.chars().count().into(),
            Value::Dict(dict) => dict.len().into(),
            other => other.as_list().map_or(0, |items| items.len()).into(),
        },
        "max" => extreme(items(), Ordering::Greater)?,
        "min" => extreme(items(), Ordering::Less)?,
        "sort" => {
            let mut items = items();
            items.sort_by(|a, b| a.compare(b).unwrap_or(Ordering::Equal));
            items.into()
        }
        "merge" => {
            let mut merged = Dict::new();
            for (key, value) in values.iter().flat_map(|value| value.as_dict()).flatten() {
                merged.insert(key.clone(), value.clone());
            }
            Value::Dict(merged)
        }
        "not_null" => {
            values.iter().find(|value| !value.is_none()).map_or(Value::None, |v| (*v).clone())
        }
        "reverse" => match first {
            Value::Str(text) => text.chars().rev().collect::<String>().into(),
            _ => items().into_iter().rev().collect::<Vec<_>>().into(),
        },
        "to_array" => match first {
            Value::List(_) => first.clone(),
            other => vec![other.clone()].into(),
        },
        "to_number" => to_number(first),
        "to_string" => match first {
            Value::Str(_) => first.clone(),
            other => {
                let separators = (",".to_owned(), ":".to_owned());
                let layout = Layout { separators, ..Layout::new(None) };
                write(other, &layout).map_err(Fault::Python)?.into()
            }
        },
        _ => Kind::of(first).name().into(),
    })
}

fn dict(value: &Value) -> Dict {
    value.as_dict().cloned().unwrap_or_default()
}

fn rounded(value: &Value, round: fn(f64) -> f64) -> Value {
    match value {
        Value::Float(number) => {
            let whole = round(*number);
            num_traits::FromPrimitive::from_f64(whole).map_or(Value::Float(whole), Value::from_big)
        }
        other => other.clone(),
    }
}

fn sum(items: &[Value]) -> Value {
    let whole: Option<i64> = items.iter().try_fold(0_i64, |sum, item| match item {
        Value::Int(number) => sum.checked_add(*number),
        _ => None,
    });
    whole.map_or_else(
        || Value::Float(items.iter().map(|item| real(item).unwrap_or(0.0)).sum()),
        Value::Int,
    )
}

fn to_number(value: &Value) -> Value {
    match value {
        Value::Int(_) | Value::Big(_) | Value::Float(_) => value.clone(),
        Value::Str(text) => {
            let text = text.trim();
            let number = read(text).ok().filter(|value| Kind::of(value) == Kind::Number);
            number.or_else(|| text.parse().ok().map(Value::Float)).unwrap_or_default()
        }
        _ => Value::None,
    }
}

/// The greatest or the least, the first of equals; nothing for an empty array.
fn extreme(items: Vec<Value>, wanted: Ordering) -> Found {
    let mut items = items.into_iter();
    let Some(mut best) = items.next() else {
        return Ok(Value::None);
    };
    for item in items {
        if item.compare(&best).unwrap_or(Ordering::Equal) == wanted {
            best = item;
        }
    }
    Ok(best)
}

/// By what an expression gives for each item: numbers or texts, all of one kind.
fn by(name: &str, array: &Value, expression: &Node) -> Found {
    let items = array.as_list().map(|items| items.to_vec()).unwrap_or_default();
    let mut keyed = Vec::with_capacity(items.len());
    let mut kind = None;
    for item in items {
        let key = visit(expression, &item)?;
        let found = Kind::of(&key);
        let expected = kind.map_or(vec![Kind::Number, Kind::Str], |kind| vec![kind]);
        if !expected.contains(&found) {
            let expected: Vec<String> =
                expected.iter().map(|kind| format!("'{}'", kind.name())).collect();
            wrong(name, &key.to_text(), &expected.join(", "), found.name())?;
        }
        kind = kind.or(Some(found));
        keyed.push((key, item));
    }
    if name == "sort_by" {
        keyed.sort_by(|a, b| a.0.compare(&b.0).unwrap_or(Ordering::Equal));
        return Ok(keyed.into_iter().map(|(_, item)| item).collect::<Vec<_>>().into());
    }
    let wanted = if name == "max_by" { Ordering::Greater } else { Ordering::Less };
    let mut best: Option<(Value, Value)> = None;
    for (key, item) in keyed {
        let better = best.as_ref().is_none_or(|(known, _)| {
            !equals(&key, known) && key.compare(known).unwrap_or(Ordering::Equal) == wanted
        });
        if better {
            best = Some((key, item));
        }
    }
    Ok(best.map_or(Value::None, |(_, item)| item))
}
