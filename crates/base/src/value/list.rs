//! Lists and tuples: shared, copied on the first write, and aware of what is inside them.

use std::ops::Deref;
use std::sync::Arc;

use super::{Marks, Value};
use crate::span::Span;

/// A list (or a tuple's items). Cheap to clone; a write to a shared one copies it first.
#[derive(Clone, Default)]
pub struct List(Arc<ListData>);

#[derive(Clone, Default)]
struct ListData {
    items: Vec<Value>,
    marks: Marks,
    span: Option<Span>,
    written: bool,
}

impl List {
    /// An empty list.
    pub fn new() -> List {
        List::default()
    }

    /// A list written at `span`.
    pub fn placed(items: Vec<Value>, span: Option<Span>) -> List {
        let marks = items.iter().fold(Marks::NONE, |marks, item| marks | item.marks());
        List(Arc::new(ListData { items, marks, span, written: false }))
    }

    /// A list that a template's text writes, until a call has it.
    pub fn written(items: Vec<Value>) -> List {
        let mut list = List::from(items);
        Arc::make_mut(&mut list.0).written = true;
        list
    }

    /// A list of its own with the same items.
    #[must_use]
    pub fn detached(&self) -> List {
        List::from(self.0.items.clone())
    }

    /// Whether a template's text writes it.
    pub fn is_written(&self) -> bool {
        self.0.written
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

    /// Adds an item at the end.
    pub fn push(&mut self, item: Value) {
        let data = Arc::make_mut(&mut self.0);
        data.marks = data.marks | item.marks();
        data.items.push(item);
    }

    /// Changes the items freely; the marks are taken anew afterwards.
    pub fn edit<R>(&mut self, change: impl FnOnce(&mut Vec<Value>) -> R) -> R {
        let data = Arc::make_mut(&mut self.0);
        let result = change(&mut data.items);
        data.marks = data.items.iter().fold(Marks::NONE, |marks, item| marks | item.marks());
        result
    }

    /// The items as a vector, without a copy when nobody else holds them.
    pub fn into_vec(self) -> Vec<Value> {
        match Arc::try_unwrap(self.0) {
            Ok(data) => data.items,
            Err(shared) => shared.items.clone(),
        }
    }

    /// Whether both are the same allocation.
    pub fn same(&self, other: &List) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for List {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.0.items
    }
}

impl From<Vec<Value>> for List {
    fn from(items: Vec<Value>) -> List {
        List::placed(items, None)
    }
}

impl FromIterator<Value> for List {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> List {
        List::from(items.into_iter().collect::<Vec<_>>())
    }
}

impl<'a> IntoIterator for &'a List {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.items.iter()
    }
}
