//! What can be typed, as clap reads it; `request` turns it into what the engine is asked. Must not
//! know what any of it does.

mod background;
mod commands;
mod config;
mod connection;
mod escalation;
mod explain;
mod forms;
mod graph;
mod hosts;
mod lint;
mod own;
mod parse;
mod python;
mod reading;
mod request;
mod run;
#[cfg(test)]
mod tests;
mod vault;
mod vault_command;

pub use commands::{AdHoc, Link, Playbook, ShowInventory};
pub use config::{
    ConfigAction, ConfigCommand, ConfigSource, Dump, DumpFormat, Init, InitFormat, List,
    ListFormat, SettingKind, Validate, ValidateFormat, Which,
};
pub use connection::Connection;
pub use escalation::Escalation;
pub use explain::Explain;
pub use forms::Forms;
pub use graph::{Graph, GraphFormat};
pub use lint::Lint;
pub use own::{Completions, Doc, Man};
pub use parse::{Early, WRONG_USAGE, parse};
pub use python::{PythonAction, PythonCommand};
pub use request::Secrets;
pub use vault::Vault;
pub use vault_command::{
    Create, Decrypt, Edit, Encrypt, EncryptString, EncryptWith, Rekey, VaultAction, VaultCommand,
    View,
};
