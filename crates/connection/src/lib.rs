//! Connections to targets: one agent per machine and identity, kept open, and asked by many
//! threads at once.
//!
//! Must not know playbooks. The only asynchronous code is here, to open sessions over ssh;
//! afterwards frames are read and written by plain blocking calls.

mod agent;
pub mod askpass;
mod become_user;
mod binary;
mod connections;
mod fault;
mod greeting;
mod install;
mod local;
mod process;
mod script;
mod slots;
mod ssh;
mod target;
mod told;

pub use agent::Agent;
pub use connections::{Connections, Options};
pub use fault::Fault;
pub use ssh::USUAL_SSH_ARGS;
pub use target::{Become, BecomeMethod, Identity, Kind, Secret, SshOptions, Target};
