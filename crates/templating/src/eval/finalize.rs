//! What a value becomes before it leaves: lazy parts rendered, tuples lists, omit gone.

use nafal_base::{Dict, List, Marks, Scope, Span, Value};

use crate::error::{Error, ErrorKind, deferred};
use crate::plugin::OnMembers;
use crate::session::{Missing, Session};

use super::output::is_plain;

/// The value with everything lazy inside rendered; what is undefined or fails inside stays a marker.
pub(crate) fn settle(
    session: &Session<'_>,
    value: Value,
    scope: &dyn Scope,
) -> Result<Value, Error> {
    if !value.has_template() {
        return Ok(value);
    }
    match value {
        Value::Str(_) => {
            let value = session.resolve(value, scope)?;
            // What a template gave may be a lazy container of the same scope.
            if matches!(value, Value::Str(_)) { Ok(value) } else { settle(session, value, scope) }
        }
        Value::List(items) => settle_items(session, &items, scope).map(Value::List),
        Value::Tuple(items) => settle_items(session, &items, scope).map(Value::Tuple),
        Value::Dict(dict) => {
            let mut out = Dict::with_capacity(dict.len());
            for (key, value) in &dict {
                out.insert(key.clone(), settle_member(session, value, scope)?);
            }
            Ok(Value::Dict(out))
        }
        other => Ok(other),
    }
}

fn settle_items(session: &Session<'_>, items: &List, scope: &dyn Scope) -> Result<List, Error> {
    items
        .iter()
        .map(|item| settle_member(session, item, scope))
        .collect::<Result<Vec<_>, _>>()
        .map(List::from)
}

/// The value as a filter or a test takes it.
pub(crate) fn taken(
    session: &Session<'_>,
    value: Value,
    scope: &dyn Scope,
    members: OnMembers,
) -> Result<Value, Error> {
    match (members, &value) {
        (OnMembers::Leave, Value::List(_) | Value::Dict(_)) => Ok(value),
        _ => settle(session, value, scope),
    }
}

/// A member of a container, with what is in it still lazy; its failure is told when it is used.
pub(crate) fn read(
    session: &Session<'_>,
    member: &Value,
    scope: &dyn Scope,
) -> Result<Value, Error> {
    session.resolve(member.clone(), scope).or_else(|error| told_later(error, member))
}

/// A member whose template fails only matters to who uses it (case `containers-failing-members`).
fn settle_member(session: &Session<'_>, value: &Value, scope: &dyn Scope) -> Result<Value, Error> {
    settle(session, value.clone(), scope).or_else(|error| told_later(error, value))
}

/// The marker of a member that failed.
fn told_later(error: Error, member: &Value) -> Result<Value, Error> {
    match error.kind() {
        ErrorKind::Omit | ErrorKind::Syntax(_) => Err(error),
        _ => Ok(deferred(error, member.span())),
    }
}

/// The value as it leaves.
pub(crate) fn finalize(
    session: &Session<'_>,
    value: Value,
    scope: &dyn Scope,
) -> Result<Value, Error> {
    if value.is_settled() {
        return Ok(value);
    }
    match value {
        Value::Str(_) => {
            let value = session.resolve(value, scope)?;
            if value.has_template() && !matches!(value, Value::Str(_)) || !value.is_settled() {
                return finalize(session, value, scope);
            }
            Ok(value)
        }
        Value::List(items) | Value::Tuple(items) => {
            let mut out = Vec::with_capacity(items.len());
            for item in &items {
                out.extend(member(session, item, scope)?);
            }
            Ok(Value::List(List::placed(out, items.span().cloned())))
        }
        Value::Dict(dict) => {
            let mut out = Dict::with_capacity(dict.len());
            for (key, value) in &dict {
                let value = member(session, value, scope)?;
                if matches!(key.value(), Value::Tuple(_)) {
                    // Finalising makes a list of it, and a list can't be a key.
                    return Err(Error::new("unhashable type: 'list'"));
                }
                if let Some(value) = value {
                    out.insert(key.clone(), value);
                }
            }
            let span: Option<Span> = dict.span().cloned();
            Ok(Value::Dict(if span.is_some() { out.placed(span) } else { out }))
        }
        Value::Undef(undefined) if is_plain(&undefined) => Err(unsupported("Undefined")),
        Value::Undef(undefined) => match &session.marking {
            Some(marking) if marking.tolerates(&undefined) => {
                Ok(marking.value(&undefined.message(), undefined.span.as_ref()))
            }
            _ => Err(Error::undefined(&undefined)),
        },
        Value::Range(_) => Err(unsupported("range")),
        Value::Obj(object) => match object.to_data() {
            // What stands for itself (a date) is data already.
            Some(Value::Obj(same)) => Ok(Value::Obj(same)),
            Some(data) => match object.scope() {
                Some(theirs) => {
                    session.keep(&theirs);
                    finalize(session, data, &*theirs)
                }
                None => finalize(session, data, scope),
            },
            None => Err(unsupported(object.type_name())),
        },
        other => Ok(other),
    }
}

/// What a container has of this when it leaves.
fn member(session: &Session<'_>, value: &Value, scope: &dyn Scope) -> Result<Option<Value>, Error> {
    match finalize(session, value.clone(), scope) {
        Ok(Value::Omit) => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(error) => match (error.kind(), session.missing) {
            (ErrorKind::Undefined(_), Missing::LeftOut) => Ok(None),
            _ => Err(error),
        },
    }
}

pub(super) fn unsupported(kind: &str) -> Error {
    Error::new(format!("Type '{kind}' is unsupported for variable storage."))
}

/// Refuses what can't be a variable's value: the value itself, not what is inside.
pub(crate) fn storable(value: &Value) -> Result<(), Error> {
    match value {
        Value::Undef(undefined) if is_plain(undefined) => Err(unsupported("Undefined")),
        Value::Range(_) => Err(unsupported("range")),
        Value::Obj(object) if object.to_data().is_none() => Err(unsupported(object.type_name())),
        Value::Undef(undefined) if crate::error::failed(undefined).is_some() => {
            Err(Error::undefined(undefined))
        }
        _ => Ok(()),
    }
}

/// The value with lists for tuples, lazy parts as they are.
pub(crate) fn without_tuples(value: Value) -> Value {
    match &value {
        Value::Tuple(items) => Value::List(items.iter().cloned().map(without_tuples).collect()),
        Value::List(items) if items.marks().contains(Marks::UNSETTLED) => {
            Value::List(items.iter().cloned().map(without_tuples).collect())
        }
        Value::Dict(dict) if dict.marks().contains(Marks::UNSETTLED) => Value::Dict(
            dict.iter().map(|(key, value)| (key.clone(), without_tuples(value.clone()))).collect(),
        ),
        _ => value,
    }
}

/// The error of a whole value that is omit.
pub(crate) fn refuse_omit(value: Value) -> Result<Value, Error> {
    if matches!(value, Value::Omit) { Err(Error::of(ErrorKind::Omit)) } else { Ok(value) }
}
