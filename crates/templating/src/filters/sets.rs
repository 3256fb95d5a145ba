//! Filters that treat sequences as sets.

use nafal_base::{Dict, Key, Value};

use super::sequence::once;
use crate::arguments::Signature;
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};
use crate::python_set::in_set_order;

const fn filter(
    names: &'static [&'static str],
    doc: &'static str,
    run: fn(&Context<'_>, &Value, Args<'_>) -> Result<Value, Error>,
) -> Filter {
    Filter { names, undefined: OnUndefined::PassOn, members: OnMembers::Render, doc, run }
}

/// The filters.
pub const FILTERS: &[Filter] = &[
    filter(&["difference"], "the items that the other hasn't", difference),
    filter(&["intersect"], "the items that both have", intersect),
    filter(&["union"], "the items of both, each once", union),
    filter(&["symmetric_difference"], "the items that one of both has", symmetric_difference),
];

/// Both sides, and whether Python could make sets of them.
struct Sides {
    left: Vec<Value>,
    right: Vec<Value>,
    hashable: bool,
}

impl Sides {
    fn new(
        ctx: &Context<'_>,
        value: &Value,
        args: Args<'_>,
        function: &'static str,
    ) -> Result<Sides, Error> {
        let [other] = Signature::filter(function, ["b"], 1).with_environment().bind(args)?;
        let other = other.unwrap_or(&Value::None);
        let left = ctx.iterate(value)?;
        let right = ctx.iterate(other).map_err(|error| {
            if error.is_undefined() {
                return error;
            }
            Error::new(format!("argument of type '{}' is not iterable", other.type_name()))
        })?;
        left.iter().chain(&right).try_for_each(crate::arguments::settled)?;
        let hashable = left.iter().chain(&right).all(Value::is_hashable);
        Ok(Sides { left, right, hashable })
    }

    /// Items once each, in the order in which stock would give them.
    fn ordered(&self, items: Vec<Value>) -> Result<Value, Error> {
        let items = once(items, |item| Ok(item.clone()))?;
        Ok(Value::from(if self.hashable { in_set_order(items) } else { items }))
    }
}

/// Answers `in` quickly where values can be hashed.
struct Members<'a> {
    hashed: Dict,
    rest: Vec<&'a Value>,
}

impl<'a> Members<'a> {
    fn new(items: &'a [Value]) -> Members<'a> {
        let mut members = Members { hashed: Dict::with_capacity(items.len()), rest: Vec::new() };
        for item in items {
            match Key::new(item.clone()) {
                Ok(key) => {
                    members.hashed.insert(key, Value::None);
                }
                Err(_) => members.rest.push(item),
            }
        }
        members
    }

    fn has(&self, item: &Value) -> bool {
        self.hashed.lookup(item).is_some() || self.rest.contains(&item)
    }
}

fn difference(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let sides = Sides::new(ctx, value, args, "difference")?;
    let other = Members::new(&sides.right);
    sides.ordered(sides.left.iter().filter(|item| !other.has(item)).cloned().collect())
}

fn intersect(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let sides = Sides::new(ctx, value, args, "intersect")?;
    let other = Members::new(&sides.right);
    sides.ordered(sides.left.iter().filter(|item| other.has(item)).cloned().collect())
}

fn union(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let other = args.positional.first().unwrap_or(&Value::None);
    let sides = Sides::new(ctx, value, args, "union").map_err(|error| {
        if error.is_undefined() || ctx.iterate(value).is_ok() {
            return error;
        }
        // Stock tries to add them before it gives up.
        Error::new(format!(
            "unsupported operand type(s) for +: '{}' and '{}'",
            value.type_name(),
            other.type_name()
        ))
    })?;
    sides.ordered(sides.left.iter().chain(&sides.right).cloned().collect())
}

fn symmetric_difference(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let sides = Sides::new(ctx, value, args, "symmetric_difference")?;
    let (left, right) = (Members::new(&sides.left), Members::new(&sides.right));
    let only_left = sides.left.iter().filter(|item| !right.has(item));
    let only_right = sides.right.iter().filter(|item| !left.has(item));
    sides.ordered(only_left.chain(only_right).cloned().collect())
}
