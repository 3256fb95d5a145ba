//! What a filter, a test and a lookup look like: typed tables that the evaluator asks by name.
//! Must not know the evaluator's inside.

use nafal_base::{Text, Value};

use crate::context::Context;
use crate::error::Error;

/// What a call passes: values that are rendered already (containers included; something missing
/// inside a container stays an undefined marker).
#[derive(Clone, Copy, Debug)]
pub struct Args<'a> {
    /// By position, without the filtered value.
    pub positional: &'a [Value],
    /// By name, in order.
    pub named: &'a [(Text, Value)],
}

/// What happens when the value or an argument is undefined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnUndefined {
    /// The call isn't made and the first undefined one is its result (nearly all filters), or its
    /// error (nearly all tests).
    PassOn,
    /// The call is made and looks itself (`default`, `defined`, `type_debug`, …).
    Accept,
}

/// A filter: `value | name(args)`.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// Its names, short ones: `ansible.builtin.` before them is always taken too.
    pub names: &'static [&'static str],
    /// What undefined values do.
    pub undefined: OnUndefined,
    /// One sentence for `nafal doc`.
    pub doc: &'static str,
    /// The filter.
    pub run: fn(&Context<'_>, &Value, Args<'_>) -> Result<Value, Error>,
}

/// A test: `value is name(args)`.
#[derive(Clone, Copy, Debug)]
pub struct Test {
    /// Its names.
    pub names: &'static [&'static str],
    /// What undefined values do.
    pub undefined: OnUndefined,
    /// One sentence.
    pub doc: &'static str,
    /// The test.
    pub run: fn(&Context<'_>, &Value, Args<'_>) -> Result<bool, Error>,
}

/// A lookup: `lookup('name', terms…, options…)`. It gives a list; joining and unwrapping is the
/// business of `lookup` itself.
#[derive(Clone, Copy, Debug)]
pub struct Lookup {
    /// Its names.
    pub names: &'static [&'static str],
    /// One sentence.
    pub doc: &'static str,
    /// The lookup: positional are the terms, named the options.
    pub run: fn(&Context<'_>, Args<'_>) -> Result<Vec<Value>, Error>,
}

/// A global function: `range`, `dict`, `now`, `lookup`, `undef`, ….
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// The function.
    pub run: fn(&Context<'_>, Args<'_>) -> Result<Value, Error>,
}
