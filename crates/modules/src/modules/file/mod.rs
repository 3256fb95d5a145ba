//! `file`: what a path is, whom it belongs to, who may use it.

mod absent;
mod directory;
mod link;
mod present;
mod run;
mod times;

pub use run::MODULE;
