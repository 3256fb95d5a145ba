//! Which callbacks a run has, with their options as the settings have them. Must not know what
//! callbacks write.

mod choice;
mod options;
mod python;

pub use choice::{Choice, Used, deprecated_among};
