//! The table of functions: one slice a file.

use crate::plugin::Function;

/// Every one of them, by family.
pub static FUNCTIONS: &[&[Function]] = &[];
