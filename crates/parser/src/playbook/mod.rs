//! Playbooks, files of tasks and handlers, roles' metadata: YAML to the typed tree of [`ast`].
//!
//! Must not know where files are found, nor what a module does.

mod action;
mod actions;
pub mod ast;
mod class;
mod include;
mod items;
mod keywords;
mod names;
mod play;
mod reader;
mod role;
mod task;
mod values;

pub use actions::{ActionSyntax, Actions, WrongKeywords};
pub use items::{TasksKind, parse_tasks};
pub use keywords::{PLACES, keyword_places};
pub use names::valid_name;
pub use play::parse_playbook;
pub use role::{named_role, parse_role_meta};
