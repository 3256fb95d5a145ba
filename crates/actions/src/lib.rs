//! The controller's halves of tasks: what runs here (debug, set_fact, assert, …), what prepares a
//! module's work here (copy, template), and how a host is reached.
//!
//! Must not know strategies, nor in which order tasks run.

mod action_plugin;
pub mod actions;
mod argument_spec;
mod arguments;
mod context;
mod copy_folder;
mod effect;
mod error;
mod fact;
pub mod foreign;
mod foreign_result;
mod large_file;
mod low_level;
mod module_defaults;
mod module_settings;
mod not_text;
mod payload;
mod profile;
pub mod python;
mod remote;
mod table;
mod target;

pub use actions::assert::takes_conditions;
pub use actions::gather_facts::GATHERED;
pub use actions::set_fact::{is_variable_name, name_fault};
pub use context::{ActionContext, sleep};
pub use effect::{Absence, Effect, Failure, IncludeRequest, Included, Performed};
pub use error::Error;
pub use module_defaults::{
    default_names, defaults_group, defaults_of, resolved_name, with_resolved_names,
};
pub use module_settings::ModuleSettings;
pub use nafal_plugins::{Finder, FreeForm, PythonPlugins, UserModule};
pub use remote::{InBackground, Remote};
pub use table::{
    Action, ActionKind, COMMAND_LINES, Raw, find, full_name, is_known, names, own_arguments,
};
pub use target::{
    Defaults, Keywords, MethodDefaults, SshDefaults, Way, check_become, target_of, way_of,
};
