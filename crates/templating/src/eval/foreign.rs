//! Filters, tests and lookups that the user brings. Must not know how they run.

use std::sync::Arc;

use nafal_base::{Undefined, UndefinedReason, Value};

use super::call::undefined_in;
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
    if value.is_undefined() {
        return Ok(value.clone());
    }
    if let Some(undefined) = undefined_in(args) {
        return Ok(undefined.clone());
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
    let first = Some(value).filter(|value| value.is_undefined());
    if let Some(Value::Undef(undefined)) = first.or_else(|| undefined_in(args)) {
        return Err(Error::undefined(undefined));
    }
    let positional = with_value(value, args);
    called(context, PluginKind::Test, name, &positional, args)
        .map(|result| result.is_true())
        .map_err(|failure| headed(PluginKind::Test, name, failure))
}

/// A lookup that the user brings, or none.
pub(crate) fn foreign_lookup(
    context: &Context<'_>,
    name: &str,
    args: Args<'_>,
) -> Result<Vec<Value>, Error> {
    if !context.effects().has_plugin(PluginKind::Lookup, name) {
        return Err(Error::complete(format!("The lookup plugin '{name}' was not found.")));
    }
    match called(context, PluginKind::Lookup, name, args.positional, args) {
        Ok(Value::List(items)) => Ok(items.into_vec()),
        Ok(other) => Ok(vec![other]),
        Err(failure) => Err(headed(PluginKind::Lookup, name, failure)),
    }
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
    // What says nothing is no step (case `plugins-python-raise`).
    let said = failure.causes.into_iter().rev().chain([failure.message]);
    let inside_out = said.filter(|text| !text.is_empty()).map(Error::new);
    match inside_out.reduce(|cause, error| error.caused_by(cause)) {
        Some(cause) => Error::new(headline).caused_by(cause),
        None => Error::complete(headline),
    }
}
