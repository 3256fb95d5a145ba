//! How targets are reached: one agent a machine and identity, started once, kept open, spoken to
//! in frames. The only crate with async code, and only to connect.
//!
//! Must not know playbooks, nor what a module does.

mod agent;
mod connections;
mod escalation;
mod fault;
mod local;
mod target;

pub use agent::Agent;
pub use connections::Connections;
pub use fault::Fault;
pub use target::{Become, BecomeMethod, Identity, Kind, Secret, SshOptions, Target};
