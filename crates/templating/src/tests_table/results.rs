//! Tests of a task's registered result.

use nafal_base::{Dict, Value};

use super::test;
use crate::arguments::{Signature, class_name, fail};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Test};

/// The tests.
pub const TESTS: &[Test] = &[
    test(&["failed", "failure"], "whether the task failed", failed),
    test(&["succeeded", "success", "successful"], "whether the task didn't fail", succeeded),
    test(
        &["changed", "change"],
        "whether the task, or any of its items, changed something",
        changed,
    ),
    test(&["skipped", "skip"], "whether the task was skipped", skipped),
    test(&["unreachable"], "whether the host couldn't be reached", unreachable),
    test(&["reachable"], "whether the host could be reached", reachable),
    test(&["timedout"], "whether the task ran out of time", timedout),
    test(&["started"], "whether the asynchronous task has started", started),
    test(&["finished"], "whether the asynchronous task has finished", finished),
];

/// The result's fields.
fn fields(value: &Value, args: Args<'_>, name: &'static str) -> Result<Dict, Error> {
    let [] = Signature::filter(name, [], 0).bind(args)?;
    let data = match value {
        Value::Obj(object) => object.to_data().unwrap_or_default(),
        value => value.clone(),
    };
    match data {
        Value::Dict(dict) => Ok(dict),
        _ => fail(format!("The '{name}' test expects a dictionary")),
    }
}

fn says(dict: &Dict, key: &str) -> Result<bool, Error> {
    match dict.get(key) {
        Some(Value::Undef(undefined)) => Err(Error::undefined(undefined)),
        found => Ok(found.is_some_and(Value::is_true)),
    }
}

fn failed(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    says(&fields(value, args, "failed")?, "failed")
}

fn succeeded(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    says(&fields(value, args, "failed")?, "failed").map(|failed| !failed)
}

fn changed(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let result = fields(value, args, "changed")?;
    if result.contains("changed") {
        return says(&result, "changed");
    }
    // A loop's result that doesn't say it itself: its items do.
    match result.get("results") {
        Some(Value::List(items)) => Ok(items
            .iter()
            .filter_map(Value::as_dict)
            .any(|item| item.get("changed").is_some_and(Value::is_true))),
        _ => Ok(false),
    }
}

fn skipped(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    says(&fields(value, args, "skipped")?, "skipped")
}

fn unreachable(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    says(&fields(value, args, "unreachable")?, "unreachable")
}

fn reachable(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    says(&fields(value, args, "unreachable")?, "unreachable").map(|unreachable| !unreachable)
}

fn timedout(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    match fields(value, args, "timedout")?.get("timedout") {
        None => Ok(false),
        Some(Value::Dict(timeout)) => Ok(timeout.get("period").is_some_and(Value::is_true)),
        Some(other) if !other.is_true() => Ok(false),
        Some(other) => fail(format!("'{}' object has no attribute 'get'", class_name(other))),
    }
}

fn asynchronous(
    ctx: &Context<'_>,
    value: &Value,
    args: Args<'_>,
    name: &'static str,
) -> Result<bool, Error> {
    let result = fields(value, args, name)?;
    if !result.contains(name) {
        ctx.effects().warn(&format!(
            "The '{name}' test expects an async task, but a non-async task was tested"
        ));
        return Ok(true);
    }
    says(&result, name)
}

fn started(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    asynchronous(ctx, value, args, "started")
}

fn finished(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    asynchronous(ctx, value, args, "finished")
}
