//! Lookups that hand on what they are given, in another shape: what `with_items` and its kin stand
//! on.

use nafal_base::Value;

use super::terms::opened;
use crate::arguments::{class_repr, fail, tuple};
use crate::context::Context;
use crate::error::Error;
use crate::filters::{generator, products};
use crate::plugin::{Args, Lookup};

/// The lookups.
pub const LOOKUPS: &[Lookup] = &[
    Lookup { names: &["items"], doc: "the items, lists opened once", run: items },
    Lookup { names: &["list"], doc: "the terms as they are", run: list },
    Lookup { names: &["dict"], doc: "dicts as key and value", run: dict },
    Lookup { names: &["indexed_items"], doc: "pairs of number and item", run: indexed_items },
    Lookup {
        names: &["nested"],
        doc: "every item of each list with those of the others",
        run: nested,
    },
    Lookup { names: &["together"], doc: "the items of several lists side by side", run: together },
    Lookup { names: &["random_choice"], doc: "one of the terms", run: random_choice },
];

fn items(_: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    Ok(opened(args.positional))
}

fn list(_: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    Ok(args.positional.to_vec())
}

fn dict(_: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let mut found = Vec::new();
    for term in args.positional {
        let data = match term {
            Value::Obj(object) => object.to_data().unwrap_or_default(),
            term => term.clone(),
        };
        let Value::Dict(dict) = data else {
            return fail(format!(
                "the 'dict' lookup plugin expects a dictionary, got '{}' of type {})",
                term.to_text(),
                class_repr(term)
            ));
        };
        found.extend(dict.iter().map(|(key, value)| {
            let pair = [("key", key.value().clone()), ("value", value.clone())];
            Value::Dict(pair.into_iter().collect())
        }));
    }
    Ok(found)
}

fn indexed_items(_: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let pair = |(index, item)| tuple(vec![Value::from(index), item]);
    Ok(opened(args.positional).into_iter().enumerate().map(pair).collect())
}

/// A term as a list: text is one item.
fn column(ctx: &Context<'_>, term: &Value) -> Result<Vec<Value>, Error> {
    match term {
        Value::Str(_) => Ok(vec![term.clone()]),
        term => ctx.iterate(term),
    }
}

fn nested(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let columns: Vec<Vec<Value>> =
        args.positional.iter().map(|term| column(ctx, term)).collect::<Result<_, _>>()?;
    match columns.as_slice() {
        [] => fail("with_nested requires at least one element in the nested list"),
        // With one list alone its items are the rows.
        [only] => only.iter().map(|row| ctx.iterate(row).map(|row| opened(&row).into())).collect(),
        columns => {
            let row = |row: Vec<Value>| Value::from(opened(&row));
            Ok(products(columns).into_iter().map(row).collect())
        }
    }
}

fn together(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    if args.positional.is_empty() {
        return fail("with_together requires at least one element in each list");
    }
    let columns: Vec<Vec<Value>> =
        args.positional.iter().map(|term| column(ctx, term)).collect::<Result<_, _>>()?;
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    let row = |index| {
        let row: Vec<Value> =
            columns.iter().map(|column| column.get(index).cloned().unwrap_or_default()).collect();
        Value::from(opened(&row))
    };
    Ok((0..rows).map(row).collect())
}

fn random_choice(ctx: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    if args.positional.is_empty() {
        return Ok(Vec::new());
    }
    let index = generator(ctx, None)?.choose(args.positional.len());
    Ok(vec![args.positional[index].clone()])
}
