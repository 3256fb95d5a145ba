//! `ansible-config`.

mod command;
mod dump;
mod list;
mod plugins;

pub use command::run;
