//! `ansible-vault`: files and values encrypted, decrypted, shown, edited.

mod command;
mod editor;
mod files;
mod strings;

pub use command::run;
