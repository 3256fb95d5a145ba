//! Methods of `dict`.

use nafal_base::{Dict, Key, List, Value};

use super::{at, count, named};
use crate::error::Error;
use crate::eval::iterate;
use crate::plugin::Args;

/// Those that only look.
pub(super) const NAMES: [&str; 6] = ["copy", "get", "items", "keys", "values", "fromkeys"];
/// Those that change the dict.
pub(super) const CHANGES: [&str; 5] = ["clear", "pop", "popitem", "setdefault", "update"];

fn key(value: &Value) -> Result<Key, Error> {
    Key::new(value.clone())
        .map_err(|value| Error::new(format!("unhashable type: '{}'", value.type_name())))
}

pub(super) fn call(dict: &Dict, name: &str, args: Args<'_>) -> Result<Value, Error> {
    match name {
        "get" => {
            count("dict", name, args, 1..=2)?;
            let wanted = key(at(args, 0).unwrap_or(&Value::None))?;
            let found = dict.lookup(wanted.value()).or(at(args, 1));
            Ok(found.cloned().unwrap_or_default())
        }
        "fromkeys" => {
            count("dict", name, args, 1..=2)?;
            let value = at(args, 1).cloned().unwrap_or_default();
            let mut out = Dict::new();
            for item in iterate(at(args, 0).unwrap_or(&Value::None))? {
                out.insert(key(&item)?, value.clone());
            }
            Ok(Value::Dict(out))
        }
        _ => {
            count("dict", name, args, 0..=0)?;
            Ok(match name {
                "copy" => Value::Dict(dict.detached()),
                "keys" => Value::List(dict.keys().map(|key| key.value().clone()).collect()),
                "values" => Value::List(dict.values().cloned().collect()),
                _ => {
                    Value::List(dict.iter().map(|(key, value)| pair(key, value.clone())).collect())
                }
            })
        }
    }
}

fn pair(key: &Key, value: Value) -> Value {
    Value::Tuple(List::from(vec![key.value().clone(), value]))
}

pub(super) fn change(dict: &mut Dict, name: &str, args: Args<'_>) -> Result<Value, Error> {
    match name {
        "clear" => {
            count("dict", name, args, 0..=0)?;
            dict.edit(|map| map.clear());
            Ok(Value::None)
        }
        "pop" => {
            count("dict", name, args, 1..=2)?;
            let wanted = key(at(args, 0).unwrap_or(&Value::None))?;
            if dict.lookup(wanted.value()).is_some() {
                return Ok(dict.edit(|map| map.shift_remove(&wanted)).unwrap_or_default());
            }
            at(args, 1).cloned().ok_or_else(|| Error::new(wanted.value().repr()))
        }
        "popitem" => {
            count("dict", name, args, 0..=0)?;
            match dict.edit(|map| map.pop()) {
                Some((key, value)) => Ok(pair(&key, value)),
                None => Err(Error::new("'popitem(): dictionary is empty'")),
            }
        }
        "setdefault" => {
            count("dict", name, args, 1..=2)?;
            let wanted = key(at(args, 0).unwrap_or(&Value::None))?;
            if let Some(found) = dict.lookup(wanted.value()) {
                return Ok(found.clone());
            }
            let value = named(args, 1, "default").cloned().unwrap_or_default();
            dict.insert(wanted, value.clone());
            Ok(value)
        }
        _ => update(dict, args).map(|()| Value::None),
    }
}

fn update(dict: &mut Dict, args: Args<'_>) -> Result<(), Error> {
    if args.positional.len() > 1 {
        return Err(Error::new(format!(
            "update expected at most 1 argument, got {}",
            args.positional.len()
        )));
    }
    match at(args, 0) {
        None => {}
        Some(Value::Dict(entries)) => {
            dict.lay_over(entries);
        }
        Some(Value::Obj(object)) if object.kind() == nafal_base::ObjectKind::Mapping => {
            for entry in object.iterate().unwrap_or_default() {
                let value = object.item(&entry).unwrap_or_default();
                dict.insert(key(&entry)?, value);
            }
        }
        Some(pairs) => {
            for (index, entry) in iterate(pairs)?.iter().enumerate() {
                let items = iterate(entry).map_err(|_| {
                    Error::new(format!(
                        "cannot convert dictionary update sequence element #{index} to a sequence"
                    ))
                })?;
                let [name, value] = items.as_slice() else {
                    return Err(Error::new(format!(
                        "dictionary update sequence element #{index} has length {}; 2 is required",
                        items.len()
                    )));
                };
                dict.insert(key(name)?, value.clone());
            }
        }
    }
    for (name, value) in args.named {
        dict.insert(name.clone(), value.clone());
    }
    Ok(())
}
