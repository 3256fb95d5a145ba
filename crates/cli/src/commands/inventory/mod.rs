//! `ansible-inventory`: what an inventory holds, as JSON, YAML or a tree.

mod command;
mod show;

pub use command::run;
