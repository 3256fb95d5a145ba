//! Where a name's value comes from while something is rendered. Layers and their order are the
//! business of the variables crate; this is only what the evaluator asks.

use crate::span::Span;
use crate::value::{Text, Value};

/// Names and their values. A value may be (or contain) a template: whoever asks renders it, with
/// this same scope, on access.
pub trait Scope: Send + Sync {
    /// The value of `name`, or None when nothing defines it.
    fn get(&self, name: &str) -> Option<Value>;

    /// Where `name` is written in the definition that holds, if that is known.
    fn place(&self, _name: &str) -> Option<Span> {
        None
    }

    /// Calls `each` with every name that is defined, each once.
    fn names(&self, each: &mut dyn FnMut(&Text));
}

/// A scope without a name in it.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmptyScope;

impl Scope for EmptyScope {
    fn get(&self, _name: &str) -> Option<Value> {
        None
    }

    fn names(&self, _each: &mut dyn FnMut(&Text)) {}
}
