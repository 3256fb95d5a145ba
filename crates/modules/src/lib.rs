//! Native modules and the loop that serves them on a target.
//!
//! Must not know the controller. A module is one file in `modules/` with a `MODULE` (its [`Spec`]
//! and its function) and a line in [`MODULES`]; its arguments are checked before it runs.

pub mod addresses;
pub mod arguments;
pub mod ctx;
pub mod debian;
pub mod facts;
pub mod files;
pub mod glob;
pub mod http;
pub mod jobs;
pub mod lines;
mod module_file;
pub mod modules;
pub mod passwd;
pub mod processes;
pub mod python;
pub mod python_regex;
pub mod registry;
pub mod serve;
pub mod spec;

pub use arguments::Arguments;
pub use ctx::Ctx;
pub use modules::MODULES;
pub use registry::{Module, find};
pub use serve::serve;
pub use spec::{Argument, CheckMode, Count, Default, FreeForm, Kind, Need, Secrecy, Spec};

/// What these modules were built from: text that is in every binary that has them.
pub const STAMP: &str = env!("NAFAL_STAMP");
