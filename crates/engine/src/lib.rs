//! The public library: settings, load, plan, run, typed events, cancel. What the commands can do,
//! a program that embeds this can do: the commands are its first user.
//!
//! Must not know arguments or terminals.

mod adhoc;
mod agents;
mod callbacks;
mod cancelling;
mod effects;
mod engine;
mod error;
mod explain;
mod extra_vars;
mod fact_cache;
mod findings;
mod inventory_plugins;
mod library;
mod listing;
mod module_doc;
mod oracle;
mod outlines;
mod plan;
mod play;
mod playbooks;
mod plugins;
mod prompts;
mod python_install;
mod request;
mod reserved;
mod role_plugins;
mod role_variables;
mod run;
mod services;
mod settings;
mod urls;
mod users_options;
mod vars_files;

pub use callbacks::CALLBACK_PLUGINS;
pub use engine::{Engine, ExitStatus, serve_agent};
pub use error::Error;
pub use explain::{Definition, Explanation, Ingredient, Question, Secrecy, shown_place};
pub use findings::{Findings, findings_json};
pub use listing::{PlayListing, PlaybookListing, TaskListing};
pub use module_doc::{ModuleDoc, OptionDoc, module_doc, module_names};
pub use nafal_actions::COMMAND_LINES;
pub use nafal_base::event::Mode;
pub use nafal_connection::Secret;
pub use nafal_connection::askpass::answer as answer_ssh;
pub use nafal_graph::export;
pub use nafal_graph::findings::{Finding, Rule};
pub use nafal_inventory as inventory;
pub use nafal_parser::vault;
pub use nafal_parser::yaml::{silence_scanner, to_yaml};
pub use nafal_plugins::{CallbackError, CallbackSetup, Listeners};
pub use outlines::{PlayOutline, outlines_json};
pub use plugins::playbook_of_collection;
pub use python_install::{WheelSource, install_python};
pub use request::{AdHoc, ConnectionRequest, Request};
pub use settings::{
    CallbackSettings, ColorSettings, ConfigFile, EffectiveSetting, InventorySettings,
    JunitSettings, LogSettings, PluginOptions, REQUIRED, ReadingSettings, ResultFormat,
    SettingSources, Settings, ShownSettings, VariableSettings, VarsRoot, VaultSettings,
    YamlLineWidth, base_options, effective, find_config, plugin_kinds, plugin_options,
};
pub use users_options::{Found, UsersOptions};
