//! Expressions to values.

use std::sync::Arc;

use nafal_base::{Dict, Key, List, Scope, Text, UndefinedReason, Value};

use super::output::{is_plain, is_plain_value};
use super::{Frame, finalize};
use crate::ast::{BinaryOp, Expr};
use crate::error::Error;
use crate::registry;
use crate::session::Session;

/// A value and, when it isn't this template's own, the scope that its lazy parts belong to.
pub(crate) type Placed = (Value, Option<Arc<dyn Scope>>);

impl Frame<'_> {
    /// The expression's value; undefined is a value.
    pub fn expr(&self, expr: &Expr) -> Result<Value, Error> {
        match expr {
            Expr::Const(value) => Ok(value.clone()),
            Expr::Name(name) => self.variable(name),
            Expr::Attribute(..) | Expr::Item(_) => {
                let (value, theirs) = self.place(expr)?;
                match theirs {
                    Some(scope) if value.has_template() => {
                        finalize::settle(self.session, value, &*scope)
                    }
                    _ => Ok(value),
                }
            }
            Expr::Filter(call) => self.filter_call(call),
            Expr::Test(call) => self.test_call(call).map(|result| match result {
                Ok(flag) => Value::Bool(flag),
                Err(marker) => marker,
            }),
            Expr::Call(call) => self.call(call),
            Expr::Compare(first, rest) => self.comparison(first, rest),
            Expr::Not(operand) => {
                let value = self.expr(operand)?;
                Ok(Value::Bool(!self.truth(&value)?))
            }
            Expr::And(pair) => {
                let left = self.expr(&pair.0)?;
                if self.truth(&left)? { self.expr(&pair.1) } else { Ok(left) }
            }
            Expr::Or(pair) => {
                let left = self.expr(&pair.0)?;
                if self.truth(&left)? { Ok(left) } else { self.expr(&pair.1) }
            }
            Expr::If(parts) => {
                let (test, yes, no) = &**parts;
                let value = self.expr(test)?;
                match (self.truth(&value)?, no) {
                    (true, _) => self.expr(yes),
                    (false, Some(no)) => self.expr(no),
                    (false, None) => Ok(self.undefined(UndefinedReason::Plain)),
                }
            }
            Expr::Binary(op, pair) => {
                let (left, right) = (self.expr(&pair.0)?, self.expr(&pair.1)?);
                // Lists are put together whatever is in them (case `containers-failing-members`).
                if let (BinaryOp::Add, Value::List(_), Value::List(_))
                | (BinaryOp::Multiply, Value::List(_), Value::Int(_)) = (op, &left, &right)
                {
                    return super::operators::binary(*op, left, right);
                }
                super::operators::binary(*op, self.settled(left)?, self.settled(right)?)
            }
            Expr::Negative(operand) => super::operators::negative(&self.operand(operand)?),
            Expr::Positive(operand) => super::operators::positive(&self.operand(operand)?),
            other => self.composite(other),
        }
    }

    fn composite(&self, expr: &Expr) -> Result<Value, Error> {
        match expr {
            Expr::Nested(text, embedded) => self.nested(text, *embedded),
            Expr::Concat(parts) => {
                let mut out = String::new();
                for part in parts {
                    let value = self.expr(part)?;
                    if is_plain_value(&value) {
                        continue;
                    }
                    let value = self.settled(value)?;
                    out.push_str(&value.to_text());
                }
                Ok(Value::text(out))
            }
            Expr::Slice(slice) => self.slice(slice),
            Expr::Container(value) => Ok(super::aliases::fresh(value.clone())),
            Expr::List(items) => Ok(Value::List(List::written(self.items(items)?))),
            Expr::Tuple(items) => Ok(Value::Tuple(self.items(items)?.into())),
            Expr::Dict(entries) => self.dict(entries),
            Expr::Body => Ok(self.bodies.borrow().last().cloned().unwrap_or(Value::None)),
            // All others are in `expr`.
            _ => Ok(Value::None),
        }
    }

    fn items(&self, items: &[Expr]) -> Result<Vec<Value>, Error> {
        items.iter().map(|item| self.expr(item)).collect()
    }

    fn dict(&self, entries: &[(Expr, Expr)]) -> Result<Value, Error> {
        let mut dict = Dict::with_capacity(entries.len());
        for (key, value) in entries {
            let key = self.operand(key)?;
            let key = Key::new(key).map_err(|key| unhashable(&key))?;
            dict.insert(key, self.expr(value)?);
        }
        Ok(Value::Dict(dict.written()))
    }

    /// The value of an operand: nothing lazy in it, nothing undefined.
    pub fn operand(&self, expr: &Expr) -> Result<Value, Error> {
        let value = self.expr(expr)?;
        self.settled(value)
    }

    /// The value with nothing lazy in it; undefined is an error.
    pub fn settled(&self, value: Value) -> Result<Value, Error> {
        if let Value::Undef(undefined) = &value {
            return Err(Error::undefined(undefined));
        }
        let value = finalize::settle(self.session, value, self.scope)?;
        let marks = value.marks();
        if marks.contains(nafal_base::Marks::UNSETTLED) {
            no_undefined_inside(&value)?;
        }
        Ok(value)
    }

    /// Python's truth; undefined is an error, but Jinja's own undefined is false.
    pub fn truth(&self, value: &Value) -> Result<bool, Error> {
        match value {
            Value::Undef(undefined) if is_plain(undefined) => Ok(false),
            Value::Undef(undefined) => Err(Error::undefined(undefined)),
            value => Ok(value.is_true()),
        }
    }

    /// A variable as it is when it is read.
    pub fn variable(&self, name: &str) -> Result<Value, Error> {
        if let Some(value) = self.local(name) {
            return Ok(value);
        }
        if let Some(value) = self.scope.get(name) {
            let value = self.session.resolve(value, self.scope)?;
            // Its changes are this template's own: from now on it is read from here.
            if self.template.changes && matches!(value, Value::List(_) | Value::Dict(_)) {
                self.pin(name, value.clone());
            }
            return Ok(value);
        }
        Ok(global(name).unwrap_or_else(|| self.undefined(UndefinedReason::Name(name.to_owned()))))
    }
}

/// What every template knows without a variable.
pub(crate) fn global(name: &str) -> Option<Value> {
    if name == "omit" {
        return Some(Value::Omit);
    }
    if let Some(function) = registry::function(name) {
        return Some(super::objects::function(function));
    }
    super::objects::builtin(name)
}

/// A variable rendered from outside a template.
pub(crate) fn variable(
    session: &Session<'_>,
    scope: &dyn Scope,
    name: &str,
) -> Result<Option<Value>, Error> {
    scope.get(name).map(|value| session.resolve(value, scope)).transpose()
}

/// Python's words for a value that can't be a key.
pub(crate) fn unhashable(key: &Value) -> Error {
    match key {
        Value::Undef(undefined) => Error::undefined(undefined),
        key => Error::new(format!("unhashable type: '{}'", key.type_name())),
    }
}

/// The first undefined thing inside a value, as an error.
pub(crate) fn no_undefined_inside(value: &Value) -> Result<(), Error> {
    if !value.marks().contains(nafal_base::Marks::UNSETTLED) {
        return Ok(());
    }
    match value {
        Value::Undef(undefined) if is_plain(undefined) => Ok(()),
        Value::Undef(undefined) => Err(Error::undefined(undefined)),
        Value::List(items) | Value::Tuple(items) => items.iter().try_for_each(no_undefined_inside),
        Value::Dict(dict) => dict.values().try_for_each(no_undefined_inside),
        _ => Ok(()),
    }
}

/// A keyword argument's name as text.
pub(crate) fn text_key(key: &Value) -> Option<Text> {
    match key {
        Value::Str(text) => Some(text.clone()),
        _ => None,
    }
}
