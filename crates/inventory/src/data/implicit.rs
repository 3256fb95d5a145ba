//! `group_by`, and the localhost that nobody listed, once that puts it into a group: it is a member there, and
//! still none of `all` (case group-by-implicit-localhost).

use std::sync::Arc;

use super::{ALL, Change, Data, Host, HostId, HostKind, Inventory, LOCALHOST};
use crate::error::Error;

impl Host {
    /// Whether a source or `add_host` named it.
    pub(crate) fn is_listed(&self) -> bool {
        self.kind == HostKind::Listed
    }
}

impl Inventory {
    /// `group_by`: puts a host into a group that is below `parents`, making what is missing.
    pub fn add_to_group(
        &mut self,
        host: &str,
        group: &str,
        parents: &[&str],
    ) -> Result<Change, Error> {
        let data = Arc::make_mut(&mut self.0);
        let Some(id) = data.host_id(host).or_else(|| data.join_localhost(host)) else {
            return Err(Error::Source {
                message: format!("'{host}' is not a host of the inventory"),
                span: None,
            });
        };
        data.cache = data.cache.renewed();
        let mut change = data.join(id, group)?;
        let child = data.ensure_group(group);
        for parent in parents {
            let known = data.groups.contains_key(*parent);
            let parent = data.ensure_group(parent);
            if !known {
                data.add_child(ALL, parent)?;
                change = Change::Made;
            }
            change = change.or(data.add_child(parent, child)?);
        }
        data.reconcile_host(id);
        Ok(change)
    }
}

impl Data {
    /// The host of this machine that somebody listed.
    pub(crate) fn listed_localhost(&self) -> Option<HostId> {
        let mut known = LOCALHOST.iter().filter_map(|name| self.host_id(name));
        known.find(|id| self.host(*id).is_listed())
    }

    /// How many hosts are kept that nobody listed.
    pub(super) fn joined_localhosts(&self) -> usize {
        let names = LOCALHOST.iter();
        names.filter(|name| self.hosts.get(**name).is_some_and(|host| !host.is_listed())).count()
    }

    /// Keeps a localhost that nobody listed among the hosts.
    pub(super) fn join_localhost(&mut self, name: &str) -> Option<HostId> {
        let place = LOCALHOST.iter().position(|known| *known == name)?;
        let host = Arc::clone(self.implicit.get(place)?);
        let (index, _) = self.hosts.insert_full(Arc::clone(&host.name.0), host);
        u32::try_from(index).ok().map(HostId)
    }
}
