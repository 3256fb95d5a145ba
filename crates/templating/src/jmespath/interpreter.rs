//! The tree applied to data. Must not know syntax.

use nafal_base::{Dict, Value};

use super::Fault;
use super::functions::{self, Argument};
use super::kinds::{equals, is_false};
use super::parser::{Comparison, Node};
use crate::eval::index;

pub(super) type Found = Result<Value, Fault>;

/// What the expression gives for this value.
pub(super) fn visit(node: &Node, value: &Value) -> Found {
    Ok(match node {
        Node::Identity | Node::Current => value.clone(),
        Node::Field(name) => {
            value.as_dict().and_then(|dict| dict.get(name)).cloned().unwrap_or_default()
        }
        Node::Literal(literal) => literal.clone(),
        Node::Sub(steps) => {
            let mut value = value.clone();
            for step in steps {
                value = visit(step, &value)?;
            }
            value
        }
        Node::Index(at) => match value {
            Value::List(items) => index(&Value::Int(*at), items.len())
                .and_then(|at| items.get(at))
                .cloned()
                .unwrap_or_default(),
            _ => Value::None,
        },
        Node::Slice(parts) => slice(parts, value)?,
        Node::Compare(comparison, pair) => {
            compare(*comparison, &visit(&pair[0], value)?, &visit(&pair[1], value)?)?
        }
        Node::Or(pair) => match visit(&pair[0], value)? {
            left if is_false(&left) => visit(&pair[1], value)?,
            left => left,
        },
        Node::And(pair) => match visit(&pair[0], value)? {
            left if is_false(&left) => left,
            _ => visit(&pair[1], value)?,
        },
        Node::Not(inner) => Value::Bool(is_false(&visit(inner, value)?)),
        Node::Pipe(pair) => visit(&pair[1], &visit(&pair[0], value)?)?,
        Node::Flatten(inner) => flatten(visit(inner, value)?),
        Node::List(_) | Node::Dict(_) if value.is_none() => Value::None,
        Node::List(items) => {
            items.iter().map(|item| visit(item, value)).collect::<Result<Vec<_>, _>>()?.into()
        }
        Node::Dict(entries) => {
            let mut dict = Dict::with_capacity(entries.len());
            for (name, entry) in entries {
                dict.insert(name.clone(), visit(entry, value)?);
            }
            Value::Dict(dict)
        }
        Node::Call(name, arguments) => {
            let resolved = arguments
                .iter()
                .map(|argument| match argument {
                    Node::Reference(inner) => Ok(Argument::Expression(inner)),
                    other => visit(other, value).map(Argument::Value),
                })
                .collect::<Result<Vec<_>, _>>()?;
            functions::call(name, &resolved)?
        }
        // An expression where a value should be: Python hands out an object that nothing takes.
        Node::Reference(_) => Value::None,
        projection => project(projection, value)?,
    })
}

fn project(node: &Node, value: &Value) -> Found {
    let (base, right, condition) = match node {
        Node::Projection(pair) => (visit(&pair[0], value)?, &pair[1], None),
        Node::FilterProjection(parts) => (visit(&parts[0], value)?, &parts[1], Some(&parts[2])),
        Node::ValueProjection(pair) => match visit(&pair[0], value)? {
            Value::Dict(dict) => {
                (dict.values().cloned().collect::<Vec<_>>().into(), &pair[1], None)
            }
            _ => return Ok(Value::None),
        },
        _ => return Ok(Value::None),
    };
    let Value::List(items) = base else {
        return Ok(Value::None);
    };
    let mut found = Vec::with_capacity(items.len());
    for item in &items {
        if let Some(condition) = condition
            && is_false(&visit(condition, item)?)
        {
            continue;
        }
        let item = visit(right, item)?;
        if !item.is_none() {
            found.push(item);
        }
    }
    Ok(found.into())
}

fn slice(parts: &[Option<i64>; 3], value: &Value) -> Found {
    let Value::List(items) = value else {
        return Ok(Value::None);
    };
    let [start, stop, step] = *parts;
    if step == Some(0) {
        return Err(Fault::Python("slice step cannot be zero".to_owned()));
    }
    let picked = crate::eval::slice_indices(items.len(), start, stop, step.unwrap_or(1));
    Ok(picked.into_iter().map(|at| items[at].clone()).collect::<Vec<_>>().into())
}

/// Lists among the items are opened, once.
fn flatten(value: Value) -> Value {
    let Value::List(items) = value else {
        return Value::None;
    };
    let mut flat = Vec::with_capacity(items.len());
    for item in &items {
        match item {
            Value::List(inner) => flat.extend(inner.iter().cloned()),
            other => flat.push(other.clone()),
        }
    }
    flat.into()
}

/// Numbers and texts have an order; nothing else compares.
fn compare(comparison: Comparison, left: &Value, right: &Value) -> Found {
    let sign = match comparison {
        Comparison::Eq => return Ok(Value::Bool(equals(left, right))),
        Comparison::Ne => return Ok(Value::Bool(!equals(left, right))),
        Comparison::Lt => "<",
        Comparison::Lte => "<=",
        Comparison::Gt => ">",
        Comparison::Gte => ">=",
    };
    let has_order = |value: &Value| {
        matches!(value, Value::Int(_) | Value::Big(_) | Value::Float(_) | Value::Str(_))
    };
    if !has_order(left) || !has_order(right) {
        return Ok(Value::None);
    }
    let order = left.compare(right).map_err(|pair| {
        Fault::Python(format!(
            "'{sign}' not supported between instances of '{}' and '{}'",
            pair.left, pair.right
        ))
    })?;
    Ok(Value::Bool(match comparison {
        Comparison::Lt => order.is_lt(),
        Comparison::Lte => order.is_le(),
        Comparison::Gt => order.is_gt(),
        _ => order.is_ge(),
    }))
}
