//! The evaluator: Python's semantics over the syntax tree. Must not know minijinja.

mod access;
mod aliases;
mod call;
mod compare;
mod expr;
pub(crate) mod finalize;
mod foreign;
mod frame;
mod imports;
mod loops;
mod macros;
mod mappings;
mod nested;
mod numbers;
pub(crate) mod objects;
mod operators;
mod output;
mod places;
mod slice;
mod stmt;

pub(crate) use access::{index, iterate};
pub(crate) use call::{Passed, apply_filter, apply_test, lookup_failed};
pub(crate) use expr::variable;
pub(crate) use foreign::{
    UNLOADED, failed, foreign_filter, foreign_lookup, foreign_test, unloaded,
};
pub(crate) use frame::{Frame, Slot, Unit, at_line, check_known};
pub(crate) use output::{Output, is_plain_value};
pub(crate) use slice::indices as slice_indices;
