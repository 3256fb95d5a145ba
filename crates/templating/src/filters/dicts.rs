//! Filters that make dicts, merge them and take them apart.

use nafal_base::{Dict, List, Value};

use super::attributes::Case;
use super::sequence::{Direction, sort_by_keys};
use crate::arguments::{
    Signature, class_name, class_repr, each_value, fail, flag, given, key, text_or, tuple,
};
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
    filter(&["combine"], "dicts merged, the later ones winning", combine),
    filter(&["dict2items"], "a dict as a list of dicts with key and value", dict2items),
    filter(&["items2dict"], "a list of dicts with key and value as a dict", items2dict),
    filter(&["dictsort"], "a dict's pairs in order", dictsort),
    filter(&["items"], "a dict's pairs", items),
    filter(&["attr"], "an attribute of the value, never an item", attr),
    filter(&["extract"], "what a container has under the value as key", extract),
    filter(&["rekey_on_member"], "dicts under what they have in one member", rekey_on_member),
];

/// What happens where both have a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListMerge {
    /// The later one.
    Replace,
    /// The earlier one.
    Keep,
    /// The later one's items after the earlier one's.
    Append,
    /// The later one's items before the earlier one's.
    Prepend,
    /// As append, items that are in both only once.
    AppendPresent,
    /// As prepend, items that are in both only once.
    PrependPresent,
}

/// How deep dicts are merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Dicts inside replace each other.
    Flat,
    /// Dicts inside are merged too.
    Recursive,
}

impl ListMerge {
    /// From `list_merge=`.
    pub fn parse(name: &str) -> Result<ListMerge, Error> {
        Ok(match name {
            "replace" => ListMerge::Replace,
            "keep" => ListMerge::Keep,
            "append" => ListMerge::Append,
            "prepend" => ListMerge::Prepend,
            "append_rp" => ListMerge::AppendPresent,
            "prepend_rp" => ListMerge::PrependPresent,
            _ => {
                return fail(
                    "merge_hash: 'list_merge' argument can only be equal to 'replace', 'keep', \
                     'append', 'prepend', 'append_rp' or 'prepend_rp'",
                );
            }
        })
    }

    fn apply(self, old: &List, new: &List) -> Value {
        fn joined<'v>(items: impl Iterator<Item = &'v Value>) -> Value {
            Value::List(items.cloned().collect())
        }
        match self {
            ListMerge::Replace => Value::List(new.clone()),
            ListMerge::Keep => Value::List(old.clone()),
            ListMerge::Append => joined(old.iter().chain(new)),
            ListMerge::Prepend => joined(new.iter().chain(old)),
            ListMerge::AppendPresent => {
                joined(old.iter().filter(|item| !new.contains(item)).chain(new))
            }
            ListMerge::PrependPresent => {
                joined(new.iter().chain(old.iter().filter(|item| !new.contains(item))))
            }
        }
    }
}

/// `new` merged over `old`.
pub fn merge(old: &Dict, new: &Dict, depth: Depth, lists: ListMerge) -> Dict {
    if new.is_empty() || old.same(new) {
        return old.clone();
    }
    if old.is_empty() {
        return new.clone();
    }
    let mut merged = old.clone();
    for (key, value) in new {
        let result = match (old.lookup(key.value()), value) {
            (Some(Value::Dict(before)), Value::Dict(after)) if depth == Depth::Recursive => {
                Value::Dict(merge(before, after, depth, lists))
            }
            (Some(Value::List(before)), Value::List(after)) => lists.apply(before, after),
            _ => value.clone(),
        };
        merged.insert(key.clone(), result);
    }
    merged
}

fn combine(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let named = |name: &str| args.named.iter().find(|(n, _)| n == name).map(|(_, value)| value);
    if args.named.iter().any(|(name, _)| name != "recursive" && name != "list_merge") {
        return fail("'recursive' and 'list_merge' are the only valid keyword arguments");
    }
    let depth = if flag(named("recursive"), false) { Depth::Recursive } else { Depth::Flat };
    let list_merge = text_or(named("list_merge"), "replace")?;
    // Lists among the terms are opened once, and nulls in them dropped.
    let mut terms = Vec::new();
    let opened: Vec<Value> = std::iter::once(value).chain(args.positional).cloned().collect();
    super::flat(&opened, Some(1), super::Nulls::Dropped, &mut terms);
    let lists = ListMerge::parse(&list_merge);
    let mut terms = terms.into_iter().rev();
    let Some(mut merged) = terms.next() else {
        return Ok(Value::Dict(Dict::new()));
    };
    for lower in terms {
        let lists = lists.clone()?;
        merged = match (data(&lower), data(&merged)) {
            (Value::Dict(lower), Value::Dict(higher)) => {
                each_value(&lower)?;
                each_value(&higher)?;
                Value::Dict(merge(&lower, &higher, depth, lists))
            }
            (Value::Undef(undefined), _) | (_, Value::Undef(undefined)) => {
                return Err(Error::undefined(&undefined));
            }
            (lower, higher) => return mismatch(&lower, &higher),
        };
    }
    Ok(data(&merged))
}

/// The data behind an object that stands for some.
fn data(value: &Value) -> Value {
    match value {
        Value::Obj(object) => object.to_data().unwrap_or_else(|| value.clone()),
        value => value.clone(),
    }
}

fn mismatch(left: &Value, right: &Value) -> Result<Value, Error> {
    fail(format!(
        "failed to combine variables, expected dicts but got a '{}' and a '{}'.",
        class_name(left),
        class_name(right)
    ))
}

fn dict2items(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [key_name, value_name] =
        Signature::filter("dict_to_list_of_dict_key_value_elements", ["key_name", "value_name"], 0)
            .bind(args)?;
    let Value::Dict(dict) = data(value) else {
        return fail(format!(
            "dict2items requires a dictionary, got {} instead.",
            class_repr(value)
        ));
    };
    each_value(&dict)?;
    let (key_name, value_name) = (text_or(key_name, "key")?, text_or(value_name, "value")?);
    let item = |(key, value): (&nafal_base::Key, &Value)| {
        let pairs =
            [(key_name.to_string(), key.value().clone()), (value_name.to_string(), value.clone())];
        Value::Dict(pairs.into_iter().collect())
    };
    Ok(dict.iter().map(item).collect::<Vec<_>>().into())
}

fn items2dict(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [key_name, value_name] =
        Signature::filter("list_of_dict_key_value_elements_to_dict", ["key_name", "value_name"], 0)
            .bind(args)?;
    let (key_name, value_name) = (text_or(key_name, "key")?, text_or(value_name, "value")?);
    let (Value::List(items) | Value::Tuple(items)) = value else {
        return fail(format!("items2dict requires a list, got {} instead.", class_repr(value)));
    };
    let mut dict = Dict::new();
    for item in items {
        match item {
            Value::Undef(undefined) => return Err(Error::undefined(undefined)),
            Value::Dict(item) => match (item.get(&key_name), item.get(&value_name)) {
                (Some(Value::Undef(undefined)), _) | (_, Some(Value::Undef(undefined))) => {
                    return Err(Error::undefined(undefined));
                }
                (Some(name), Some(value)) => {
                    dict.insert(key(name.clone())?, value.clone());
                }
                _ => {
                    return fail(format!(
                        "items2dict requires each dictionary in the list to contain the keys \
                         '{key_name}' and '{value_name}', got {} instead.",
                        value.repr()
                    ));
                }
            },
            _ => {
                return fail(format!(
                    "items2dict requires a list of dictionaries, got {} instead.",
                    value.repr()
                ));
            }
        }
    }
    Ok(Value::Dict(dict))
}

fn dictsort(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [sensitive, by, reverse] =
        Signature::filter("do_dictsort", ["case_sensitive", "by", "reverse"], 0).bind(args)?;
    let case = Case::new(sensitive);
    let position = match text_or(by, "key")?.as_ref() {
        "key" => 0,
        "value" => 1,
        _ => return fail("You can only sort by either \"key\" or \"value\""),
    };
    let Value::Dict(dict) = data(value) else {
        return fail(format!("'{}' object has no attribute 'items'", class_name(value)));
    };
    each_value(&dict)?;
    let mut keyed = Vec::with_capacity(dict.len());
    for (key, value) in &dict {
        let by = if position == 0 { key.value() } else { value };
        if let Value::Undef(undefined) = by {
            return Err(Error::undefined(undefined));
        }
        keyed.push((case.apply(by.clone()), tuple(vec![key.value().clone(), value.clone()])));
    }
    Ok(sort_by_keys(keyed, Direction::new(reverse))?.into())
}

fn items(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("do_items", [], 0).bind(args)?;
    let Value::Dict(dict) = data(value) else {
        return fail("Can only get item pairs from a mapping.");
    };
    each_value(&dict)?;
    let pairs = dict.iter().map(|(key, value)| tuple(vec![key.value().clone(), value.clone()]));
    Ok(pairs.collect::<Vec<_>>().into())
}

fn attr(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [name] = Signature::filter("do_attr", ["name"], 1).with_environment().bind(args)?;
    let name = text_or(name, "")?;
    // Items aren't attributes: a dict's own keys stay out of sight.
    match value {
        Value::Dict(_) => ctx.get_attribute(&Value::Dict(Dict::new()), &name),
        value => ctx.get_attribute(value, &name),
    }
}

fn extract(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [container, more] =
        Signature::filter("extract", ["container", "morekeys"], 1).with_environment().bind(args)?;
    let mut found = ctx.get_item(container.unwrap_or(&Value::None), value)?;
    match given(more) {
        None => {}
        Some(Value::List(keys)) => {
            for key in keys {
                found = ctx.get_item(&found, key)?;
            }
        }
        Some(key) => found = ctx.get_item(&found, key)?,
    }
    Ok(found)
}

fn rekey_on_member(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [member, duplicates] =
        Signature::filter("rekey_on_member", ["key", "duplicates"], 1).bind(args)?;
    let duplicates = text_or(duplicates, "error")?;
    if duplicates != "error" && duplicates != "overwrite" {
        return fail(format!(
            "duplicates parameter to rekey_on_member has unknown value {}",
            nafal_base::value::string_repr(&duplicates)
        ));
    }
    let items: Vec<Value> = match data(value) {
        Value::Dict(dict) => dict.values().cloned().collect(),
        Value::List(items) | Value::Tuple(items) => items.to_vec(),
        _ => return fail("Type is not a valid list, set, or dict"),
    };
    let member = member.cloned().unwrap_or_default();
    let mut rekeyed = Dict::new();
    for item in items {
        let Value::Dict(fields) = data(&item) else {
            return fail("List item is not a valid dict");
        };
        let Some(found) = fields.lookup(&member) else {
            return fail(format!("Key {} was not found.", member.repr()));
        };
        if duplicates == "error" && rekeyed.lookup(found).is_some() {
            return fail(format!("Key {} is not unique, cannot convert to dict.", found.repr()));
        }
        rekeyed.insert(key(found.clone())?, item);
    }
    Ok(Value::Dict(rekeyed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: &[i64]) -> Value {
        Value::List(items.iter().copied().map(Value::Int).collect())
    }

    #[test]
    fn lists_merge_in_six_ways() {
        let old: Dict = [("a", list(&[1, 2, 3]))].into_iter().collect();
        let new: Dict = [("a", list(&[3, 4]))].into_iter().collect();
        let merged = |lists| merge(&old, &new, Depth::Flat, lists).get("a").unwrap().repr();
        assert_eq!(merged(ListMerge::Replace), "[3, 4]");
        assert_eq!(merged(ListMerge::Keep), "[1, 2, 3]");
        assert_eq!(merged(ListMerge::Append), "[1, 2, 3, 3, 4]");
        assert_eq!(merged(ListMerge::Prepend), "[3, 4, 1, 2, 3]");
        assert_eq!(merged(ListMerge::AppendPresent), "[1, 2, 3, 4]");
        assert_eq!(merged(ListMerge::PrependPresent), "[3, 4, 1, 2]");
    }
}
