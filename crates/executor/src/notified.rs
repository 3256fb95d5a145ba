//! What is notified on which hosts: names until a flush looks for their handlers, handlers then.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::track::HostIndex;

/// Names that wait for a flush, and handlers by their index in the play's list.
#[derive(Default)]
pub(crate) struct Notified {
    names: HashMap<HostIndex, Vec<String>>,
    hosts: BTreeMap<usize, HashSet<HostIndex>>,
    /// What nobody was told of yet, in order: that waits until handlers run.
    untold: HashMap<HostIndex, Vec<usize>>,
}

impl Notified {
    /// Keeps a name for the host's next flush; false when it was kept already.
    pub(crate) fn keep(&mut self, name: &str, host: HostIndex) -> bool {
        let names = self.names.entry(host).or_default();
        let is_new = !names.iter().any(|known| known == name);
        if is_new {
            names.push(name.to_owned());
        }
        is_new
    }

    /// Takes the names that were kept for a host.
    pub(crate) fn take_names(&mut self, host: HostIndex) -> Vec<String> {
        self.names.remove(&host).unwrap_or_default()
    }

    /// Notes a notified handler; false when it was noted already.
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

    /// The first handler that one of these hosts notified, each host asked from its own on.
    pub(crate) fn next(&self, from: impl Fn(HostIndex) -> Option<usize>) -> Option<usize> {
        let is_due = |handler: usize, host: HostIndex| from(host).is_some_and(|at| at <= handler);
        self.hosts
            .iter()
            .find(|(handler, hosts)| hosts.iter().any(|&host| is_due(**handler, host)))
            .map(|(handler, _)| *handler)
    }

    /// Whether this host notified anything.
    pub(crate) fn is_waiting(&self, host: HostIndex) -> bool {
        self.names.contains_key(&host) || self.hosts.values().any(|hosts| hosts.contains(&host))
    }

    /// Whether anything is notified.
    pub(crate) fn is_empty(&self) -> bool {
        self.hosts.is_empty() && self.names.is_empty()
    }
}
