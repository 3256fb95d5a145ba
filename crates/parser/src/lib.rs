//! What people write, typed and with places: YAML as Ansible reads it, variables files, playbooks,
//! files of tasks and handlers, roles' metadata. Nothing is rendered here.
//!
//! Must not know where files are found, nor what a module does: which actions there are is asked
//! of the [`Actions`] that the caller gives.

mod error;
mod key_values;
pub mod playbook;
mod splitting;
mod suggest;
mod variables;
pub mod vault;
pub mod yaml;

pub use error::{Error, ExitCode};
pub use key_values::{KeyValues, split_key_values, split_raw};
pub use playbook::{
    ActionSyntax, Actions, TasksKind, WrongKeywords, named_role, parse_playbook, parse_role_meta,
    parse_tasks, valid_name,
};
pub use splitting::Unbalanced;
pub use suggest::closest;
pub use variables::{load_variables, load_vars_file};
