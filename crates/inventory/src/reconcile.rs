//! What holds for every inventory once its sources are read: each group is below `all`, each host
//! without a group is in `ungrouped` and no other.

use nafal_base::Diagnostic;

use crate::data::{ALL, Data, GroupId, HostId, UNGROUPED};

impl Data {
    /// Puts everything in its place; says what is odd.
    pub fn reconcile(&mut self, warnings: &mut Vec<Diagnostic>) {
        for index in 2..u32::try_from(self.groups.len()).unwrap_or(u32::MAX) {
            let id = GroupId(index);
            if self.group(id).parents.is_empty() {
                // A group without parents can't be above `all`.
                let _ = self.add_child(ALL, id);
            }
        }
        for index in 0..u32::try_from(self.hosts.len()).unwrap_or(u32::MAX) {
            self.reconcile_host(HostId(index));
        }
        for name in self.groups.keys() {
            if self.hosts.contains_key(name) {
                warnings.push(Diagnostic::warning(format!(
                    "Found both group and host with same name: {name}"
                )));
            }
        }
    }

    /// The same for one host.
    pub fn reconcile_host(&mut self, id: HostId) {
        let groups = &self.host(id).groups;
        let is_grouped = groups.iter().any(|group| *group != ALL && *group != UNGROUPED);
        if is_grouped {
            self.remove_host_from(UNGROUPED, id);
        } else {
            self.add_host_to(UNGROUPED, id);
        }
    }
}
