//! Where a name's value comes from while something is rendered. Layers and their order are the
//! business of the variables crate; this is only what the evaluator asks.

use crate::span::Span;
use crate::value::{Text, Value};

/// Why reading a variable is advised against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deprecated {
    /// A fact that only stands beside other variables because nobody chose otherwise.
    InjectedFact,
    /// The magic variable `vars`.
    Vars,
    /// The magic variable `play_hosts`.
    PlayHosts,
}

/// Names and their values. A value may be (or contain) a template: whoever asks renders it, with
/// this same scope, on access.
pub trait Scope: Send + Sync {
    /// The value of `name`, or None when nothing defines it.
    fn get(&self, name: &str) -> Option<Value>;

    /// Where `name` is written in the definition that holds, if that is known.
    fn place(&self, _name: &str) -> Option<Span> {
        None
    }

    /// Which of the kinds of hosts this is, as to [`Scope::deprecated`]: a template that was looked
    /// through for one host needn't be for another one of its kind. None where nothing is deprecated.
    fn kind_of_host(&self) -> Option<u8> {
        None
    }

    /// Whether reading `name` is advised against.
    fn deprecated(&self, _name: &str) -> Option<Deprecated> {
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
