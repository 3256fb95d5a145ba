//! Hosts, groups, host patterns and the variables that inventories give: INI, YAML, TOML, scripts,
//! host lists, the plugins `constructed` and `generator`, folders of them, and `group_vars/` and `host_vars/` beside them.
//!
//! Must not know tasks or plays. An [`Inventory`] is shared: a clone is a count, so a worker's
//! snapshot costs nothing; a change (add_host, group_by) copies what it touches.

mod address;
mod beside;
mod constructed;
mod data;
mod directory;
mod enabled;
mod error;
mod fields;
mod generator;
mod group_names;
mod group_set;
mod host_list;
mod ini;
mod keyed;
mod layers;
mod listing;
mod literal;
mod pattern;
mod plugin;
mod reconcile;
mod rules;
mod script;
mod script_json;
mod source;
mod structured;
mod surroundings;
mod toml;
mod words;

pub use address::parse as parse_address;
pub use beside::Stage;
pub use data::{Change, Group, GroupId, Host, HostId, HostKind, Inventory};
pub use directory::variables_files;
pub use error::Error;
pub use group_names::GroupNames;
pub use group_set::{GroupSet, Origin, VariableLayer};
pub use layers::HostLayers;
pub use listing::{BesidePlaybook, Contents, ListOptions};
pub use pattern::{Matched, Mismatch, expand_limit, is_pattern_list, split_patterns};
pub use plugin::PluginOptions;
pub use rules::{HashBehaviour, Rules, Tier};
pub use source::{Options, ScriptErrors, SourceSpec, Unparsed};
pub use surroundings::{Facts, Templates};
