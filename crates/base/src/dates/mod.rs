//! Dates, moments and the spans between them, as Python's `datetime` has them: YAML and templates
//! make them. Must not know time zones by name.

mod calendar;
mod format;
mod kinds;
mod parse;

pub use calendar::Moment;
pub use format::{FormatError, strftime};
pub use kinds::{Date, DateTime, TimeDelta, add, iso_text, subtract};
pub use parse::strptime;
