//! What a key that stands twice in a mapping means (DUPLICATE_YAML_DICT_KEY). It is one setting of
//! the whole process, as in stock: every file that is read is meant, whoever reads it.

use std::sync::atomic::{AtomicU8, Ordering};

use nafal_base::Diagnostic;

use super::problem::Fault;
use crate::error::Error;

/// What such a key is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DuplicateKeys {
    /// A warning; the last value counts.
    #[default]
    Warn,
    /// An error.
    Refuse,
    /// Nothing; the last value counts.
    Ignore,
}

static CHOSEN: AtomicU8 = AtomicU8::new(0);

/// Chooses for everything that is read from now on.
pub fn choose(duplicates: DuplicateKeys) {
    let number = match duplicates {
        DuplicateKeys::Warn => 0,
        DuplicateKeys::Refuse => 1,
        DuplicateKeys::Ignore => 2,
    };
    CHOSEN.store(number, Ordering::Relaxed);
}

/// Keeps, turns into errors or drops the warnings from `known` on.
pub(super) fn judge(warnings: &mut Vec<Diagnostic>, known: usize, errors: &mut Vec<Fault>) {
    match CHOSEN.load(Ordering::Relaxed) {
        1 => errors.extend(warnings.drain(known..).map(|warning| {
            Error::invalid(format!("YAML parsing failed: {}", warning.message), warning.span).into()
        })),
        2 => warnings.truncate(known),
        _ => {}
    }
}
