//! Shows a run: the only crate that writes to a terminal. Callbacks take events; nothing here
//! knows how they come about.

mod clean;
mod console;
mod context;
mod default;
mod diff;
mod log;
mod results;
mod style;
mod terminal;
mod whole;

pub use clean::Cleaned;
pub use console::TerminalConsole;
pub use context::{explain, headline};
pub use default::{DefaultCallback, DefaultOptions, Lines};
pub use diff::{DiffStyle, render_diff};
pub use log::{LOGGER, Level, Log};
pub use results::{Format, Layout, LineWidth, ResultStyle};
pub use style::{Color, Palette};
pub use terminal::{Deprecations, Stream, Terminal};
pub use whole::Minimal;
