//! Jinja as Ansible means it: minijinja's parser in front, an evaluator of our own behind it, with
//! filters, tests, lookups and functions as tables.
//!
//! Must not know hosts or tasks: variables come from a [`nafal_base::Scope`], files and processes
//! from [`Effects`].

mod arguments;
pub mod context;
pub mod effects;
pub mod error;
pub mod filters;
pub mod functions;
pub mod lookups;
pub mod plugin;
pub mod registry;
mod session;
pub mod tests_table;

pub use context::Context;
pub use effects::{Effects, NoEffects};
pub use error::{Error, ErrorKind};
pub use plugin::{Args, Filter, Function, Lookup, OnUndefined, Test};
