//! `pip`: Python packages are there, or aren't. The work is done by the target's own Python and pip.

mod installed;
mod interpreter;
mod marker;
mod packages;
mod requirement;
mod run;
mod tool;
mod virtualenv;

pub use run::MODULE;
