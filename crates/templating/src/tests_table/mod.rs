//! The table of tests: one slice a file.

use crate::plugin::Test;

/// Every one of them, by family.
pub static TESTS: &[&[Test]] = &[];
