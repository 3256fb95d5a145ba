//! Facts that outlive a run. Where they are kept is the engine's.

use std::fmt::Debug;

use nafal_base::{Dict, HostName};

/// Keeps facts between runs.
pub trait FactCache: Debug + Send + Sync {
    /// What earlier runs left of a host, by full names; empty when there is nothing.
    fn load(&self, host: &HostName) -> Dict;

    /// More facts of a host, by full names.
    fn add(&self, host: &HostName, facts: &Dict);

    /// Forgets a host.
    fn clear(&self, host: &HostName);
}
