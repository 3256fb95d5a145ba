//! Dicts: insertion-ordered, keyed by Python's equality, shared and copied on the first write.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use indexmap::{Equivalent, IndexMap};

use super::{Marks, Text, Value};
use crate::span::Span;

/// A dict's key: any hashable value, compared as Python does (`1 == 1.0 == true`).
#[derive(Clone, Debug)]
pub struct Key(Value);

impl Key {
    /// The value as a key, or what it is when it can't be one (lists, dicts, undefined).
    pub fn new(value: Value) -> Result<Key, Value> {
        if value.is_hashable() { Ok(Key(value)) } else { Err(value) }
    }

    /// The value.
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// The text of a text key.
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a text key, with its place.
    pub fn as_text(&self) -> Option<&Text> {
        match &self.0 {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Key {
        Key(Value::from(text))
    }
}

impl From<String> for Key {
    fn from(text: String) -> Key {
        Key(Value::from(text))
    }
}

impl From<Text> for Key {
    fn from(text: Text) -> Key {
        Key(Value::Str(text))
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.0 == other.0
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash_as_key(state);
    }
}

impl Equivalent<Key> for str {
    fn equivalent(&self, key: &Key) -> bool {
        key.as_str() == Some(self)
    }
}

/// A borrowed value as a key, to look up without a clone.
pub(crate) struct Borrowed<'a>(pub &'a Value);

impl Hash for Borrowed<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash_as_key(state);
    }
}

impl Equivalent<Key> for Borrowed<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        *self.0 == key.0
    }
}

/// The map inside a [`Dict`].
pub type Map = IndexMap<Key, Value, foldhash::fast::FixedState>;

/// A dict. Cheap to clone; a write to a shared one copies it first.
#[derive(Clone, Default)]
pub struct Dict(Arc<DictData>);

#[derive(Clone, Default)]
struct DictData {
    map: Map,
    marks: Marks,
    span: Option<Span>,
    written: bool,
}

impl Dict {
    /// An empty dict.
    pub fn new() -> Dict {
        Dict::default()
    }

    /// An empty dict with room for `entries`.
    pub fn with_capacity(entries: usize) -> Dict {
        Dict(Arc::new(DictData {
            map: Map::with_capacity_and_hasher(entries, Default::default()),
            ..DictData::default()
        }))
    }

    /// The same dict, written at `span`.
    #[must_use]
    pub fn placed(mut self, span: Option<Span>) -> Dict {
        Arc::make_mut(&mut self.0).span = span;
        self
    }

    /// The same as what a template's text writes, until a call has it.
    #[must_use]
    pub fn written(mut self) -> Dict {
        Arc::make_mut(&mut self.0).written = true;
        self
    }

    /// A dict of its own with the same inside.
    #[must_use]
    pub fn detached(&self) -> Dict {
        // The table is copied as it is: nothing is hashed anew.
        let DictData { map, marks, .. } = &*self.0;
        Dict(Arc::new(DictData { map: map.clone(), marks: *marks, span: None, written: false }))
    }

    /// Whether a template's text writes it.
    pub fn is_written(&self) -> bool {
        self.0.written
    }

    /// The same with room for so many entries more: a shared one is copied now, and won't be moved when they come.
    pub fn reserve(&mut self, more: usize) {
        if self.holders() == 1 {
            return Arc::make_mut(&mut self.0).map.reserve(more);
        }
        let mut map = Map::with_capacity_and_hasher(self.len() + more, Default::default());
        map.clone_from(&self.0.map);
        let DictData { marks, ref span, written, .. } = *self.0;
        self.0 = Arc::new(DictData { map, marks, span: span.clone(), written });
    }

    /// How many hold this allocation.
    pub fn holders(&self) -> usize {
        Arc::strong_count(&self.0)
    }

    /// What is known about anything inside.
    pub fn marks(&self) -> Marks {
        self.0.marks
    }

    /// Where it was written.
    pub fn span(&self) -> Option<&Span> {
        self.0.span.as_ref()
    }

    /// How many entries.
    pub fn len(&self) -> usize {
        self.0.map.len()
    }

    /// Whether it has no entry.
    pub fn is_empty(&self) -> bool {
        self.0.map.is_empty()
    }

    /// The value under a text key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.map.get(key)
    }

    /// The key as it was first written (with its place) and its value.
    pub fn entry(&self, key: &str) -> Option<(&Key, &Value)> {
        self.0.map.get_key_value(key)
    }

    /// The value under any key; None also for what can't be a key.
    pub fn lookup(&self, key: &Value) -> Option<&Value> {
        match key {
            Value::Str(text) => self.0.map.get(text.as_str()),
            key if key.is_hashable() => self.0.map.get(&Borrowed(key)),
            _ => None,
        }
    }

    /// Whether there is such a text key.
    pub fn contains(&self, key: &str) -> bool {
        self.0.map.contains_key(key)
    }

    /// Sets a value; an existing key keeps its position. Gives back what was there.
    pub fn insert(&mut self, key: impl Into<Key>, value: Value) -> Option<Value> {
        let key = key.into();
        let data = Arc::make_mut(&mut self.0);
        data.marks = data.marks | value.marks() | key.0.marks();
        data.map.insert(key, value)
    }

    /// Sets all of these: they come before what was there, and existing keys keep their positions.
    pub fn lay_over(&mut self, stronger: &Dict) {
        for (key, value) in stronger {
            self.insert(key.clone(), value.clone());
        }
    }

    /// Removes a text key, keeping the order of the rest.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        if !self.contains(key) {
            return None;
        }
        Arc::make_mut(&mut self.0).map.shift_remove(key)
    }

    /// Changes the entries freely; the marks are taken anew afterwards.
    pub fn edit<R>(&mut self, change: impl FnOnce(&mut Map) -> R) -> R {
        let data = Arc::make_mut(&mut self.0);
        let result = change(&mut data.map);
        data.marks = data
            .map
            .iter()
            .fold(Marks::NONE, |marks, (key, value)| marks | key.0.marks() | value.marks());
        result
    }

    /// The same, ordered by what its keys are as text.
    #[must_use]
    pub fn in_order_of_names(mut self) -> Dict {
        let ordered = |map: &Map| map.keys().is_sorted_by_key(|key| key.value().to_text());
        if !ordered(&self.0.map) {
            let map = &mut Arc::make_mut(&mut self.0).map;
            map.sort_by(|a, _, b, _| a.value().to_text().cmp(&b.value().to_text()));
        }
        self
    }

    /// The entries in order.
    pub fn iter(&self) -> indexmap::map::Iter<'_, Key, Value> {
        self.0.map.iter()
    }

    /// The keys in order.
    pub fn keys(&self) -> indexmap::map::Keys<'_, Key, Value> {
        self.0.map.keys()
    }

    /// The values in order.
    pub fn values(&self) -> indexmap::map::Values<'_, Key, Value> {
        self.0.map.values()
    }

    /// A number that no other allocation has while this one lives.
    pub fn identity(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    /// Whether both are the same allocation.
    pub fn same(&self, other: &Dict) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl PartialEq for Dict {
    fn eq(&self, other: &Dict) -> bool {
        self.same(other) || self.0.map == other.0.map
    }
}

impl<K: Into<Key>> FromIterator<(K, Value)> for Dict {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(entries: I) -> Dict {
        let map: Map = entries.into_iter().map(|(key, value)| (key.into(), value)).collect();
        let marks = map
            .iter()
            .fold(Marks::NONE, |marks, (key, value)| marks | key.0.marks() | value.marks());
        Dict(Arc::new(DictData { map, marks, span: None, written: false }))
    }
}

impl<'a> IntoIterator for &'a Dict {
    type Item = (&'a Key, &'a Value);
    type IntoIter = indexmap::map::Iter<'a, Key, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
