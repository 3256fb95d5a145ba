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

/// What becomes of what is in a list or a mapping before it is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnMembers {
    /// Everything in it is rendered.
    Render,
    /// It is as it was written: what nobody reads isn't rendered, and the lookups in it don't run (case
    /// `containers-unread-members`).
    Leave,
}

/// A filter: `value | name(args)`.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// Its names, short ones: `ansible.builtin.` before them is always taken too.
    pub names: &'static [&'static str],
    /// What undefined values do.
    pub undefined: OnUndefined,
    /// What it is given of a container.
    pub members: OnMembers,
    /// One sentence for `nafal doc`.
    pub doc: &'static str,
    /// The filter.
    pub run: fn(&Context<'_>, &Value, Args<'_>) -> Result<Value, Error>,
}

impl Filter {
    /// The same, which reads members itself.
    pub const fn leaving_members(self) -> Filter {
        Filter { members: OnMembers::Leave, ..self }
    }
}

/// A test: `value is name(args)`.
#[derive(Clone, Copy, Debug)]
pub struct Test {
    /// Its names.
    pub names: &'static [&'static str],
    /// What undefined values do.
    pub undefined: OnUndefined,
    /// What it is given of a container.
    pub members: OnMembers,
    /// One sentence.
    pub doc: &'static str,
    /// The test.
    pub run: fn(&Context<'_>, &Value, Args<'_>) -> Result<bool, Error>,
}

impl Test {
    /// The same, which reads members itself.
    pub const fn leaving_members(self) -> Test {
        Test { members: OnMembers::Leave, ..self }
    }
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
