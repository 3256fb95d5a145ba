//! Python's small languages for formats: `%`, `strftime`, `strptime`.

pub mod percent;
