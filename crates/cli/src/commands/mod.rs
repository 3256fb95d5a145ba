//! The commands, by their names.

mod adhoc;
mod agent;
mod config;
mod explain;
mod graph;
mod inventory;
mod link;
mod lint;
mod playbook;
mod python;
mod session;
mod table;
mod targets;
mod vault;
mod version;

pub use table::dispatch;
