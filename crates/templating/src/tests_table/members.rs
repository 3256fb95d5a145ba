//! Tests of what is inside a sequence, and of truth.

use nafal_base::Value;

use super::comparisons::contains as has;
use super::test;
use crate::arguments::{Signature, flag};
use crate::context::Context;
use crate::error::Error;
use crate::filters::said_bool;
use crate::plugin::{Args, Test};

/// The tests.
pub const TESTS: &[Test] = &[
    test(&["contains"], "whether it contains the other", contains),
    test(&["all"], "whether all items are true", all),
    test(&["any"], "whether any item is true", any),
    test(&["subset", "issubset"], "whether the other has all of its items", subset),
    test(&["superset", "issuperset"], "whether it has all of the other's items", superset),
    test(&["truthy"], "whether it is true as Python sees it", truthy),
    test(&["falsy"], "whether it is false as Python sees it", falsy),
];

fn contains(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [item] = Signature::filter("contains", ["value"], 1).bind(args)?;
    has(ctx, value, ctx.defined(item.unwrap_or(&Value::None))?)
}

fn all(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [] = Signature::filter("all", [], 0).bind(args)?;
    for item in ctx.iterate(value)? {
        if !ctx.defined(&item)?.is_true() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn any(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [] = Signature::filter("any", [], 0).bind(args)?;
    for item in ctx.iterate(value)? {
        if ctx.defined(&item)?.is_true() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn within(ctx: &Context<'_>, small: &Value, large: &Value) -> Result<bool, Error> {
    let large = ctx.iterate(ctx.defined(large)?)?;
    let small = ctx.iterate(ctx.defined(small)?)?;
    Ok(small.iter().all(|item| large.contains(item)))
}

fn subset(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [other] = Signature::filter("issubset", ["b"], 1).bind(args)?;
    within(ctx, value, other.unwrap_or(&Value::None))
}

fn superset(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [other] = Signature::filter("issuperset", ["b"], 1).bind(args)?;
    within(ctx, other.unwrap_or(&Value::None), value)
}

fn truth(value: &Value, args: Args<'_>, function: &'static str) -> Result<bool, Error> {
    let [convert] = Signature::filter(function, ["convert_bool"], 0).bind(args)?;
    if flag(convert, false)
        && let Some(said) = said_bool(value)
    {
        return Ok(said);
    }
    Ok(value.is_true())
}

fn truthy(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    truth(value, args, "truthy")
}

fn falsy(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    truth(value, args, "falsy").map(|truth| !truth)
}
