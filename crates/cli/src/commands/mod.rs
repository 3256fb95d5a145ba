//! The commands, by their names.

mod adhoc;
mod agent;
mod completions;
mod config;
mod doc;
mod explain;
mod graph;
mod inventory;
mod link;
mod lint;
mod man;
mod manual;
mod playbook;
mod python;
mod session;
mod table;
mod targets;
mod vault;
mod version;

pub use table::dispatch;
