//! Methods of `list` and `tuple`.

use nafal_base::{List, Value};

use super::{at, count, int, named};
use crate::error::Error;
use crate::eval::iterate;
use crate::plugin::Args;

/// Those that only look.
pub(super) const NAMES: [&str; 3] = ["copy", "count", "index"];
/// Those of tuples.
pub(super) const TUPLE_NAMES: [&str; 2] = ["count", "index"];
/// Those that change the list.
pub(super) const CHANGES: [&str; 8] =
    ["append", "extend", "insert", "pop", "remove", "reverse", "sort", "clear"];

pub(super) fn call(items: &List, name: &str, args: Args<'_>) -> Result<Value, Error> {
    match name {
        "copy" => {
            count("list", name, args, 0..=0)?;
            Ok(Value::List(items.detached()))
        }
        "count" => {
            count("list", name, args, 1..=1)?;
            let number = items.iter().filter(|item| at(args, 0) == Some(item)).count();
            Ok(Value::from(number))
        }
        _ => {
            count("list", name, args, 1..=3)?;
            let start = at(args, 1).map_or(Ok(0), int)?;
            let start = place(start, items.len());
            let found = items.iter().skip(start).position(|item| at(args, 0) == Some(item));
            match found {
                Some(index) => Ok(Value::from(index + start)),
                None => Err(Error::new(format!(
                    "{} is not in list",
                    at(args, 0).map(Value::repr).unwrap_or_default()
                ))),
            }
        }
    }
}

/// An index as a position for inserting: clamped, from the end when negative.
fn place(index: i64, length: usize) -> usize {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let index = if index < 0 { (index + length).max(0) } else { index.min(length) };
    usize::try_from(index).unwrap_or(0)
}

pub(super) fn change(items: &mut List, name: &str, args: Args<'_>) -> Result<Value, Error> {
    let kind = "list";
    match name {
        "append" => {
            count(kind, name, args, 1..=1)?;
            items.push(at(args, 0).cloned().unwrap_or_default());
        }
        "extend" => {
            count(kind, name, args, 1..=1)?;
            for item in iterate(at(args, 0).unwrap_or(&Value::None))? {
                items.push(item);
            }
        }
        "insert" => {
            count(kind, name, args, 2..=2)?;
            let index = place(int(at(args, 0).unwrap_or(&Value::None))?, items.len());
            let item = at(args, 1).cloned().unwrap_or_default();
            items.edit(|items| items.insert(index, item));
        }
        "pop" => return pop(items, args),
        "remove" => {
            count(kind, name, args, 1..=1)?;
            let found = items.iter().position(|item| at(args, 0) == Some(item));
            let Some(index) = found else {
                return Err(Error::new("list.remove(x): x not in list"));
            };
            items.edit(|items| items.remove(index));
        }
        "reverse" => items.edit(|items| items.reverse()),
        "clear" => items.edit(Vec::clear),
        _ => sort(items, args)?,
    }
    Ok(Value::None)
}

fn pop(items: &mut List, args: Args<'_>) -> Result<Value, Error> {
    count("list", "pop", args, 0..=1)?;
    if items.is_empty() {
        return Err(Error::new("pop from empty list"));
    }
    let index = at(args, 0).map_or(Ok(-1), int)?;
    match crate::eval::index(&Value::Int(index), items.len()) {
        Some(index) => Ok(items.edit(|items| items.remove(index))),
        None => Err(Error::new("pop index out of range")),
    }
}

fn sort(items: &mut List, args: Args<'_>) -> Result<(), Error> {
    let mut failed = None;
    let reverse = named(args, usize::MAX, "reverse").is_some_and(Value::is_true);
    items.edit(|items| {
        items.sort_by(|a, b| {
            let ordering = a.compare(b).unwrap_or_else(|pair| {
                failed.get_or_insert(pair);
                std::cmp::Ordering::Equal
            });
            if reverse { ordering.reverse() } else { ordering }
        });
    });
    failed.map_or(Ok(()), |pair| Err(pair.into()))
}
