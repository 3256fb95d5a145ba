//! The inventory itself: hosts, groups and who is in what. Must not know how sources are read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use foldhash::fast::FixedState;
use indexmap::IndexMap;
use nafal_base::{Diagnostic, Dict, HostName, Text, Value};

use crate::beside::OnDemand;
use crate::error::Error;
use crate::group_names::{GroupNames, is_safe_group_name};
use crate::group_set::Cache;
use crate::rules::Rules;

/// A host's number: its place in the order of the inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HostId(pub(crate) u32);

/// A group's number: its place in the order of the inventory. `all` is 0, `ungrouped` 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupId(pub(crate) u32);

pub(crate) const ALL: GroupId = GroupId(0);
pub(crate) const UNGROUPED: GroupId = GroupId(1);

/// The names that mean this machine, for which stock makes a host when nobody listed one.
pub(crate) const LOCALHOST: [&str; 3] = ["127.0.0.1", "localhost", "::1"];

/// Whether somebody listed the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostKind {
    /// A source or `add_host` named it.
    Listed,
    /// The localhost that is there anyhow.
    Implicit,
}

/// A host.
#[derive(Clone, Debug)]
pub struct Host {
    /// Its inventory name.
    pub name: HostName,
    /// The same name as a value, shared by all lists that name it.
    pub text: Text,
    /// Whether somebody listed it.
    pub kind: HostKind,
    /// What its source says of it; without `group_vars/` and `host_vars/`.
    pub vars: Dict,
    /// The groups that it is in directly, in the order in which it came into them.
    pub(crate) groups: Vec<GroupId>,
    /// Which source named it first.
    pub(crate) source: Option<Arc<str>>,
}

impl Host {
    pub(crate) fn new(name: &str, kind: HostKind, source: Option<Arc<str>>) -> Host {
        Host {
            name: HostName::from(name),
            text: Text::new(name),
            kind,
            vars: Dict::new(),
            groups: Vec::new(),
            source,
        }
    }
}

/// A group.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name.
    pub name: Arc<str>,
    /// What its source says of it; without `group_vars/`.
    pub vars: Dict,
    /// How far below `all` it is (the longest way).
    pub depth: u32,
    /// `ansible_group_priority`, 1 unless set.
    pub priority: i64,
    pub(crate) hosts: Vec<HostId>,
    pub(crate) children: Vec<GroupId>,
    pub(crate) parents: Vec<GroupId>,
}

/// Whether a change changed anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was so already.
    None,
    /// Something is new.
    Made,
}

impl Change {
    /// Whether something is new.
    pub fn is_made(self) -> bool {
        self == Change::Made
    }

    pub(crate) fn or(self, other: Change) -> Change {
        if self.is_made() { self } else { other }
    }
}

/// Hosts and groups. A clone is a count.
#[derive(Clone, Debug)]
pub struct Inventory(pub(crate) Arc<Data>);

#[derive(Clone, Debug)]
pub(crate) struct Data {
    pub hosts: IndexMap<Arc<str>, Arc<Host>, FixedState>,
    pub groups: IndexMap<Arc<str>, Arc<Group>, FixedState>,
    /// The localhosts that nobody listed, one for each name that it may be called by.
    pub implicit: [Arc<Host>; 3],
    /// The sources as given, absolute when they are paths.
    pub sources: Vec<Arc<str>>,
    /// Folders with `group_vars/` and `host_vars/`: those of the sources, in order.
    pub folders: Vec<PathBuf>,
    /// The same of the playbook, or what stands for it.
    pub playbook_folders: Vec<PathBuf>,
    /// Names that no variable should have, while sources are read.
    pub odd_names: Option<Vec<Diagnostic>>,
    /// What becomes of names of groups that no variable could have.
    pub group_names: GroupNames,
    /// Whether there was such a name.
    pub has_odd_groups: bool,
    /// What reading said, for those who ask for more.
    pub notes: Vec<String>,
    /// Whether every source could be read.
    pub is_whole: bool,
    /// How variables come together.
    pub rules: Arc<Rules>,
    /// Whether the files in all these folders are read when somebody asks for variables.
    pub on_demand: OnDemand,
    /// What was computed from all this; a change starts another one.
    pub cache: Arc<Cache>,
}

impl Default for Inventory {
    fn default() -> Inventory {
        Inventory::empty()
    }
}

impl Inventory {
    /// An inventory without a host.
    pub fn empty() -> Inventory {
        let implicit = LOCALHOST.map(|name| {
            let mut host = Host::new(name, HostKind::Implicit, None);
            host.vars.insert("ansible_connection", Value::from("local"));
            Arc::new(host)
        });
        let mut data = Data {
            hosts: IndexMap::default(),
            groups: IndexMap::default(),
            implicit,
            sources: Vec::new(),
            folders: Vec::new(),
            playbook_folders: Vec::new(),
            odd_names: None,
            group_names: GroupNames::default(),
            has_odd_groups: false,
            notes: Vec::new(),
            is_whole: true,
            rules: Arc::default(),
            on_demand: OnDemand::default(),
            cache: Arc::default(),
        };
        data.ensure_group("all");
        data.ensure_group("ungrouped");
        // all and ungrouped: this can't make a loop.
        let _ = data.add_child(ALL, UNGROUPED);
        Inventory(Arc::new(data))
    }

    /// The hosts that somebody listed, in order.
    pub fn hosts(&self) -> impl Iterator<Item = &Arc<Host>> {
        self.0.hosts.values().filter(|host| host.is_listed())
    }

    /// How many hosts somebody listed.
    pub fn host_count(&self) -> usize {
        self.0.hosts.len() - self.0.joined_localhosts()
    }

    /// The groups in order; `all` and `ungrouped` come first.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = &Arc<Group>> {
        self.0.groups.values()
    }

    /// A host by its name. Names of this machine give the one that stands for it, implicit or not.
    pub fn host(&self, name: &str) -> Option<&Arc<Host>> {
        if let Some(host) = self.0.hosts.get(name) {
            return Some(host);
        }
        let place = LOCALHOST.iter().position(|known| *known == name)?;
        let listed = LOCALHOST.iter().find_map(|name| self.listed(name));
        listed.or_else(|| self.0.implicit.get(place))
    }

    /// A host that somebody listed, by exactly this name.
    pub fn listed(&self, name: &str) -> Option<&Arc<Host>> {
        self.0.hosts.get(name).filter(|host| host.is_listed())
    }

    /// A group by its name.
    pub fn group(&self, name: &str) -> Option<&Arc<Group>> {
        self.0.groups.get(name)
    }

    /// The hosts of a group and of all groups below it, each once, in stock's order: breadth
    /// first.
    pub fn hosts_of(&self, group: &str) -> Option<Vec<HostName>> {
        let id = self.0.group_id(group)?;
        Some(self.0.members(id).into_iter().map(|id| self.0.host(id).name.clone()).collect())
    }

    /// Whether a host is in a group directly.
    pub fn is_direct_member(&self, host: &str, group: &str) -> bool {
        // Of a localhost that nobody listed stock never knows it (case group-by-implicit-localhost).
        let host = self.listed(host);
        let group = self.0.group_id(group);
        host.zip(group).is_some_and(|(host, group)| host.groups.contains(&group))
    }

    /// Whether a group is right below another one.
    pub fn is_child(&self, parent: &str, child: &str) -> bool {
        let parent = self.0.groups.get(parent);
        let child = self.0.group_id(child);
        parent.zip(child).is_some_and(|(parent, child)| parent.children.contains(&child))
    }

    /// The direct children of a group.
    pub fn children_of(&self, group: &Group) -> impl Iterator<Item = &Arc<Group>> {
        group.children.iter().map(|id| self.0.group(*id))
    }

    /// The hosts that are in a group directly.
    pub fn direct_hosts_of(&self, group: &Group) -> impl Iterator<Item = &Arc<Host>> {
        group.hosts.iter().map(|id| self.0.host(*id))
    }

    /// The sources that this was read from, as given; paths are absolute.
    pub fn sources(&self) -> &[Arc<str>] {
        &self.0.sources
    }

    /// Whether every source could be read.
    pub fn is_whole(&self) -> bool {
        self.0.is_whole
    }

    /// What reading said, for those who ask for more (`-vvv`).
    pub fn notes(&self) -> &[String] {
        &self.0.notes
    }

    /// The file or list that named a host first (`inventory_file`).
    pub fn file_of<'a>(&self, host: &'a Host) -> Option<&'a str> {
        host.source.as_deref()
    }

    /// The folder of that file (`inventory_dir`).
    pub fn dir_of<'a>(&self, host: &'a Host) -> Option<&'a str> {
        self.0.dir_of(host)
    }

    /// Whether both are the same snapshot.
    pub fn same(&self, other: &Inventory) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// `add_host`: makes the host and its groups as far as they are missing, and sets variables.
    pub fn add_host(&mut self, name: &str, groups: &[&str], vars: &Dict) -> Result<Change, Error> {
        let data = Arc::make_mut(&mut self.0);
        data.cache = data.cache.renewed();
        let mut change = if data.hosts.contains_key(name) { Change::None } else { Change::Made };
        let host = data.ensure_host(name, None);
        if change.is_made() {
            // Stock puts new hosts into `all` itself, so that they come first there.
            data.add_host_to(ALL, host);
        }
        for (key, value) in vars {
            if let Some(name) = key.as_str()
                && data.host(host).vars.get(name) != Some(value)
            {
                data.set_host_variable(host, key.clone(), value.clone());
                change = Change::Made;
            }
        }
        for group in groups {
            change = change.or(data.join(host, group)?);
        }
        data.reconcile_host(host);
        Ok(change)
    }
}

impl Data {
    pub fn dir_of<'a>(&self, host: &'a Host) -> Option<&'a str> {
        let source = host.source.as_deref()?;
        if source.contains(',') && !Path::new(source).exists() {
            return None;
        }
        Path::new(source).parent()?.to_str()
    }

    pub fn host(&self, id: HostId) -> &Arc<Host> {
        &self.hosts[id.0 as usize]
    }

    pub fn host_id(&self, name: &str) -> Option<HostId> {
        self.hosts.get_index_of(name).and_then(|index| u32::try_from(index).ok()).map(HostId)
    }

    pub fn host_mut(&mut self, id: HostId) -> &mut Host {
        Arc::make_mut(&mut self.hosts[id.0 as usize])
    }

    pub fn group(&self, id: GroupId) -> &Arc<Group> {
        &self.groups[id.0 as usize]
    }

    pub fn group_id(&self, name: &str) -> Option<GroupId> {
        self.groups.get_index_of(name).and_then(|index| u32::try_from(index).ok()).map(GroupId)
    }

    pub fn group_mut(&mut self, id: GroupId) -> &mut Group {
        Arc::make_mut(&mut self.groups[id.0 as usize])
    }

    pub fn ensure_host(&mut self, name: &str, source: Option<&Arc<str>>) -> HostId {
        if let Some(id) = self.host_id(name) {
            return id;
        }
        let host = Host::new(name, HostKind::Listed, source.cloned());
        let (index, _) = self.hosts.insert_full(Arc::clone(&host.name.0), Arc::new(host));
        HostId(u32::try_from(index).unwrap_or(u32::MAX))
    }

    pub fn ensure_group(&mut self, name: &str) -> GroupId {
        if let Some(id) = self.group_id(name) {
            return id;
        }
        self.has_odd_groups |= !is_safe_group_name(name);
        let name = self.group_names.name(name);
        if let Some(id) = self.group_id(&name) {
            return id;
        }
        let name: Arc<str> = Arc::from(name);
        let group = Group {
            name: Arc::clone(&name),
            vars: Dict::new(),
            depth: 0,
            priority: 1,
            hosts: Vec::new(),
            children: Vec::new(),
            parents: Vec::new(),
        };
        let (index, _) = self.groups.insert_full(name, Arc::new(group));
        GroupId(u32::try_from(index).unwrap_or(u32::MAX))
    }

    pub fn add_host_to(&mut self, group: GroupId, host: HostId) -> Change {
        if self.host(host).groups.contains(&group) {
            return Change::None;
        }
        self.host_mut(host).groups.push(group);
        self.group_mut(group).hosts.push(host);
        Change::Made
    }

    pub fn remove_host_from(&mut self, group: GroupId, host: HostId) {
        if self.host(host).groups.contains(&group) {
            self.host_mut(host).groups.retain(|id| *id != group);
            self.group_mut(group).hosts.retain(|id| *id != host);
        }
    }

    pub fn add_child(&mut self, parent: GroupId, child: GroupId) -> Result<Change, Error> {
        if self.group(parent).children.contains(&child) {
            return Ok(Change::None);
        }
        if parent == child {
            return Err(Error::source("can't add group to itself"));
        }
        if self.is_above(child, parent) {
            return Err(Error::Loop {
                child: self.group(child).name.to_string(),
                parent: self.group(parent).name.to_string(),
            });
        }
        self.group_mut(parent).children.push(child);
        self.group_mut(child).parents.push(parent);
        self.deepen(child, self.group(parent).depth + 1);
        Ok(Change::Made)
    }

    /// Whether `upper` is somewhere above `lower`.
    fn is_above(&self, upper: GroupId, lower: GroupId) -> bool {
        self.group(lower)
            .parents
            .iter()
            .any(|parent| *parent == upper || self.is_above(upper, *parent))
    }

    /// Sets a group's depth if it gets deeper, and that of those below it.
    fn deepen(&mut self, id: GroupId, depth: u32) {
        if self.group(id).depth >= depth {
            return;
        }
        self.group_mut(id).depth = depth;
        for child in self.group(id).children.clone() {
            self.deepen(child, depth + 1);
        }
    }

    /// The group and all below it, breadth first.
    pub fn descendants(&self, group: GroupId) -> Vec<GroupId> {
        let mut seen = vec![false; self.groups.len()];
        let mut order = vec![group];
        seen[group.0 as usize] = true;
        let mut at = 0;
        while at < order.len() {
            for child in &self.group(order[at]).children {
                if !std::mem::replace(&mut seen[child.0 as usize], true) {
                    order.push(*child);
                }
            }
            at += 1;
        }
        order
    }

    /// The hosts of a group and of all below it, each once.
    pub fn members(&self, group: GroupId) -> Vec<HostId> {
        let mut members = self.all_members(group);
        if group == ALL && self.joined_localhosts() > 0 {
            members.retain(|id| self.host(*id).is_listed());
        }
        members
    }

    fn all_members(&self, group: GroupId) -> Vec<HostId> {
        let groups = self.descendants(group);
        if let [only] = groups.as_slice() {
            return self.group(*only).hosts.clone();
        }
        let mut seen = vec![false; self.hosts.len()];
        let mut order = Vec::new();
        for group in groups {
            for host in &self.group(group).hosts {
                if !std::mem::replace(&mut seen[host.0 as usize], true) {
                    order.push(*host);
                }
            }
        }
        order
    }

    /// Puts a host into a group, which is made below `all` when there is none.
    fn join(&mut self, host: HostId, group: &str) -> Result<Change, Error> {
        let known = self.groups.contains_key(group);
        let id = self.ensure_group(group);
        if !known {
            self.add_child(ALL, id)?;
        }
        Ok(self.add_host_to(id, host))
    }
}

mod implicit;
mod setting;
#[cfg(test)]
mod tests;
