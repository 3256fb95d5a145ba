//! `apt`: packages of Debian and its kin, by the system's own tools.

mod cache;
mod clean;
mod deb;
mod install;
mod options;
mod policy_rc;
mod remove;
mod run;
mod status;
mod upgrade;

pub use run::MODULE;
