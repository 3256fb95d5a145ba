//! Filters that go through a sequence with an attribute, another filter, or a test: `map`, `select`,
//! `reject`, `selectattr`, `rejectattr`.

use nafal_base::Value;

use super::attributes::Path;
use crate::arguments::{fail, given};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};

const fn filter(
    names: &'static [&'static str],
    doc: &'static str,
    run: fn(&Context<'_>, &Value, Args<'_>) -> Result<Value, Error>,
) -> Filter {
    Filter { names, undefined: OnUndefined::PassOn, members: OnMembers::Leave, doc, run }
}

/// The filters.
pub const FILTERS: &[Filter] = &[
    filter(&["map"], "an attribute of every item, or every item through a filter", map),
    filter(&["select"], "the items that pass a test", select),
    filter(&["reject"], "the items that don't pass a test", reject),
    filter(&["selectattr"], "the items with an attribute that passes a test", selectattr),
    filter(&["rejectattr"], "the items with an attribute that doesn't pass a test", rejectattr),
];

fn map(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let items = ctx.members(value)?;
    let named = |name: &str| args.named.iter().find(|(n, _)| n == name).map(|(_, value)| value);
    if let (true, Some(attribute)) = (args.positional.is_empty(), named("attribute")) {
        let unknown = args.named.iter().find(|(n, _)| n != "attribute" && n != "default");
        if let Some((name, _)) = unknown {
            return fail(format!("Unexpected keyword argument '{name}'"));
        }
        let (path, default) = (Path::new(attribute), given(named("default")));
        let items: Result<Vec<_>, _> =
            items.iter().map(|item| path.reach(ctx, item, default)).collect();
        return items.map(Value::from);
    }
    let Some((name, rest)) = args.positional.split_first() else {
        return fail("map requires a filter argument");
    };
    let name = name.to_text();
    let args = Args { positional: rest, named: args.named };
    let items: Result<Vec<_>, _> = items.iter().map(|item| ctx.filter(&name, item, args)).collect();
    items.map(Value::from)
}

/// Which items stay.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Passing,
    Failing,
}

fn keep(
    ctx: &Context<'_>,
    value: &Value,
    args: Args<'_>,
    (keep, path): (Keep, Option<Path>),
) -> Result<Value, Error> {
    let test = args.positional.split_first();
    let mut kept = Vec::new();
    for item in ctx.members(value)? {
        let tested = match &path {
            Some(path) => path.reach(ctx, &item, None)?,
            None => item.clone(),
        };
        let passes = match test {
            None => ctx.defined(&tested)?.is_true(),
            Some((name, rest)) => {
                let tested = ctx.settle(tested)?;
                ctx.test(&name.to_text(), &tested, Args { positional: rest, named: args.named })?
            }
        };
        if passes == (keep == Keep::Passing) {
            kept.push(item);
        }
    }
    Ok(kept.into())
}

fn by_attribute(
    ctx: &Context<'_>,
    value: &Value,
    args: Args<'_>,
    which: Keep,
) -> Result<Value, Error> {
    let Some((attribute, rest)) = args.positional.split_first() else {
        return fail("Missing parameter for attribute name");
    };
    let args = Args { positional: rest, named: args.named };
    keep(ctx, value, args, (which, Some(Path::new(attribute))))
}

fn select(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    keep(ctx, value, args, (Keep::Passing, None))
}

fn reject(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    keep(ctx, value, args, (Keep::Failing, None))
}

fn selectattr(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    by_attribute(ctx, value, args, Keep::Passing)
}

fn rejectattr(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    by_attribute(ctx, value, args, Keep::Failing)
}
