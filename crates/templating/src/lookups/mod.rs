//! The table of lookups: one slice a file.

use crate::plugin::Lookup;

/// Every one of them, by family.
pub static LOOKUPS: &[&[Lookup]] = &[];
