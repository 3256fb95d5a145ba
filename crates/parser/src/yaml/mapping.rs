//! A mapping while it is read: keys, merge keys, keys that stand twice. Must not know events.

use std::sync::Arc;

use nafal_base::{Diagnostic, Dict, Key, Span, Value};

use super::compose::Finished;
use super::construct::{self, KeyRole};
use super::events::Place;
use super::places::Places;
use super::problem::{Fault, Problem};

/// The pairs that were read so far.
pub(super) struct MappingFrame {
    merged: Vec<(Key, Value)>,
    own: Vec<(Key, Value, Place)>,
    pending: Pending,
    set: bool,
}

enum Pending {
    Key,
    Value(Key, Place),
    Merge,
    /// The key was refused: its value is read and dropped.
    Dropped,
}

impl MappingFrame {
    pub(super) fn new(set: bool) -> MappingFrame {
        MappingFrame { merged: Vec::new(), own: Vec::new(), pending: Pending::Key, set }
    }

    /// Adds a key or a value, whichever is due.
    pub(super) fn add(
        &mut self,
        finished: Finished,
        mapping: Place,
        places: &mut Places,
        errors: &mut Vec<Fault>,
    ) {
        const CONTEXT: &str = "while constructing a mapping";
        match std::mem::replace(&mut self.pending, Pending::Key) {
            Pending::Key if finished.key == KeyRole::Merge => self.pending = Pending::Merge,
            Pending::Key => match Key::new(finished.value) {
                Ok(key) => {
                    if key.as_text().is_none() {
                        places.note_key(mapping, key.value(), finished.place);
                    }
                    self.pending = Pending::Value(key, finished.place);
                }
                Err(_) => {
                    let problem = Problem::new("found unhashable key", finished.place);
                    errors.push(problem.within(CONTEXT, mapping).into());
                    self.pending = Pending::Dropped;
                }
            },
            Pending::Value(key, place) => {
                errors.extend(construct::only_key(finished.key, finished.place));
                if finished.value.span().is_none() && key.as_text().is_some() {
                    places.note_value(place, finished.place);
                }
                self.own.push((key, finished.value, place));
            }
            Pending::Merge => {
                let merged = std::mem::take(&mut self.merged);
                match merge(merged, finished.value) {
                    Ok(merged) => self.merged = merged,
                    Err((what, span)) => {
                        let own = span.map(|span| Place { line: span.line, column: span.column });
                        let problem = Problem::new(what, own.unwrap_or(finished.place));
                        errors.push(problem.within(CONTEXT, mapping).into());
                    }
                }
            }
            Pending::Dropped => {}
        }
    }

    /// The dict (or, for `!!set`, the list of its keys, which is what stock's variables make of
    /// a set).
    pub(super) fn finish(
        self,
        span: Span,
        warnings: &mut Vec<Diagnostic>,
        errors: &mut Vec<Fault>,
    ) -> Value {
        let known = warnings.len();
        let source = Arc::clone(&span.source);
        let mut dict = Dict::with_capacity(self.merged.len() + self.own.len());
        for (key, value) in self.merged {
            let place = key.as_text().and_then(|text| text.span().cloned());
            insert(&mut dict, key, value, || place.clone(), warnings);
        }
        for (key, value, place) in self.own {
            let place = || Some(Span::new(&source, place.line, place.column));
            insert(&mut dict, key, value, place, warnings);
        }
        super::duplicates::judge(warnings, known, errors);
        if self.set {
            return Value::List(dict.keys().map(|key| key.value().clone()).collect());
        }
        Value::Dict(dict.placed(Some(span)))
    }
}

/// The last value of a key counts; stock warns, also about what overrides a merged key.
fn insert(
    dict: &mut Dict,
    key: Key,
    value: Value,
    place: impl Fn() -> Option<Span>,
    warnings: &mut Vec<Diagnostic>,
) {
    let known = dict.len();
    let name = key.clone();
    dict.insert(key, value);
    if dict.len() == known {
        let message = format!("Found duplicate mapping key {}.", name.value().repr());
        let warning = Diagnostic::warning(message).at(place());
        warnings.push(warning.hint("Using last defined value only."));
    }
}

type Pairs = Vec<(Key, Value)>;

/// What a merge key adds: a mapping's pairs, or those of a list of mappings of which the first
/// counts most (so it comes last).
fn merge(mut merged: Pairs, value: Value) -> Result<Pairs, (&'static str, Option<Span>)> {
    let pairs = |dict: &Dict| -> Vec<(Key, Value)> {
        dict.iter().map(|(key, value)| (key.clone(), value.clone())).collect()
    };
    match &value {
        Value::Dict(dict) => merged.extend(pairs(dict)),
        Value::List(items) => {
            for item in items.iter().rev() {
                let Value::Dict(dict) = item else {
                    // Stock looks from the first one on (case `bad-yaml-structure`).
                    let first = items.iter().find(|item| !matches!(item, Value::Dict(_)));
                    let span = first.and_then(Value::span).cloned();
                    return Err(("expected a mapping for merging, but found scalar", span));
                };
                merged.extend(pairs(dict));
            }
        }
        _ => {
            let what = "expected a mapping or list of mappings for merging, but found scalar";
            return Err((what, None));
        }
    }
    Ok(merged)
}
