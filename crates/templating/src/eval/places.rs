//! Changing lists and dicts in place: values are copied on write, so whoever holds the place gets
//! the changed value written back.

use std::cell::RefCell;

use nafal_base::{Key, Value};

use super::access::index;
use super::aliases::{Moved, shared};
use super::call::Passed;
use super::{Frame, Slot, objects};
use crate::ast::Expr;
use crate::error::Error;
use crate::methods;

/// What was changed so far, of what others hold.
type Noted = RefCell<Vec<Moved>>;

/// Applies a change, and notes it when others hold the value too.
fn noted(
    moved: &Noted,
    value: &mut Value,
    change: impl FnOnce(&mut Value) -> Result<Value, Error>,
) -> Result<Value, Error> {
    let Some(before) = shared(value) else {
        return change(value);
    };
    let result = change(value);
    moved.borrow_mut().push((before, value.clone()));
    result
}

type Change<'c> = &'c mut dyn FnMut(&mut Value) -> Result<Value, Error>;

impl Frame<'_> {
    /// Calls a changing method on the place that `base` names; None when its value has no such
    /// method.
    pub(super) fn change_in_place(
        &self,
        base: &Expr,
        name: &str,
        passed: &Passed,
    ) -> Result<Option<Value>, Error> {
        let mut called = true;
        let moved = RefCell::new(Vec::new());
        let result = self.modify(base, &moved, &mut |value| {
            if value.is_undefined() {
                return Ok(value.clone());
            }
            if !methods::changes(value, name) {
                called = false;
                return Ok(Value::None);
            }
            if let Some(undefined) = passed.undefined() {
                return Ok(undefined.clone());
            }
            noted(&moved, value, |value| methods::change(value, name, passed.args()))
        });
        self.follow(moved.into_inner());
        let result = result?;
        Ok(called.then_some(result))
    }

    /// Applies a change to the value at a place and writes it back.
    fn modify(&self, place: &Expr, moved: &Noted, change: Change<'_>) -> Result<Value, Error> {
        match place {
            Expr::Name(name) => self.modify_name(name, change),
            Expr::Attribute(base, name) => {
                let key = Value::from(&**name);
                self.modify(base, moved, &mut |value| {
                    noted(moved, value, |value| self.modify_inside(value, &key, change))
                })
            }
            Expr::Item(pair) => {
                let key = self.expr(&pair.1)?;
                self.modify(&pair.0, moved, &mut |value| {
                    noted(moved, value, |value| self.modify_inside(value, &key, change))
                })
            }
            Expr::Call(call) => self.modify_call(place, call, moved, change),
            other => change(&mut self.expr(other)?),
        }
    }

    /// `d.setdefault(k, []).append(x)` and `d.get(k).append(x)` change what is in `d`.
    fn modify_call(
        &self,
        place: &Expr,
        call: &crate::ast::Call,
        moved: &Noted,
        change: Change<'_>,
    ) -> Result<Value, Error> {
        let Expr::Attribute(base, name) = &call.callee else {
            return change(&mut self.expr(place)?);
        };
        if !matches!(&**name, "setdefault" | "get") {
            return change(&mut self.expr(place)?);
        }
        let passed = self.arguments(&call.arguments)?;
        let Some(key) = passed.positional.first().cloned() else {
            return change(&mut self.expr(place)?);
        };
        let default = passed.positional.get(1).cloned().unwrap_or_default();
        self.modify(base, moved, &mut |value| {
            let Value::Dict(dict) = value else {
                return Ok(Value::None);
            };
            if &**name == "get" && dict.is_written() {
                // Stock wraps what such a dict gives.
                let found = dict.lookup(&key).unwrap_or(&default).clone();
                return change(&mut super::aliases::wrapped(found));
            }
            if dict.lookup(&key).is_some() {
                return noted(moved, value, |value| self.modify_inside(value, &key, change));
            }
            let mut fresh = default.clone();
            let result = change(&mut fresh)?;
            if &**name == "setdefault" {
                let key = Key::new(key.clone()).map_err(|key| super::expr::unhashable(&key))?;
                dict.insert(key, fresh);
            }
            Ok(result)
        })
    }

    fn modify_name(&self, name: &crate::ast::Name, change: Change<'_>) -> Result<Value, Error> {
        let take = |slots: &mut Vec<Slot>| {
            let index = slots.iter().rposition(|slot| slot.name == *name)?;
            Some((index, std::mem::take(&mut slots[index].value)))
        };
        let taken = take(&mut self.locals.borrow_mut());
        if let Some((index, mut value)) = taken {
            let result = change(&mut value);
            put(&mut self.locals.borrow_mut(), index, value);
            return result;
        }
        let taken = self.unit.get().and_then(|unit| take(&mut unit.top.borrow_mut()));
        if let Some((index, mut value)) = taken {
            let result = change(&mut value);
            put(&mut self.unit().top.borrow_mut(), index, value);
            return result;
        }
        let mut value = self.variable(name)?;
        let result = change(&mut value)?;
        // A variable from outside is changed for this template only.
        if !value.is_undefined() {
            self.set_top(name, value);
        }
        Ok(result)
    }

    /// Applies a change to what is under a key of a value.
    fn modify_inside(
        &self,
        value: &mut Value,
        key: &Value,
        change: Change<'_>,
    ) -> Result<Value, Error> {
        match value {
            Value::Dict(dict) => {
                let Some(found) = dict.lookup(key).cloned() else {
                    let mut missing = self.missing(value, key);
                    return change(&mut missing);
                };
                let key = Key::new(key.clone()).map_err(|key| super::expr::unhashable(&key))?;
                // Taken out meanwhile, so that nothing is copied that only this dict holds.
                dict.insert(key.clone(), Value::None);
                let mut found = self.session.resolve(found, self.scope)?;
                let result = change(&mut found);
                dict.insert(key, found);
                result
            }
            Value::List(items) => {
                let Some(at) = index(key, items.len()) else {
                    let mut missing = self.missing(value, key);
                    return change(&mut missing);
                };
                let found = items.edit(|items| std::mem::take(&mut items[at]));
                let mut found = self.session.resolve(found, self.scope)?;
                let result = change(&mut found);
                items.edit(|items| items[at] = found);
                result
            }
            Value::Obj(object) => {
                let namespace = object.downcast::<objects::Namespace>();
                let Some(name) = key.as_str() else {
                    return change(&mut self.get_item(value, key)?);
                };
                match namespace.and_then(|namespace| namespace.take(name)) {
                    Some(mut found) => {
                        let result = change(&mut found);
                        if let Some(namespace) = namespace {
                            namespace.set(name, found);
                        }
                        result
                    }
                    None => change(&mut self.get_attribute(value, name)?),
                }
            }
            other => change(&mut self.get_item(other, key)?),
        }
    }

    /// Writes the items of a loop back to where they came from, when the loop changed them.
    pub(super) fn write_back(&self, place: &Expr, at: usize, item: Value) -> Result<(), Error> {
        if !matches!(place, Expr::Name(_) | Expr::Attribute(..) | Expr::Item(_)) {
            return Ok(());
        }
        let mut item = Some(item);
        self.modify(place, &Noted::default(), &mut |value| {
            if let Value::List(items) = value
                && let Some(item) = item.take()
            {
                items.edit(|items| {
                    if let Some(slot) = items.get_mut(at) {
                        *slot = item;
                    }
                });
            }
            Ok(Value::None)
        })
        .map(|_| ())
    }

    /// The value of a local variable that was changed in place since it was set.
    pub(super) fn changed(&self, name: &str) -> Option<Value> {
        let locals = self.locals.borrow();
        let slot = locals.iter().rev().find(|slot| &*slot.name == name)?;
        slot.changed.then(|| slot.value.clone())
    }
}

fn put(slots: &mut [Slot], index: usize, value: Value) {
    if let Some(slot) = slots.get_mut(index) {
        slot.value = value;
        slot.changed = true;
    }
}
