//! `dnf` and `dnf5`: packages of rpm, with the target's own dnf and rpm. No Python is needed, nor its bindings.

mod command;
mod complaint;
mod groups;
mod installed;
mod list;
mod run;
mod settings;
mod specs;
mod transaction;
mod version;

pub use run::{DNF, DNF5};
