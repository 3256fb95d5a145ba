//! `ansible-config`.

mod command;
mod dump;
mod init;
mod list;
mod plugins;
mod validate;

pub use command::run;
