//! What lasts from play to play: who failed, and the counts of the recap.

use std::collections::HashSet;

use indexmap::IndexMap;
use nafal_actions::Effect;
use nafal_base::event::HostCounts;
use nafal_base::{Dict, HostName};

/// What a run has come to so far.
#[derive(Debug, Default)]
pub struct RunState {
    counts: IndexMap<HostName, HostCounts>,
    /// The task to start at, as long as no play had it (`--start-at-task`).
    pub start_at: Option<String>,
    /// Hosts that failed: later plays leave them out.
    pub failed: HashSet<HostName>,
    /// Hosts that could not be reached.
    pub unreachable: HashSet<HostName>,
    /// What tasks added to the inventory, for whom: a refreshed one has it too.
    pub added: Vec<(HostName, Effect)>,
    /// `set_stats`, for the run and per host.
    pub custom: IndexMap<Option<HostName>, Dict>,
}

impl RunState {
    /// A run that begins at the task of this name, if there is one.
    pub fn starting_at(start_at: Option<String>) -> RunState {
        RunState { start_at, ..RunState::default() }
    }

    /// A host's counts, made on first use.
    pub fn counts(&mut self, host: &HostName) -> &mut HostCounts {
        self.counts.entry(host.clone()).or_default()
    }

    /// All counts, in the order in which hosts took part.
    pub fn all_counts(&self) -> Vec<(HostName, HostCounts)> {
        self.counts.iter().map(|(host, counts)| (host.clone(), *counts)).collect()
    }

    /// Whether a later play leaves this host out.
    pub fn is_out(&self, host: &HostName) -> bool {
        self.failed.contains(host) || self.unreachable.contains(host)
    }
}
