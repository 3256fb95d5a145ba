//! Which value a name has for a task on a host: the layers and their order, facts, registered
//! results, magic variables, and where each value comes from.
//!
//! Nothing is merged per task: a lookup walks the layers from the strongest to the weakest. Must
//! not know how tasks run, nor render anything.

mod fact_cache;
mod facts;
mod host_variables;
mod hostvars;
mod kinds;
mod layer;
mod magic;
mod play_context;
mod play_files;
mod reach;
mod reserved;
mod scope;
mod store;
mod vars_object;

pub use fact_cache::FactCache;
pub use facts::{fact_name, injected_facts, is_restricted};
pub use host_variables::HostVariables;
pub use hostvars::{HostVars, HostVarsVars};
pub use layer::{Layer, LayerKind, RoleContext, TaskLayers};
pub use magic::magic_names;
pub use nafal_inventory::parse_address;
pub use play_context::{PlayContext, RunContext};
pub use play_files::{FilesFault, FoundFiles, PlayFiles};
pub use reach::{Pipelining, Reach};
pub use reserved::{is_reserved, reserved_names, reserved_warning};
pub use scope::{Explained, TaskScope};
pub use store::{Injection, Store, StoreOptions};
