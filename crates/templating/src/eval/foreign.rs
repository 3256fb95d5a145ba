//! Filters, tests and lookups that the user brings. What is undefined is theirs to judge: some take it, and one that can't be
//! loaded says so before anything else. Must not know how they run.

use std::sync::Arc;

use nafal_base::{Undefined, UndefinedReason, Value};

use crate::context::Context;
use crate::effects::{PluginCall, PluginFailure, PluginKind};
use crate::error::Error;
use crate::plugin::Args;

/// How the headline ends of one whose file can't be loaded.
pub(crate) const UNLOADED: &str = "failed to load.";

fn with_value(value: &Value, args: Args<'_>) -> Vec<Value> {
    std::iter::once(value.clone()).chain(args.positional.iter().cloned()).collect()
}

/// A filter that the user brings, or none.
pub(crate) fn foreign_filter(
    context: &Context<'_>,
    name: &str,
    value: &Value,
    args: Args<'_>,
) -> Result<Value, Error> {
    if !context.effects().has_plugin(PluginKind::Filter, name) {
        return Err(Error::new(format!("No filter named '{name}'.")));
    }
    let positional = with_value(value, args);
    match called(context, PluginKind::Filter, name, &positional, args) {
        // Something undefined that the filter met is its result: a `default` behind it still helps.
        Err(failure) if failure.undefined => Ok(Value::Undef(undefined(failure))),
        other => other.map_err(|failure| headed(PluginKind::Filter, name, failure)),
    }
}

/// A test that the user brings, or none.
pub(crate) fn foreign_test(
    context: &Context<'_>,
    name: &str,
    value: &Value,
    args: Args<'_>,
) -> Result<bool, Error> {
    if !context.effects().has_plugin(PluginKind::Test, name) {
        return Err(Error::new(format!("No test named '{name}'.")));
    }
    let positional = with_value(value, args);
    match called(context, PluginKind::Test, name, &positional, args) {
        Ok(Value::Undef(undefined)) => Err(Error::undefined(&undefined)),
        Ok(result) => Ok(result.is_true()),
        Err(failure) => Err(headed(PluginKind::Test, name, failure)),
    }
}

/// A lookup that the user brings, or none.
pub(crate) fn foreign_lookup(
    context: &Context<'_>,
    name: &str,
    args: Args<'_>,
) -> Result<Vec<Value>, Error> {
    if !context.effects().has_plugin(PluginKind::Lookup, name) {
        if name.is_empty() {
            return Err(unloaded(&Value::from(name), "A non-empty plugin name is required."));
        }
        return Err(Error::complete(format!("The lookup plugin '{name}' was not found.")));
    }
    match called(context, PluginKind::Lookup, name, args.positional, args) {
        Ok(Value::List(items)) => Ok(items.into_vec()),
        Ok(Value::Undef(undefined)) => Err(Error::undefined(&undefined)),
        Ok(other) => Ok(vec![other]),
        Err(failure) => Err(headed(PluginKind::Lookup, name, failure)),
    }
}

/// A lookup that nothing could be loaded for.
pub(crate) fn unloaded(name: &Value, why: &str) -> Error {
    let headline = format!("The lookup plugin {} {UNLOADED}", name.repr());
    Error::new(headline).caused_by(Error::new(why))
}

fn called(
    context: &Context<'_>,
    kind: PluginKind,
    name: &str,
    positional: &[Value],
    args: Args<'_>,
) -> Result<Value, PluginFailure> {
    let call = PluginCall { kind, name, positional, named: args.named, scope: context.scope };
    context.effects().call_plugin(call)
}

fn undefined(failure: PluginFailure) -> Arc<Undefined> {
    Arc::new(Undefined { reason: UndefinedReason::Message(failure.message), span: None })
}

/// The failure with its causes, below stock's headline.
fn headed(kind: PluginKind, name: &str, failure: PluginFailure) -> Error {
    if failure.undefined {
        return Error::undefined(&undefined(failure));
    }
    let word = match kind {
        PluginKind::Filter => "filter",
        PluginKind::Test => "test",
        PluginKind::Lookup => "lookup",
    };
    let what = if failure.unloaded { UNLOADED } else { "failed." };
    let headline = format!("The {word} plugin '{name}' {what}");
    match chained(failure) {
        Some(cause) => Error::new(headline).caused_by(cause),
        None => Error::complete(headline),
    }
}

/// The failure without a headline.
pub(crate) fn failed(failure: PluginFailure) -> Error {
    let empty = || Error::new(String::new());
    chained(failure).unwrap_or_else(empty)
}

fn chained(failure: PluginFailure) -> Option<Error> {
    // What says nothing is no step (case `plugins-python-raise`).
    let said = failure.causes.into_iter().rev().chain([failure.message]);
    let inside_out = said.filter(|text| !text.is_empty()).map(Error::new);
    inside_out.reduce(|cause, error| error.caused_by(cause))
}
