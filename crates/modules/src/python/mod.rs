//! Modules that are not nafal's own: in Python under a warm process that forks for each, and files that
//! are run as they are. Must not know where the controller found them.

mod folders;
mod foreign;
mod interpreter;
mod request;
mod result;
mod servers;

pub use foreign::{prepare, python, run, run_in_job};
pub use interpreter::look;
pub use servers::Servers;
