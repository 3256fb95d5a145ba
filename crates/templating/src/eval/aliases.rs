//! Two names for one list or dict. Values are copied on write, so what was changed in place is put wherever the
//! same container stood: in variables, in other containers, in what lazy variables gave. Must not know
//! which method changes what.

use nafal_base::{List, Value};

use super::{Frame, Slot, objects};

/// A container before and after a change.
pub(super) type Moved = (Value, Value);

/// The container, if others hold it too: they must see its change.
pub(super) fn shared(value: &Value) -> Option<Value> {
    let holders = match value {
        Value::List(items) => items.holders(),
        Value::Dict(dict) => dict.holders(),
        _ => 1,
    };
    (holders > 1).then(|| value.clone())
}

/// A copy of what a template wrote itself: stock wraps such containers anew for every call, so a call
/// that changes one changes its own.
pub(super) fn wrapped(value: Value) -> Value {
    match &value {
        Value::List(items) if items.is_written() => {
            Value::List(items.iter().cloned().map(wrapped).collect())
        }
        Value::Dict(dict) if dict.is_written() => Value::Dict(
            dict.iter().map(|(key, value)| (key.clone(), wrapped(value.clone()))).collect(),
        ),
        _ => value,
    }
}

/// A container of its own with the same inside.
pub(super) fn copied(value: Value) -> Value {
    match &value {
        Value::List(items) => Value::List(items.detached()),
        Value::Dict(dict) => Value::Dict(dict.detached()),
        _ => value,
    }
}

/// A constant container as a fresh one.
pub(super) fn fresh(value: Value) -> Value {
    match &value {
        Value::List(items) => Value::List(List::written(items.to_vec())),
        Value::Dict(dict) => Value::Dict(dict.detached().written()),
        _ => value,
    }
}

impl Frame<'_> {
    /// What goes into a call or comes out of it, in a template that changes something in place.
    pub(super) fn wrapped(&self, value: Value) -> Value {
        if self.template.changes { wrapped(value) } else { value }
    }

    /// Puts what was changed wherever it stood before.
    pub(super) fn follow(&self, moved: Vec<Moved>) {
        if moved.is_empty() {
            return;
        }
        let mut seen = moved;
        rewrite_slots(&mut self.locals.borrow_mut(), &mut seen);
        if let Some(unit) = self.unit.get() {
            rewrite_slots(&mut unit.top.borrow_mut(), &mut seen);
        }
        self.session.each_unit(|unit| rewrite_slots(&mut unit.top.borrow_mut(), &mut seen));
        self.session.remembered(|value| rewrite(value, &mut seen));
    }
}

fn rewrite_slots(slots: &mut [Slot], seen: &mut Vec<Moved>) {
    for slot in slots {
        rewrite(&mut slot.value, seen);
    }
}

fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::List(a), Value::List(b)) => a.same(b),
        (Value::Dict(a), Value::Dict(b)) => a.same(b),
        _ => false,
    }
}

/// Puts the new containers for the old ones into a value. What holds one becomes a new container itself,
/// which is noted too: others may hold it.
fn rewrite(value: &mut Value, seen: &mut Vec<Moved>) {
    if let Some((_, new)) = seen.iter().find(|(old, _)| is_same(old, value)) {
        *value = new.clone();
        return;
    }
    match value {
        Value::List(items) | Value::Tuple(items) if items.iter().any(|item| holds(item, seen)) => {
            let old = Value::List(items.clone());
            items.edit(|items| items.iter_mut().for_each(|item| rewrite(item, seen)));
            seen.push((old, Value::List(items.clone())));
        }
        Value::Dict(dict) if dict.values().any(|item| holds(item, seen)) => {
            let old = Value::Dict(dict.clone());
            dict.edit(|map| map.values_mut().for_each(|item| rewrite(item, seen)));
            seen.push((old, Value::Dict(dict.clone())));
        }
        Value::Obj(object) => {
            if let Some(namespace) = object.downcast::<objects::Namespace>() {
                namespace.each(|value| rewrite(value, seen));
            }
        }
        _ => {}
    }
}

fn holds(value: &Value, seen: &[Moved]) -> bool {
    if seen.iter().any(|(old, _)| is_same(old, value)) {
        return true;
    }
    match value {
        Value::List(items) | Value::Tuple(items) => items.iter().any(|item| holds(item, seen)),
        Value::Dict(dict) => dict.values().any(|item| holds(item, seen)),
        Value::Obj(object) => object.downcast::<objects::Namespace>().is_some(),
        _ => false,
    }
}
