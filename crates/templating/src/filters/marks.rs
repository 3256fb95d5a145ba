//! What is known of values beside what they are: where they are from, whether they are trusted or
//! vaulted. ansible-core has these filters for its own tests (case `protomatter`).

use nafal_base::{Span, Text, Value};

use crate::arguments::Signature;
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
    filter(&["ansible._protomatter.origin"], "where a value was written", origin),
    filter(&["ansible._protomatter.tag_names"], "what is known of a value", tag_names),
    filter(&["ansible._protomatter.apply_trust"], "the text as a template", apply_trust),
    filter(&["ansible._protomatter.finalize"], "the value as it would be stored", finalize),
];

/// Of a value, the names that stock has for it, sorted.
pub(crate) fn names_of(value: &Value) -> Vec<&'static str> {
    let text = match value {
        Value::Str(text) => Some(text),
        _ => None,
    };
    let has = [
        ("Origin", value.span().is_some()),
        ("TrustedAsTemplate", text.is_some_and(Text::is_trusted)),
        ("VaultedValue", text.is_some_and(|text| text.is_vault() || text.is_from_vault())),
    ];
    has.into_iter().filter(|(_, has)| *has).map(|(name, _)| name).collect()
}

fn origin(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("origin", [], 0).bind(args)?;
    Ok(value.span().map(Span::to_string).map_or(Value::None, Value::from))
}

fn tag_names(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("tag_names", [], 0).bind(args)?;
    Ok(Value::from(names_of(value)))
}

fn apply_trust(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("apply_trust", [], 0).bind(args)?;
    Ok(match value {
        Value::Str(text) => Value::Str(Text::trusted(text.as_str(), text.span().cloned())),
        other => other.clone(),
    })
}

fn finalize(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("finalize", [], 0).bind(args)?;
    Ok(stored(value))
}

fn stored(value: &Value) -> Value {
    match value {
        Value::List(items) | Value::Tuple(items) => Value::List(items.iter().map(stored).collect()),
        Value::Dict(dict) => {
            Value::Dict(dict.iter().map(|(key, value)| (key.clone(), stored(value))).collect())
        }
        Value::Obj(object) => object.to_data().map_or_else(|| value.clone(), |data| stored(&data)),
        other => other.clone(),
    }
}
