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
        self.ungroup();
        for name in self.groups.keys() {
            if self.hosts.contains_key(name) {
                warnings.push(Diagnostic::warning(format!(
                    "Found both group and host with same name: {name}"
                )));
            }
        }
    }

    /// Takes grouped hosts out of `ungrouped` and puts the others in: in one go, since an
    /// inventory may list thousands of hosts before their groups.
    fn ungroup(&mut self) {
        let mut kept = std::mem::take(&mut self.group_mut(UNGROUPED).hosts);
        kept.retain(|id| !self.is_grouped(*id));
        for index in 0..u32::try_from(self.hosts.len()).unwrap_or(u32::MAX) {
            let id = HostId(index);
            let is_listed = self.host(id).groups.contains(&UNGROUPED);
            match self.is_grouped(id) {
                true if is_listed => self.host_mut(id).groups.retain(|id| *id != UNGROUPED),
                false if !is_listed => {
                    self.host_mut(id).groups.push(UNGROUPED);
                    kept.push(id);
                }
                _ => {}
            }
        }
        self.group_mut(UNGROUPED).hosts = kept;
    }

    /// Whether a host is in any group but `all` and `ungrouped`.
    fn is_grouped(&self, id: HostId) -> bool {
        self.host(id).groups.iter().any(|group| *group != ALL && *group != UNGROUPED)
    }

    /// The same for one host.
    pub fn reconcile_host(&mut self, id: HostId) {
        if self.is_grouped(id) {
            self.remove_host_from(UNGROUPED, id);
        } else {
            self.add_host_to(UNGROUPED, id);
        }
    }
}
