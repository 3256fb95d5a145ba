//! Where values stand that can't carry a place themselves (ints, bools, null). Must not know
//! what they mean.

use std::collections::HashMap;

use nafal_base::{Span, Text, Value};

use super::events::Place;

/// The places of numbers, bools and nulls: under a text key, in a list, and as keys. Only what is
/// read for its structure keeps them; a file of variables doesn't.
#[derive(Debug, Default)]
pub struct Places(Option<Box<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// By the place of the key.
    values: HashMap<Place, Place>,
    /// By the place of the list and the index.
    items: HashMap<(Place, usize), Place>,
    /// By the place of the mapping and the key's text.
    keys: HashMap<(Place, String), Place>,
}

impl Places {
    /// Places that will be noted.
    pub(super) fn kept() -> Places {
        Places(Some(Box::default()))
    }

    /// The same kind, empty.
    pub(super) fn fresh(&self) -> Places {
        if self.0.is_some() { Places::kept() } else { Places::default() }
    }

    pub(super) fn note_value(&mut self, key: Place, place: Place) {
        if let Some(known) = &mut self.0 {
            known.values.insert(key, place);
        }
    }

    pub(super) fn note_item(&mut self, list: Place, index: usize, place: Place) {
        if let Some(known) = &mut self.0 {
            known.items.insert((list, index), place);
        }
    }

    pub(super) fn note_key(&mut self, mapping: Place, key: &Value, place: Place) {
        if let Some(known) = &mut self.0 {
            known.keys.entry((mapping, key.repr())).or_insert(place);
        }
    }

    pub(super) fn item_place(&self, list: Place, index: usize) -> Option<Place> {
        self.0.as_ref()?.items.get(&(list, index)).copied()
    }

    /// Where the value under `key` stands: its own place, or the noted one.
    pub fn of(&self, key: &Text, value: &Value) -> Option<Span> {
        if let Some(span) = value.span() {
            return Some(span.clone());
        }
        let key = key.span()?;
        let place = self.0.as_ref()?.values.get(&at(key))?;
        Some(Span::new(&key.source, place.line, place.column))
    }

    /// Where an item of a list stands.
    pub fn of_item(&self, list: &Value, index: usize) -> Option<Span> {
        let item = list.as_list()?.get(index)?;
        if let Some(span) = item.span() {
            return Some(span.clone());
        }
        let span = list.span()?;
        let place = self.item_place(at(span), index)?;
        Some(Span::new(&span.source, place.line, place.column))
    }

    /// Where a key of a mapping stands.
    pub fn of_key(&self, mapping: Option<&Span>, key: &Value) -> Option<Span> {
        if let Some(span) = key.span() {
            return Some(span.clone());
        }
        let span = mapping?;
        let place = self.0.as_ref()?.keys.get(&(at(span), key.repr()))?;
        Some(Span::new(&span.source, place.line, place.column))
    }
}

fn at(span: &Span) -> Place {
    Place { line: span.line, column: span.column }
}
