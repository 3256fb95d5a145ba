//! `ansible-config`.

mod command;
mod dump;

pub use command::run;
