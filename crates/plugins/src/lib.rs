//! What users bring: modules in Python and in anything else, found where Ansible looks for them, and made
//! ready to travel (they run on the target, in processes of the agent); filters, tests, lookups and callbacks in
//! Python, in a process here.
//!
//! Must not know playbooks.

mod ansible_core;
mod bundles;
mod collections;
mod finder;
mod groups;
mod handlers;
mod imports;
mod install;
mod module;
mod python;
mod requirements;
mod routing;

pub use ansible_core::{AnsibleCore, playbook_python};
pub use bundles::{PackError, Packed, Piece};
pub use collections::{CollectionRole, Resolved, Unresolved, collection_of};
pub use finder::{Finder, Places};
pub use groups::ActionGroup;
pub use install::{InstallError, WHEEL};
pub use module::{FreeForm, INSIDE, Metadata, Package, UserModule, UserStyle};
pub use python::{Acted, Awaited, Granted, Host, Layer, Raised, Refused, Runner, Wish};
pub use python::{Asked, Documented, ForeignOption, OptionFound};
pub use python::{
    Call, CallbackError, CallbackSetup, Kind, Listeners, PluginError, PythonCallbacks,
    PythonPlugins, World,
};
pub use requirements::Mismatch;
