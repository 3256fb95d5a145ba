//! Filters that pair, multiply, nest and flatten sequences.

use nafal_base::{Dict, List, Value};

use crate::arguments::{Signature, count, each, fail, flag, given, int, int_or, tuple};
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
    filter(&["zip"], "the items of several sequences side by side, to the shortest", zip),
    filter(&["zip_longest"], "the same, to the longest", zip_longest),
    filter(&["product"], "every item of each with every item of the others", product),
    filter(&["permutations"], "every order of so many of the items", permutations),
    filter(&["combinations"], "every choice of so many of the items", combinations),
    filter(&["flatten"], "the items of lists inside lists", flatten),
    filter(&["subelements"], "every item with every item of a list inside it", subelements),
];

fn columns(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Vec<Vec<Value>>, Error> {
    std::iter::once(value).chain(args.positional).map(|column| each(ctx, column)).collect()
}

fn row(columns: &[Vec<Value>], index: usize, fill: &Value) -> Value {
    tuple(columns.iter().map(|c| c.get(index).unwrap_or(fill).clone()).collect())
}

fn option<'a>(args: Args<'a>, function: &str, name: &str) -> Result<Option<&'a Value>, Error> {
    if let Some((other, _)) = args.named.iter().find(|(given, _)| given != name) {
        return fail(format!("{function}() got an unexpected keyword argument '{other}'"));
    }
    Ok(args.named.first().map(|(_, value)| value))
}

fn zip(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let strict = flag(option(args, "zip", "strict")?, false);
    let columns = columns(ctx, value, args)?;
    let first = columns[0].len();
    if let (true, Some(index)) = (strict, columns.iter().position(|c| c.len() != first)) {
        let word = if columns[index].len() < first { "shorter" } else { "longer" };
        let others =
            if index == 1 { "argument 1".to_owned() } else { format!("arguments 1-{index}") };
        return fail(format!("zip() argument {} is {word} than {others}", index + 1));
    }
    let rows = columns.iter().map(Vec::len).min().unwrap_or(0);
    Ok((0..rows).map(|index| row(&columns, index, &Value::None)).collect::<Vec<_>>().into())
}

fn zip_longest(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let fill = option(args, "zip_longest", "fillvalue")?.cloned().unwrap_or_default();
    let columns = columns(ctx, value, args)?;
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    Ok((0..rows).map(|index| row(&columns, index, &fill)).collect::<Vec<_>>().into())
}

/// Every choice of one item of each column, the last column running fastest.
pub(crate) fn products(columns: &[Vec<Value>]) -> Vec<Vec<Value>> {
    let mut rows = vec![Vec::new()];
    for column in columns {
        let mut longer = Vec::with_capacity(rows.len() * column.len());
        for row in &rows {
            for item in column {
                let mut row: Vec<Value> = row.clone();
                row.push(item.clone());
                longer.push(row);
            }
        }
        rows = longer;
    }
    rows
}

fn product(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let repeat = count(int_or(option(args, "product", "repeat")?, 1)?);
    let columns = columns(ctx, value, args)?;
    let columns: Vec<_> = (0..repeat).flat_map(|_| columns.iter().cloned()).collect();
    Ok(products(&columns).into_iter().map(tuple).collect::<Vec<_>>().into())
}

fn permutations(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [size] = Signature::filter("permutations", ["r"], 0).bind(args)?;
    let items = each(ctx, value)?;
    let size = given(size).map_or(Ok(items.len() as i64), int)?;
    let mut out = Vec::new();
    permute(&items, count(size), &mut Vec::new(), &mut out);
    Ok(out.into())
}

fn permute(items: &[Value], size: usize, chosen: &mut Vec<usize>, out: &mut Vec<Value>) {
    if chosen.len() == size {
        out.push(tuple(chosen.iter().map(|index| items[*index].clone()).collect()));
        return;
    }
    for index in 0..items.len() {
        if !chosen.contains(&index) {
            chosen.push(index);
            permute(items, size, chosen, out);
            chosen.pop();
        }
    }
}

fn combinations(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    if args.positional.is_empty() && args.named.is_empty() {
        return fail("combinations() missing required argument 'r' (pos 2)");
    }
    let [size] = Signature::filter("combinations", ["r"], 1).bind(args)?;
    let size = size.map_or(Ok(0), int)?;
    if size < 0 {
        return fail("r must be non-negative");
    }
    let items = each(ctx, value)?;
    let mut out = Vec::new();
    combine(&items, count(size), (0, &mut Vec::new()), &mut out);
    Ok(out.into())
}

fn combine(
    items: &[Value],
    size: usize,
    (from, chosen): (usize, &mut Vec<Value>),
    out: &mut Vec<Value>,
) {
    if chosen.len() == size {
        out.push(tuple(chosen.clone()));
        return;
    }
    for index in from..items.len() {
        chosen.push(items[index].clone());
        combine(items, size, (index + 1, chosen), out);
        chosen.pop();
    }
}

/// What happens to None inside.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nulls {
    Dropped,
    Kept,
}

/// The items of lists inside lists, so many levels deep (all, when there is no number).
pub(crate) fn flat(items: &[Value], levels: Option<i64>, nulls: Nulls, out: &mut Vec<Value>) {
    for item in items {
        let null = match item {
            Value::None => true,
            // Stock drops these texts as well.
            Value::Str(text) => matches!(text.as_str(), "None" | "null"),
            _ => false,
        };
        match item {
            _ if null && nulls == Nulls::Dropped => {}
            Value::List(inner) | Value::Tuple(inner) => match levels {
                None => flat(inner, None, nulls, out),
                Some(levels) if levels >= 1 => flat(inner, Some(levels - 1), nulls, out),
                Some(_) => out.push(item.clone()),
            },
            _ => out.push(item.clone()),
        }
    }
}

fn flatten(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [levels, skip] = Signature::filter("flatten", ["levels", "skip_nulls"], 0).bind(args)?;
    let levels = given(levels).map(int).transpose()?;
    let nulls = if flag(skip, true) { Nulls::Dropped } else { Nulls::Kept };
    let mut out = Vec::new();
    flat(&each(ctx, value)?, levels, nulls, &mut out);
    Ok(out.into())
}

fn subelements(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [inner, skip] =
        Signature::filter("subelements", ["subelements", "skip_missing"], 1).bind(args)?;
    let items: Vec<Value> = match value {
        Value::Dict(dict) => dict.values().cloned().collect(),
        Value::List(items) | Value::Tuple(items) => items.to_vec(),
        _ => return fail("obj must be a list of dicts or a nested dict"),
    };
    let parts: Vec<Value> = match inner {
        Some(Value::Str(path)) => path.split('.').map(Value::from).collect(),
        Some(Value::List(parts)) => parts.to_vec(),
        _ => return fail("subelements must be a list or a string"),
    };
    let skip = flag(skip, false);
    let mut out = Vec::new();
    for item in &items {
        if let Some(list) = inner_list(ctx, item, &parts, skip)? {
            out.extend(list.iter().map(|inner| tuple(vec![item.clone(), inner.clone()])));
        }
    }
    Ok(out.into())
}

/// The list at the end of the path; None when it is missing and that is fine.
pub(crate) fn inner_list(
    _: &Context<'_>,
    item: &Value,
    parts: &[Value],
    skip_missing: bool,
) -> Result<Option<List>, Error> {
    let mut found = item.clone();
    for part in parts {
        let Value::Dict(dict) = &found else {
            return fail(format!(
                "the key {} should point to a dictionary, got '{}'{}",
                part.to_text(),
                found.to_text(),
                match found {
                    Value::List(_) => ": list indices must be integers or slices, not str",
                    _ => "",
                }
            ));
        };
        let next = dict.lookup(part).cloned();
        found = match next {
            Some(next) => next,
            None if skip_missing => return Ok(None),
            None => {
                return fail(format!(
                    "could not find {} key in iterated item {}",
                    part.repr(),
                    Value::Dict(Dict::clone(dict)).repr()
                ));
            }
        };
    }
    match found {
        Value::List(list) => Ok(Some(list)),
        Value::Undef(undefined) => Err(Error::undefined(&undefined)),
        other => fail(format!(
            "the key {} should point to a list, got {}",
            parts.last().map(Value::repr).unwrap_or_default(),
            other.repr()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flattens() {
        let inner = Value::from(vec![Value::Int(2), Value::None, Value::from(vec![3_i64])]);
        let items = [Value::Int(1), inner, Value::from("null")];
        let flat = |levels, nulls| {
            let mut out = Vec::new();
            flat(&items, levels, nulls, &mut out);
            Value::from(out).repr()
        };
        assert_eq!(flat(None, Nulls::Dropped), "[1, 2, 3]");
        assert_eq!(flat(Some(1), Nulls::Kept), "[1, 2, None, [3], 'null']");
        assert_eq!(products(&[vec![1.into(), 2.into()], vec![3.into()]]).len(), 2);
    }
}
