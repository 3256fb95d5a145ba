//! Shows a run: the only crate that writes to a terminal. Callbacks take events; nothing here
//! knows how they come about.

mod callback;
mod clean;
mod console;
mod context;
mod default;
mod deprecation;
mod diff;
mod foreign;
mod junit;
mod log;
mod oneline;
mod progress;
mod report_file;
mod results;
mod retry;
mod sequence;
mod style;
mod terminal;
mod tree;
mod warnings;
mod whole;

pub use callback::{Callback, Callbacks, Listener, Shows, Silent};
pub use clean::Cleaned;
pub use console::TerminalConsole;
pub use context::{explain, headline};
pub use default::{DefaultCallback, DefaultOptions, Lines};
pub use diff::{DiffStyle, render_diff};
pub use junit::{Junit, JunitOptions};
pub use log::{LOGGER, Level, Log};
pub use oneline::Oneline;
pub use report_file::write_report;
pub use results::{Format, Layout, LineWidth, ResultStyle};
pub use retry::Retry;
pub use style::{Color, Palette, choose_colors, color_code};
pub use terminal::{Deprecations, Stream, Terminal};
pub use tree::Tree;
pub use whole::Minimal;
