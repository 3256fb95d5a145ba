//! Which handlers are notified on which hosts.

use std::collections::{HashMap, HashSet};

use crate::track::HostIndex;

/// Handlers by their index in the play's list, with the hosts that notified them.
#[derive(Default)]
pub(crate) struct Notified {
    hosts: HashMap<usize, HashSet<HostIndex>>,
}

impl Notified {
    /// Notes a notification; false when it was noted already.
    pub(crate) fn add(&mut self, handler: usize, host: HostIndex) -> bool {
        self.hosts.entry(handler).or_default().insert(host)
    }

    /// Takes the hosts that notified `handler`, of those in `among`, in their order.
    pub(crate) fn take(&mut self, handler: usize, among: &[HostIndex]) -> Vec<HostIndex> {
        let Some(hosts) = self.hosts.get_mut(&handler) else { return Vec::new() };
        let taken: Vec<HostIndex> =
            among.iter().copied().filter(|host| hosts.contains(host)).collect();
        for host in &taken {
            hosts.remove(host);
        }
        taken
    }

    /// Whether anything is notified.
    pub(crate) fn is_empty(&self) -> bool {
        self.hosts.values().all(HashSet::is_empty)
    }
}
