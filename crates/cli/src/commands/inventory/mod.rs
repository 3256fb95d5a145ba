//! `ansible-inventory`: what an inventory holds, as JSON, YAML, TOML or a tree.

mod command;
mod show;
mod toml;

pub use command::run;
