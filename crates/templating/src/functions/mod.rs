//! The table of functions: one slice a file.

use crate::plugin::Function;

mod generators;
mod lookups;
mod values;

/// Every one of them, by family.
pub static FUNCTIONS: &[&[Function]] =
    &[generators::FUNCTIONS, lookups::FUNCTIONS, values::FUNCTIONS];
