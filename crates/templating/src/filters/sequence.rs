//! Filters that take a sequence as a whole: its ends, its order, its parts.

use std::cmp::Ordering;

use nafal_base::{Undefined, UndefinedReason, Value};
use std::sync::Arc;

use super::attributes::{Case, Path, paths, sort_key};
use crate::arguments::{Signature, count, each, fail, flag, given, int, text};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};

const fn filter(
    names: &'static [&'static str],
    doc: &'static str,
    run: fn(&Context<'_>, &Value, Args<'_>) -> Result<Value, Error>,
) -> Filter {
    Filter { names, undefined: OnUndefined::PassOn, members: OnMembers::Render, doc, run }
}

/// The filters.
pub const FILTERS: &[Filter] = &[
    filter(&["length", "count"], "how many items, keys or characters", length).leaving_members(),
    filter(&["first"], "the first item", first).leaving_members(),
    filter(&["last"], "the last item", last).leaving_members(),
    filter(&["list"], "the items as a list", list).leaving_members(),
    filter(&["reverse"], "the items (or characters) from the end", reverse),
    filter(&["join"], "the items as text with a separator between them", join),
    filter(&["sort"], "the items in order", sort).leaving_members(),
    filter(&["unique"], "every item once", unique),
    filter(&["min"], "the smallest item", min),
    filter(&["max"], "the largest item", max),
    filter(&["batch"], "lists of as many items each", batch),
    filter(&["slice"], "as many lists, of even length", slice),
    filter(&["groupby"], "pairs of a value and the items that have it", groupby),
];

/// Python's `len(x)`.
pub(crate) fn len(value: &Value) -> Result<usize, Error> {
    let length = match value {
        Value::Str(text) => Some(text.chars().count()),
        Value::Bytes(bytes) => Some(bytes.len()),
        Value::List(items) | Value::Tuple(items) => Some(items.len()),
        Value::Dict(dict) => Some(dict.len()),
        Value::Range(range) => Some(range.len()),
        Value::Obj(object) => object.length(),
        _ => None,
    };
    length.ok_or_else(|| Error::new(format!("object of type '{}' has no len()", value.type_name())))
}

fn length(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    if !args.positional.is_empty() {
        let given = args.positional.len() + 1;
        return fail(format!("len() takes exactly one argument ({given} given)"));
    }
    len(value).map(Value::from)
}

fn missing(ctx: &Context<'_>, message: &str) -> Value {
    Value::Undef(Arc::new(Undefined {
        reason: UndefinedReason::Message(message.to_owned()),
        span: ctx.span().cloned(),
    }))
}

fn first(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("do_first", [], 0).with_environment().bind(args)?;
    let found = match value {
        Value::Str(text) => text.chars().next().map(|c| c.to_string().into()),
        Value::List(items) | Value::Tuple(items) => {
            items.first().map(|item| ctx.read(item)).transpose()?
        }
        Value::Dict(dict) => dict.keys().next().map(|key| key.value().clone()),
        other => ctx.iterate(other)?.into_iter().next(),
    };
    Ok(found.unwrap_or_else(|| missing(ctx, "No first item, sequence was empty.")))
}

fn last(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("do_last", [], 0).with_environment().bind(args)?;
    let found = match value {
        Value::Str(text) => text.chars().next_back().map(|c| c.to_string().into()),
        Value::List(items) | Value::Tuple(items) => {
            items.last().map(|item| ctx.read(item)).transpose()?
        }
        Value::Dict(dict) => dict.keys().next_back().map(|key| key.value().clone()),
        other => match ctx.iterate(other) {
            Ok(items) => items.into_iter().next_back(),
            Err(_) => return fail(format!("'{}' object is not reversible", other.type_name())),
        },
    };
    Ok(found.unwrap_or_else(|| missing(ctx, "No last item, sequence was empty.")))
}

fn list(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("do_list", [], 0).bind(args)?;
    match value {
        Value::List(_) if value.is_settled() => Ok(value.clone()),
        Value::List(_) => {
            let items = ctx.members(value)?;
            items.iter().try_for_each(|item| ctx.defined(item).map(drop))?;
            Ok(Value::from(items))
        }
        value => each(ctx, value).map(Value::from),
    }
}

fn reverse(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("do_reverse", [], 0).bind(args)?;
    if let Value::Str(text) = value {
        return Ok(text.chars().rev().collect::<String>().into());
    }
    match each(ctx, value) {
        Ok(mut items) => {
            items.reverse();
            Ok(items.into())
        }
        Err(error) if error.is_undefined() || matches!(value, Value::List(_)) => Err(error),
        Err(_) => fail(format!(
            "argument must be iterable: '{}' object is not iterable",
            value.type_name()
        )),
    }
}

fn join(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [separator, attribute] =
        Signature::filter("sync_do_join", ["d", "attribute"], 0).with_environment().bind(args)?;
    let path = given(attribute).map(Path::new);
    let separator = separator.map_or(Ok("".into()), text)?;
    let mut out = String::new();
    for (index, item) in ctx.iterate(value)?.iter().enumerate() {
        if index > 0 {
            out.push_str(&separator);
        }
        match &path {
            Some(path) => out.push_str(&text(&path.get(ctx, item, None)?)?),
            None => out.push_str(&text(item)?),
        }
    }
    Ok(out.into())
}

/// Sorts by keys that were taken before; the first pair that can't be ordered is the error.
pub(crate) fn sort_by_keys(
    mut keyed: Vec<(Value, Value)>,
    direction: Direction,
) -> Result<Vec<Value>, Error> {
    // Python compares each item with the one before it first; the first pair that it can't order is
    // what it complains about.
    for pair in keyed.windows(2) {
        pair[1].0.compare(&pair[0].0)?;
    }
    let mut wrong = None;
    let mut compare = |a: &Value, b: &Value| {
        a.compare(b).unwrap_or_else(|pair| {
            wrong.get_or_insert(pair);
            Ordering::Equal
        })
    };
    match direction {
        Direction::Up => keyed.sort_by(|a, b| compare(&a.0, &b.0)),
        // Python keeps the order of equals in a reversed sort too.
        Direction::Down => keyed.sort_by(|a, b| compare(&b.0, &a.0)),
    }
    match wrong {
        Some(pair) => Err(pair.into()),
        None => Ok(keyed.into_iter().map(|(_, item)| item).collect()),
    }
}

/// Which end comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Up,
    Down,
}

impl Direction {
    /// From `reverse=`.
    pub fn new(reverse: Option<&Value>) -> Direction {
        if flag(reverse, false) { Direction::Down } else { Direction::Up }
    }
}

fn sort(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [reverse, sensitive, attribute] =
        Signature::filter("do_sort", ["reverse", "case_sensitive", "attribute"], 0)
            .with_environment()
            .bind(args)?;
    let case = Case::new(sensitive);
    let paths = given(attribute).map(paths).transpose()?;
    let mut keyed = Vec::new();
    for item in ctx.members(value)? {
        let key = match paths.as_deref() {
            None => sort_key(ctx, &item, None, case)?,
            Some([path]) => sort_key(ctx, &item, Some(path), case)?,
            Some(paths) => paths
                .iter()
                .map(|path| sort_key(ctx, &item, Some(path), case))
                .collect::<Result<Vec<_>, _>>()?
                .into(),
        };
        keyed.push((key, item));
    }
    Ok(sort_by_keys(keyed, Direction::new(reverse))?.into())
}

/// Every value once, in order, by what `key` makes of it. Hashes where it can.
pub(crate) fn once(
    items: impl IntoIterator<Item = Value>,
    mut key: impl FnMut(&Value) -> Result<Value, Error>,
) -> Result<Vec<Value>, Error> {
    let mut seen = nafal_base::Dict::new();
    let mut rest: Vec<Value> = Vec::new();
    let mut kept = Vec::new();
    for item in items {
        let fresh = match nafal_base::Key::new(key(&item)?) {
            Ok(key) => seen.insert(key, Value::None).is_none(),
            Err(key) if rest.contains(&key) => false,
            Err(key) => {
                rest.push(key);
                true
            }
        };
        if fresh {
            kept.push(item);
        }
    }
    Ok(kept)
}

fn unique(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [sensitive, attribute] = Signature::filter("unique", ["case_sensitive", "attribute"], 0)
        .with_environment()
        .bind(args)?;
    let case = Case::new(sensitive);
    let path = given(attribute).map(Path::new);
    let chosen = sensitive.is_some() || attribute.is_some();
    once(each(ctx, value)?, |item| {
        let key = sort_key(ctx, item, path.as_ref(), case)?;
        match &key {
            // Stock compares what can't be a key of a dict by itself, which knows none of these
            // options.
            Value::Dict(_) | Value::List(_) if chosen => Err(Error::new(format!(
                "Jinja2's unique filter failed and we cannot fall back to Ansible's version as it does not support the parameters supplied: unhashable type: '{}'",
                key.type_name()
            ))),
            _ => Ok(key),
        }
    })
    .map(Value::from)
}

fn extreme(
    ctx: &Context<'_>,
    value: &Value,
    args: Args<'_>,
    (function, wanted): (&'static str, Ordering),
) -> Result<Value, Error> {
    let [sensitive, attribute] = Signature::filter(function, ["case_sensitive", "attribute"], 0)
        .with_environment()
        .bind(args)?;
    let case = Case::new(sensitive);
    let path = given(attribute).map(Path::new);
    let mut best: Option<(Value, Value)> = None;
    for item in each(ctx, value)? {
        let key = sort_key(ctx, &item, path.as_ref(), case)?;
        let better = match &best {
            None => true,
            Some((best, _)) => {
                let order = key.compare(best).map_err(|pair| {
                    let sign = if wanted == Ordering::Less { '<' } else { '>' };
                    Error::new(format!(
                        "'{sign}' not supported between instances of '{}' and '{}'",
                        pair.left, pair.right
                    ))
                })?;
                order == wanted
            }
        };
        if better {
            best = Some((key, item));
        }
    }
    Ok(best
        .map(|(_, item)| item)
        .unwrap_or_else(|| missing(ctx, "No aggregated item, sequence was empty.")))
}

fn min(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    extreme(ctx, value, args, ("do_min", Ordering::Less))
}

fn max(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    extreme(ctx, value, args, ("do_max", Ordering::Greater))
}

fn batch(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [size, fill] = Signature::filter("do_batch", ["linecount", "fill_with"], 1).bind(args)?;
    let size = size.map_or(Ok(0), int)?;
    let items = each(ctx, value)?;
    if size < 1 {
        // Jinja never closes a batch then: an empty one comes first, the rest stays together.
        let whole = Value::from(items.clone());
        return Ok(if items.is_empty() { Vec::<Value>::new() } else { vec![whole] }.into());
    }
    let batches = items.chunks(count(size)).map(|chunk| {
        let mut chunk = chunk.to_vec();
        if let Some(fill) = given(fill) {
            chunk.resize(count(size), fill.clone());
        }
        Value::from(chunk)
    });
    Ok(batches.collect::<Vec<_>>().into())
}

fn slice(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [slices, fill] =
        Signature::filter("sync_do_slice", ["slices", "fill_with"], 1).bind(args)?;
    let slices = count(slices.map_or(Ok(0), int)?);
    let items = each(ctx, value)?;
    if slices == 0 {
        return fail("integer division or modulo by zero");
    }
    let (even, longer) = (items.len() / slices, items.len() % slices);
    let mut rest = items.into_iter();
    let mut out = Vec::with_capacity(slices);
    for number in 0..slices {
        let mut part: Vec<Value> =
            rest.by_ref().take(even + usize::from(number < longer)).collect();
        if let (Some(fill), true) = (given(fill), number >= longer) {
            part.push(fill.clone());
        }
        out.push(Value::from(part));
    }
    Ok(out.into())
}

/// Stock ignores `default=` where the attribute is missing: its undefined is an error before.
fn groupby(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [attribute, _, sensitive] =
        Signature::filter("sync_do_groupby", ["attribute", "default", "case_sensitive"], 1)
            .with_environment()
            .bind(args)?;
    let case = Case::new(sensitive);
    let path = attribute.map(Path::new);
    let mut keyed = Vec::new();
    for item in ctx.iterate(value)? {
        let raw = sort_key(ctx, &item, path.as_ref(), Case::Kept)?;
        keyed.push((case.apply(raw.clone()), crate::arguments::tuple(vec![raw, item])));
    }
    let mut groups: Vec<(Value, Value, Vec<Value>)> = Vec::new();
    for pair in sort_by_keys(keyed, Direction::Up)? {
        let Some([raw, item]) = pair.as_list().map(|pair| &**pair) else {
            continue;
        };
        let key = case.apply(raw.clone());
        match groups.last_mut() {
            Some((last, _, items)) if *last == key => items.push(item.clone()),
            _ => groups.push((key, raw.clone(), vec![item.clone()])),
        }
    }
    let groups = groups.into_iter().map(|(_, raw, items)| super::group::pair(raw, items));
    Ok(groups.collect::<Vec<_>>().into())
}
