//! Dates, moments and the spans between them, as Python's `datetime` has them: YAML and templates
//! make them. Must not know time zones by name.

mod calendar;
mod format;
mod kinds;
mod operations;
mod parse;
mod time;

pub use calendar::Moment;
pub use format::{FormatError, strftime};
pub use kinds::{Date, DateTime, TimeDelta, from_iso, iso_text};
pub use operations::{add, subtract};
pub use parse::strptime;
pub use time::Time;
