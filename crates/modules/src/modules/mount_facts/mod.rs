//! `mount_facts`: what is mounted where, or is to be, by the tables that the task names.

mod run;
mod sources;
mod stanzas;
mod table;

pub use run::MODULE;
