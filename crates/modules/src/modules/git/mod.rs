//! `git`: a repository, checked out at a version. Everything is done by the target's own git.

mod archive;
mod checkout;
mod command;

mod fetch;
mod folder;
mod remote;
mod run;
mod settings;
mod submodules;
mod verify;

pub use run::MODULE;
