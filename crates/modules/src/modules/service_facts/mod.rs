//! `service_facts`: which services there are, and what state they are in. Must not change anything.

mod openrc;
mod run;
mod systemd;
mod sysv;

pub use run::MODULE;
