//! Filters, tests, functions and methods called.

use std::sync::Arc;

use nafal_base::{Text, UndefinedReason, Value};

use super::expr::text_key;
use super::finalize::{settle, taken};
use super::foreign::{UNLOADED, foreign_filter, foreign_test};
use super::operators::type_name;
use super::output::{is_plain, is_plain_value};
use super::{Frame, iterate, loops, macros, mappings, objects};
use crate::ast::{Arguments, Call, Expr, FilterCall, TestCall};
use crate::error::{Error, ErrorKind, deferred, failed};
use crate::methods;
use crate::plugin::{Args, Filter, Function, OnMembers, OnUndefined, Test};
use crate::registry;

/// What is passed, evaluated.
#[derive(Debug, Default)]
pub(crate) struct Passed {
    pub positional: Vec<Value>,
    pub named: Vec<(Text, Value)>,
}

impl Passed {
    pub fn args(&self) -> Args<'_> {
        Args { positional: &self.positional, named: &self.named }
    }

    /// The first of them that is undefined.
    pub fn undefined(&self) -> Option<&Value> {
        undefined_in(self.args())
    }
}

pub(super) fn undefined_in(args: Args<'_>) -> Option<&Value> {
    args.positional
        .iter()
        .chain(args.named.iter().map(|(_, value)| value))
        .find(|value| value.is_undefined())
}

impl Frame<'_> {
    pub(super) fn arguments(&self, arguments: &Arguments) -> Result<Passed, Error> {
        let mut passed = Passed::default();
        for expr in &arguments.positional {
            passed.positional.push(self.argument(expr)?);
        }
        for (name, expr) in &arguments.named {
            passed.named.push((name.clone(), self.argument(expr)?));
        }
        for expr in &arguments.splat {
            let items = iterate(&self.argument(expr)?)?;
            passed.positional.extend(items);
        }
        for expr in &arguments.named_splat {
            let value = self.operand(expr)?;
            let Value::Dict(dict) = &value else {
                return Err(Error::new(format!(
                    "argument after ** must be a mapping, not {}",
                    type_name(&value)
                )));
            };
            for (key, value) in dict {
                let Some(name) = text_key(key.value()) else {
                    return Err(Error::new("keywords must be strings"));
                };
                passed.named.push((name, value.clone()));
            }
        }
        Ok(passed)
    }

    fn argument(&self, expr: &Expr) -> Result<Value, Error> {
        settle(self.session, self.wrapped(self.expr(expr)?), self.scope)
    }

    pub(super) fn filter_call(&self, call: &FilterCall) -> Result<Value, Error> {
        let value = match self.still_vaulted(call) {
            Some(vaulted) => vaulted,
            None => {
                let members = call.filter.map_or(OnMembers::Render, |filter| filter.members);
                taken(self.session, self.wrapped(self.expr(&call.value)?), self.scope, members)?
            }
        };
        let passed = self.arguments(&call.arguments)?;
        self.later(match call.filter {
            Some(filter) => {
                apply_filter(&self.context(), filter, &call.name, &value, passed.args())
                    .map(|result| self.made(&call.name, result))
            }
            None => foreign_filter(&self.context(), &call.name, &value, passed.args()),
        })
    }

    /// For `unvault`, which has a password of its own: a variable's value as it was encrypted.
    fn still_vaulted(&self, call: &FilterCall) -> Option<Value> {
        let Expr::Name(name) = &call.value else { return None };
        if crate::registry::short_name(&call.name) != "unvault" || self.local(name).is_some() {
            return None;
        }
        match self.scope.get(name)? {
            Value::Str(text) if text.is_vault() => Some(Value::Str(Text::new(text.as_str()))),
            _ => None,
        }
    }

    /// What a call gives; its failure is told when that is used.
    fn later(&self, result: Result<Value, Error>) -> Result<Value, Error> {
        result.map(|value| self.wrapped(value)).or_else(|error| match error.kind() {
            ErrorKind::Undefined(undefined) => Ok(Value::Undef(Arc::clone(undefined))),
            _ => Ok(deferred(error.on_line(self.line.get()), self.span)),
        })
    }

    /// The test's result, or the marker of something undefined that it doesn't take.
    pub(super) fn test_call(&self, call: &TestCall) -> Result<Result<bool, Value>, Error> {
        let value = self.expr(&call.value)?;
        let members = call.test.map_or(OnMembers::Render, |test| test.members);
        let value = taken(self.session, value, self.scope, members)?;
        let passed = self.arguments(&call.arguments)?;
        let (context, args) = (self.context(), passed.args());
        let result = match call.test {
            Some(test) => apply_test(&context, test, &call.name, &value, args),
            None => foreign_test(&context, &call.name, &value, args),
        };
        match result {
            Ok(holds) => Ok(Ok(holds)),
            Err(error) => self.later(Err(error)).map(Err),
        }
    }

    pub(super) fn call(&self, call: &Call) -> Result<Value, Error> {
        if let Expr::Attribute(base, name) = &call.callee {
            return self.method_call(base, name, call);
        }
        if let Expr::Name(name) = &call.callee
            && self.local(name).is_none()
        {
            if &**name == "super" && !self.block.borrow().is_empty() {
                return self.super_block();
            }
            if self.scope.get(name).is_none()
                && let Some(function) = registry::function(name)
            {
                let passed = self.arguments(&call.arguments)?;
                return self.later(self.function(function, &passed));
            }
        }
        let callee = self.expr(&call.callee)?;
        if callee.is_undefined() {
            return Ok(callee);
        }
        let passed = self.arguments(&call.arguments)?;
        self.later(self.call_value(&callee, &passed))
    }

    fn function(&self, function: &Function, passed: &Passed) -> Result<Value, Error> {
        // Lookups look themselves: `default=` may be undefined.
        let looks = matches!(function.name, "lookup" | "query" | "q");
        if let Some(undefined) = passed.undefined().filter(|_| !looks) {
            return Ok(undefined.clone());
        }
        let result = (function.run)(&self.context(), passed.args())?;
        Ok(self.made(function.name, result))
    }

    /// What `list` and `dict` give is new even if it holds the same.
    fn made(&self, name: &str, value: Value) -> Value {
        if !self.template.changes {
            return value;
        }
        match registry::short_name(name) {
            "list" | "dict" => super::aliases::copied(value),
            _ => value,
        }
    }

    fn method_call(&self, base: &Expr, name: &str, call: &Call) -> Result<Value, Error> {
        if let Expr::Name(root) = base
            && &**root == "self"
            && self.local("self").is_none()
            && self.unit().blocks.borrow().iter().any(|(block, _)| &**block == name)
        {
            return self.block_value(name);
        }
        if methods::may_change(name) {
            let passed = self.arguments(&call.arguments)?;
            match self.change_in_place(base, name, &passed) {
                Ok(None) => {}
                Ok(Some(result)) => return Ok(result),
                Err(error) => return self.later(Err(error)),
            }
            let receiver = self.expr(base)?;
            return self.later(self.method_of(&receiver, name, &passed));
        }
        let (receiver, theirs) = self.place(base)?;
        let receiver = match theirs {
            Some(scope) => settle(self.session, receiver, &*scope)?,
            None => self.wrapped(receiver),
        };
        if receiver.is_undefined() {
            return Ok(receiver);
        }
        let passed = self.arguments(&call.arguments)?;
        self.later(self.method_of(&receiver, name, &passed))
    }

    fn method_of(&self, receiver: &Value, name: &str, passed: &Passed) -> Result<Value, Error> {
        if receiver.is_undefined() {
            return Ok(receiver.clone());
        }
        if methods::exists(receiver, name) {
            if let Some(undefined) = passed.undefined() {
                return Ok(undefined.clone());
            }
            let receiver = self.receiver(receiver, name)?;
            let result = methods::call(&self.context(), &receiver, name, passed.args())?;
            return self.session.resolve(result, self.scope);
        }
        if let Value::Obj(object) = receiver {
            if let Some(result) = object.call_method(name, &passed.positional, &passed.named) {
                return self.session.resolve(result.map_err(Error::new)?, self.scope);
            }
            if let Some(result) = loops::method(self, receiver, name, passed) {
                return result;
            }
            if let Some(result) = mappings::method(self, receiver, name, passed) {
                return result;
            }
        }
        let callee = self.get_attribute(receiver, name)?;
        if callee.is_undefined() {
            return Ok(callee);
        }
        self.call_value(&callee, passed)
    }

    /// The receiver as a method needs it: those that look at items want them rendered.
    fn receiver(&self, receiver: &Value, name: &str) -> Result<Value, Error> {
        if matches!(name, "get" | "keys" | "setdefault") {
            return Ok(receiver.clone());
        }
        settle(self.session, receiver.clone(), self.scope)
    }

    /// Calls a value.
    pub fn call_value(&self, callee: &Value, passed: &Passed) -> Result<Value, Error> {
        let Value::Obj(object) = callee else {
            if callee.is_undefined() {
                return Ok(callee.clone());
            }
            return Err(Error::new(format!("'{}' object is not callable", type_name(callee))));
        };
        if let Some(called) = object.downcast::<macros::MacroObject>() {
            return self.call_macro(called, passed);
        }
        if let Some(undefined) = passed.undefined() {
            return Ok(undefined.clone());
        }
        if let Some(function) = object.downcast::<objects::FunctionObject>() {
            return (function.0.run)(&self.context(), passed.args());
        }
        if let Some(method) = object.downcast::<objects::MethodObject>() {
            if methods::changes(&method.receiver, &method.name) {
                let mut receiver = method.receiver.clone();
                let result = methods::change(&mut receiver, &method.name, passed.args())?;
                self.follow(vec![(method.receiver.clone(), receiver)]);
                return Ok(result);
            }
            return self.method_of(&method.receiver, &method.name, passed);
        }
        if let Some(running) = object.downcast::<loops::LoopObject>() {
            return self.recurse(running, passed);
        }
        match object.call_method("__call__", &passed.positional, &passed.named) {
            Some(result) => result.map_err(Error::new),
            None => Err(Error::new(format!("'{}' object is not callable", object.type_name()))),
        }
    }

    /// The marker of a filter or test that isn't there, as an attribute of nothing.
    pub(super) fn message(&self, message: String) -> Value {
        self.undefined(UndefinedReason::Message(message))
    }
}

/// Applies a native filter, with stock's headline over what goes wrong.
pub(crate) fn apply_filter(
    context: &crate::context::Context<'_>,
    filter: &Filter,
    name: &str,
    value: &Value,
    args: Args<'_>,
) -> Result<Value, Error> {
    if filter.undefined == OnUndefined::PassOn {
        if let Value::Undef(undefined) = value {
            if is_plain(undefined) {
                // Jinja's own undefined is empty to whoever doesn't look closer.
                return apply_filter(context, filter, name, &Value::from(""), args);
            }
            return Ok(value.clone());
        }
        if let Some(undefined) = undefined_in(args) {
            return Ok(undefined.clone());
        }
    }
    if filter.undefined == OnUndefined::Accept {
        // Of a call that failed only the type can be told.
        if let Value::Undef(undefined) = value
            && let Some(error) = failed(undefined)
            && name != "type_debug"
        {
            return Err(error.clone());
        }
        let result = (filter.run)(context, value, args);
        if result.as_ref().is_ok_and(is_plain_value) {
            return Err(super::finalize::unsupported("Undefined"));
        }
        return result.map_err(|error| plugin_failed(error, "filter", name));
    }
    // Something undefined that the filter met is its result: a `default` behind it still helps.
    (filter.run)(context, value, args).or_else(|error| match error.kind() {
        ErrorKind::Undefined(undefined) => Ok(Value::Undef(Arc::clone(undefined))),
        _ => Err(plugin_failed(error, "filter", name)),
    })
}

/// Applies a native test.
pub(crate) fn apply_test(
    context: &crate::context::Context<'_>,
    test: &Test,
    name: &str,
    value: &Value,
    args: Args<'_>,
) -> Result<bool, Error> {
    if let Value::Undef(undefined) = value
        && let Some(error) = failed(undefined)
    {
        return Err(error.clone());
    }
    if test.undefined == OnUndefined::PassOn {
        let first = Some(value).filter(|value| value.is_undefined());
        if let Some(Value::Undef(undefined)) = first.or_else(|| undefined_in(args)) {
            return Err(Error::undefined(undefined));
        }
    }
    (test.run)(context, value, args).map_err(|error| plugin_failed(error, "test", name))
}

/// Stock's headline over a bare failure of a plugin.
pub(crate) fn plugin_failed(error: Error, kind: &str, name: &str) -> Error {
    let bare = match error.kind() {
        ErrorKind::Failed(_) => true,
        ErrorKind::Undefined(_)
        | ErrorKind::Syntax(_)
        | ErrorKind::Complete(_)
        | ErrorKind::Omit => false,
    };
    // The innermost plugin has the word: what `map` and its kin call isn't wrapped again.
    if !bare || is_headline(&error) {
        return error;
    }
    let short = registry::short_name(name);
    let full =
        if short.contains('.') { short.to_owned() } else { format!("ansible.builtin.{short}") };
    Error::new(format!("The {kind} plugin '{full}' failed.")).caused_by(error)
}

fn is_headline(error: &Error) -> bool {
    let message = error.message();
    // A member of what it was given failed: that isn't the plugin's own failure.
    let is_member = message == "Error rendering template.";
    error.cause().is_some()
        && !message.ends_with(UNLOADED)
        && (is_member
            || ["filter", "test", "lookup"]
                .iter()
                .any(|kind| message.starts_with(&format!("The {kind} plugin '"))))
}

/// Stock's headline over a bare failure of a lookup.
pub(crate) fn lookup_failed(error: Error, name: &str) -> Error {
    crate::session::wrap(error, &format!("The lookup plugin '{name}' failed."))
}
