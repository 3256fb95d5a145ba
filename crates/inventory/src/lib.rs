//! Hosts, groups, host patterns and the variables that inventories give.
mod data;
mod directory;
mod error;
mod group_set;
mod layers;
mod reconcile;
pub use data::{Change, Group, GroupId, Host, HostId, HostKind, Inventory};
pub use error::Error;
pub use group_set::{GroupSet, Origin, VariableLayer};
pub use layers::HostLayers;
mod nafal_parser {
    pub struct E;
    impl E { pub fn diagnostic(&self) -> nafal_base::Diagnostic { nafal_base::Diagnostic::error("") } }
    pub fn load_variables(_: &std::sync::Arc<nafal_base::Source>) -> Result<(nafal_base::Dict, Vec<nafal_base::Diagnostic>), Vec<E>> { Err(vec![E]) }
}
