//! The table of filters: one slice a file.

use crate::plugin::Filter;

mod defaults;

/// Every one of them, by family.
pub static FILTERS: &[&[Filter]] = &[defaults::FILTERS];
