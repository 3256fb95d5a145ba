//! Python's small languages for formats: `{}`, `%`, `strftime`, `strptime`.

pub(crate) mod braces;
pub mod percent;
