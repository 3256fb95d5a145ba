//! Containers that stand more than once in a value: written once, with a name, and referred to
//! afterwards, as PyYAML does for what is the same object in Python.

use std::collections::HashMap;

use nafal_base::{Key, Value};

use super::emitter::sort;

/// What is written for a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Itself.
    None,
    /// A name, then itself.
    Anchor(usize),
    /// A name alone.
    Alias(usize),
}

/// Where a container's items are in memory stands for its identity. Empty ones have no place.
type Place = usize;

struct Seen {
    number: Option<usize>,
    written: bool,
}

/// The containers of a value.
#[derive(Default)]
pub(super) struct Anchors {
    seen: HashMap<Place, Seen>,
    count: usize,
}

fn place(value: &Value) -> Option<Place> {
    match value {
        Value::List(items) if !items.is_empty() => Some(items.as_ptr() as usize),
        Value::Dict(dict) => {
            let (key, _) = dict.iter().next()?;
            Some(std::ptr::from_ref::<Key>(key) as usize)
        }
        _ => None,
    }
}

impl Anchors {
    /// Goes through a value in the order in which it will be written.
    pub fn of(value: &Value, sort_keys: bool) -> Anchors {
        let mut anchors = Anchors::default();
        anchors.visit(value, sort_keys);
        anchors
    }

    fn visit(&mut self, value: &Value, sort_keys: bool) {
        if let Some(place) = place(value) {
            if let Some(seen) = self.seen.get_mut(&place) {
                if seen.number.is_none() {
                    self.count += 1;
                    seen.number = Some(self.count);
                }
                return;
            }
            self.seen.insert(place, Seen { number: None, written: false });
        }
        match value {
            Value::List(items) | Value::Tuple(items) => {
                items.iter().for_each(|item| self.visit(item, sort_keys));
            }
            Value::Dict(dict) => {
                let mut entries: Vec<(&Key, &Value)> = dict.iter().collect();
                if sort_keys {
                    sort(&mut entries);
                }
                for (key, value) in entries {
                    self.visit(key.value(), sort_keys);
                    self.visit(value, sort_keys);
                }
            }
            _ => {}
        }
    }

    /// What is to be written for this container now.
    pub fn mark(&mut self, value: &Value) -> Mark {
        if self.count == 0 {
            return Mark::None;
        }
        let Some(seen) = place(value).and_then(|place| self.seen.get_mut(&place)) else {
            return Mark::None;
        };
        match (seen.number, seen.written) {
            (None, _) => Mark::None,
            (Some(number), false) => {
                seen.written = true;
                Mark::Anchor(number)
            }
            (Some(number), true) => Mark::Alias(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Flow, Options, write};
    use super::*;

    #[test]
    fn same_object_is_written_once() {
        let list = Value::from(vec![1_i64]);
        let value = Value::from(vec![list.clone(), list]);
        let options = Options { flow: Flow::Never, ..Options::default() };
        assert_eq!(write(&value, &options).unwrap(), "- &id001\n  - 1\n- *id001\n");
        let equal = Value::from(vec![Value::from(vec![1_i64]), Value::from(vec![1_i64])]);
        assert_eq!(write(&equal, &options).unwrap(), "- - 1\n- - 1\n");
    }
}
