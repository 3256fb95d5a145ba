//! Where values stand that can't carry a place themselves (ints, bools, null). Must not know
//! what they mean.

use std::collections::HashMap;

use nafal_base::{Span, Text, Value};

/// The places of numbers, bools and nulls that stand under a text key, by the key's place.
#[derive(Debug, Default)]
pub struct Places(HashMap<(u32, u32), (u32, u32)>);

impl Places {
    pub(super) fn note(&mut self, key: (u32, u32), value: (u32, u32)) {
        self.0.insert(key, value);
    }

    /// Where the value under `key` stands: its own place, or the noted one.
    pub fn of(&self, key: &Text, value: &Value) -> Option<Span> {
        if let Some(span) = value.span() {
            return Some(span.clone());
        }
        let key = key.span()?;
        let (line, column) = self.0.get(&(key.line, key.column))?;
        Some(Span::new(&key.source, *line, *column))
    }
}
