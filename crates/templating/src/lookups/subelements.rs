//! The lookup of items with each item of a list inside them.

use nafal_base::{Dict, Value};

use super::terms::truth;
use crate::arguments::{fail, tuple};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Lookup};

/// The lookup.
pub const LOOKUPS: &[Lookup] = &[Lookup {
    names: &["subelements"],
    doc: "every item with every item of a list inside it",
    run: subelements,
}];

const EXPECTS: &str = "subelements lookup expects a list of two or three items,";

fn subelements(_: &Context<'_>, args: Args<'_>) -> Result<Vec<Value>, Error> {
    let (items, path, flags) = match args.positional {
        [items, path] => (items, path, None),
        [items, path, flags] => (items, path, Some(flags)),
        _ => return fail(EXPECTS),
    };
    let Value::Str(path) = path else {
        return fail(format!(
            "{EXPECTS} first a dict or a list, second a string pointing to the subkey"
        ));
    };
    let items: Vec<Value> = match items {
        Value::List(items) | Value::Tuple(items) => items.to_vec(),
        // The result of a task that was skipped.
        Value::Dict(dict) if dict.get("skipped").is_some_and(Value::is_true) => Vec::new(),
        Value::Dict(dict) => dict.values().cloned().collect(),
        _ => {
            return fail(format!(
                "{EXPECTS} first a dict or a list, second a string pointing to the subkey"
            ));
        }
    };
    let skip = match flags {
        None => false,
        Some(Value::Dict(flags)) => flags.get("skip_missing").is_some_and(truth),
        Some(_) => {
            return fail(format!(
                "{EXPECTS} the optional third item must be a dict with flags skip_missing"
            ));
        }
    };
    let keys: Vec<&str> = path.split('.').collect();
    let mut found = Vec::new();
    for item in &items {
        let Value::Dict(fields) = item else {
            return fail(format!(
                "subelements lookup expects a dictionary, got '{}'",
                item.to_text()
            ));
        };
        if fields.get("skipped").is_some_and(Value::is_true) {
            continue;
        }
        if let Some(list) = inside(fields, &keys, skip)? {
            let rest = Value::Dict(without(fields, &keys));
            found.extend(list.iter().map(|inner| tuple(vec![rest.clone(), inner.clone()])));
        }
    }
    Ok(found)
}

/// The list at the end of the keys.
fn inside(fields: &Dict, keys: &[&str], skip: bool) -> Result<Option<nafal_base::List>, Error> {
    let mut current = fields.clone();
    for (depth, key) in keys.iter().enumerate() {
        let last = depth + 1 == keys.len();
        match current.get(key).cloned() {
            None if skip => return Ok(None),
            None => {
                return fail(format!(
                    "could not find '{key}' key in iterated item '{}'",
                    Value::Dict(current).repr()
                ));
            }
            Some(Value::List(list)) if last => return Ok(Some(list)),
            Some(Value::Dict(inner)) if !last => current = inner,
            Some(Value::None) if skip => return Ok(None),
            Some(Value::Undef(undefined)) => return Err(Error::undefined(&undefined)),
            Some(other) => {
                let wanted = if last { "list" } else { "dictionary" };
                return fail(format!(
                    "the key {key} should point to a {wanted}, got '{}'",
                    other.to_text()
                ));
            }
        }
    }
    Ok(None)
}

/// The item without the list: stock hands it on so.
fn without(fields: &Dict, keys: &[&str]) -> Dict {
    let mut rest = fields.clone();
    match keys {
        [] => {}
        [key] => {
            rest.remove(key);
        }
        [key, deeper @ ..] => {
            if let Some(Value::Dict(inner)) = fields.get(key) {
                rest.insert(*key, Value::Dict(without(inner, deeper)));
            }
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_goes() {
        let inner: Dict =
            [("b", Value::from(vec![1_i64])), ("c", Value::Int(2))].into_iter().collect();
        let outer: Dict = [("a", Value::Dict(inner))].into_iter().collect();
        assert_eq!(Value::Dict(without(&outer, &["a", "b"])).repr(), "{'a': {'c': 2}}");
        assert!(inside(&outer, &["a", "b"], false).unwrap().is_some());
        assert!(inside(&outer, &["x"], true).unwrap().is_none());
        assert!(inside(&outer, &["x"], false).is_err());
    }
}
