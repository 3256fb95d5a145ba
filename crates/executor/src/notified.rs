//! Which handlers are notified on which hosts.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::track::HostIndex;

/// Handlers by their index in the play's list, with the hosts that notified them.
#[derive(Default)]
pub(crate) struct Notified {
    hosts: BTreeMap<usize, HashSet<HostIndex>>,
    /// What nobody was told of yet, in order: that waits until handlers run.
    untold: HashMap<HostIndex, Vec<usize>>,
}

impl Notified {
    /// Notes a notification; false when it was noted already.
    pub(crate) fn add(&mut self, handler: usize, host: HostIndex) -> bool {
        self.hosts.entry(handler).or_default().insert(host)
    }

    /// Notes that nobody was told of a notification.
    pub(crate) fn hold(&mut self, handler: usize, host: HostIndex) {
        self.untold.entry(host).or_default().push(handler);
    }

    /// Takes the handlers of which nobody was told that this host notified them.
    pub(crate) fn take_untold(&mut self, host: HostIndex) -> Vec<usize> {
        self.untold.remove(&host).unwrap_or_default()
    }

    /// Takes the hosts that notified `handler`, of those in `among`, in their order.
    pub(crate) fn take(&mut self, handler: usize, among: &[HostIndex]) -> Vec<HostIndex> {
        let Some(hosts) = self.hosts.get_mut(&handler) else { return Vec::new() };
        let taken: Vec<HostIndex> =
            among.iter().copied().filter(|host| hosts.contains(host)).collect();
        for host in &taken {
            hosts.remove(host);
        }
        if hosts.is_empty() {
            self.hosts.remove(&handler);
        }
        taken
    }

    /// The first handler from `from` on that one of these hosts notified.
    pub(crate) fn next(&self, from: usize, is_one: impl Fn(HostIndex) -> bool) -> Option<usize> {
        self.hosts
            .range(from..)
            .find(|(_, hosts)| hosts.iter().any(|&host| is_one(host)))
            .map(|(handler, _)| *handler)
    }

    /// Whether this host notified anything.
    pub(crate) fn is_waiting(&self, host: HostIndex) -> bool {
        self.hosts.values().any(|hosts| hosts.contains(&host))
    }

    /// Whether anything is notified.
    pub(crate) fn is_empty(&self) -> bool {
        self.hosts.is_empty()
    }
}
