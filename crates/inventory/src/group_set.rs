//! Hosts that are in the same groups share everything that groups give: computed once per set of
//! groups, however many hosts there are.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use nafal_base::{Dict, List, Text, Value};
use nafal_parser::vault::Secrets;

use crate::beside::OnDemand;
use crate::data::{ALL, Data, GroupId};
use crate::directory::Files;
use crate::error::Error;
use crate::rules::{HashBehaviour, Tier};

/// Where a layer of inventory variables comes from, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The vars of `all` in an inventory source.
    All,
    /// The vars of other groups in an inventory source.
    Groups,
    /// `group_vars/all` beside an inventory source.
    GroupVarsAll,
    /// `group_vars/all` beside the playbook.
    PlaybookGroupVarsAll,
    /// `group_vars/*` beside an inventory source.
    GroupVars,
    /// `group_vars/*` beside the playbook.
    PlaybookGroupVars,
    /// The vars of the host in an inventory source.
    Host,
    /// `host_vars/*` beside an inventory source.
    HostVars,
    /// `host_vars/*` beside the playbook.
    PlaybookHostVars,
}

/// One layer of inventory variables.
#[derive(Clone, Debug)]
pub struct VariableLayer {
    /// Where it comes from.
    pub origin: Origin,
    /// The group or host that it is for.
    pub owner: Arc<str>,
    /// Its variables.
    pub vars: Dict,
}

/// What hosts in the same groups share.
#[derive(Debug)]
pub struct GroupSet {
    /// All groups, those above included, in stock's order: depth, priority, name.
    pub(crate) groups: Vec<GroupId>,
    /// Their names without `all`, sorted: `group_names`.
    pub names: List,
    layers: OnceLock<Result<GroupLayers, Error>>,
}

/// What groups give: merged, and where each layer is from (weakest first).
#[derive(Clone, Debug, Default)]
pub(crate) struct GroupLayers {
    pub merged: Dict,
    pub layers: Vec<VariableLayer>,
}

/// What was computed from one state of the inventory.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    pub files: Arc<Files>,
    sets: Mutex<HashMap<Vec<GroupId>, Arc<GroupSet>>>,
    pub members: OnceLock<Value>,
}

impl Cache {
    /// One that opens vaulted files with these.
    pub fn with_secrets(secrets: &Arc<Secrets>) -> Arc<Cache> {
        Arc::new(Cache { files: Arc::new(Files::new(secrets)), ..Cache::default() })
    }

    /// For an inventory that has changed: what was read from files stays.
    pub fn renewed(&self) -> Arc<Cache> {
        Arc::new(Cache { files: Arc::clone(&self.files), ..Cache::default() })
    }
}

impl Data {
    /// The set of groups of a host that is directly in `direct`.
    pub fn group_set(&self, direct: &[GroupId]) -> Arc<GroupSet> {
        let mut sets = self.cache.sets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(set) = sets.get(direct) {
            return Arc::clone(set);
        }
        let set = Arc::new(self.new_group_set(direct));
        sets.insert(direct.to_vec(), Arc::clone(&set));
        set
    }

    pub fn new_group_set(&self, direct: &[GroupId]) -> GroupSet {
        let mut groups = vec![ALL];
        let mut open = direct.to_vec();
        while let Some(id) = open.pop() {
            if !groups.contains(&id) {
                groups.push(id);
                open.extend(&self.group(id).parents);
            }
        }
        groups.sort_by(|a, b| {
            let (a, b) = (self.group(*a), self.group(*b));
            (a.depth, a.priority, &a.name).cmp(&(b.depth, b.priority, &b.name))
        });
        let mut names: Vec<&Arc<str>> =
            groups.iter().filter(|id| **id != ALL).map(|id| &self.group(*id).name).collect();
        names.sort_unstable();
        let names = names.into_iter().map(|name| Value::Str(Text::new(&**name))).collect();
        GroupSet { groups, names, layers: OnceLock::new() }
    }

    /// What the groups of this set give.
    pub fn group_layers<'a>(&self, set: &'a GroupSet) -> Result<&'a GroupLayers, Error> {
        set.layers.get_or_init(|| self.new_group_layers(set)).as_ref().map_err(Clone::clone)
    }

    /// Stock's order unless a setting says another: first what sources say, then files, of `all`
    /// before the others, beside the inventory before beside the playbook.
    pub fn new_group_layers(&self, set: &GroupSet) -> Result<GroupLayers, Error> {
        let (all, others): (Vec<GroupId>, Vec<GroupId>) =
            set.groups.iter().partition(|id| **id == ALL);
        let mut layers = Vec::new();
        let playbook = &*self.playbook_folders;
        for tier in &self.rules.precedence {
            let (origin, groups, folders) = match tier {
                Tier::AllInventory => (Origin::All, &all, None),
                Tier::GroupsInventory => (Origin::Groups, &others, None),
                Tier::AllBesideInventory => (Origin::GroupVarsAll, &all, Some(&*self.folders)),
                Tier::AllBesidePlaybook => (Origin::PlaybookGroupVarsAll, &all, Some(playbook)),
                Tier::GroupsBesideInventory => (Origin::GroupVars, &others, Some(&*self.folders)),
                Tier::GroupsBesidePlaybook => (Origin::PlaybookGroupVars, &others, Some(playbook)),
            };
            self.add_tier(origin, groups, folders, &mut layers)?;
        }
        Ok(GroupLayers { merged: merged(&layers, self.rules.hashes), layers })
    }

    /// What files of this name in `folder`/`kind` say, weakest first.
    pub fn files_of(&self, folder: &Path, kind: &str, name: &str) -> Result<Vec<Dict>, Error> {
        if self.on_demand == OnDemand::Left {
            return Ok(Vec::new());
        }
        self.cache.files.variables(folder, kind, name, &self.rules.extensions)
    }

    /// What sources say of these groups, or what files in these folders do.
    fn add_tier(
        &self,
        origin: Origin,
        groups: &[GroupId],
        folders: Option<&[PathBuf]>,
        layers: &mut Vec<VariableLayer>,
    ) -> Result<(), Error> {
        let Some(folders) = folders else {
            for id in groups {
                let group = self.group(*id);
                push(layers, origin, &group.name, &group.vars);
            }
            return Ok(());
        };
        for folder in folders {
            for id in groups {
                let name = &self.group(*id).name;
                for vars in self.files_of(folder, "group_vars", name)? {
                    push(layers, origin, name, &vars);
                }
            }
        }
        Ok(())
    }
}

/// Adds a layer unless there is nothing in it.
pub(crate) fn push(layers: &mut Vec<VariableLayer>, origin: Origin, owner: &Arc<str>, vars: &Dict) {
    if !vars.is_empty() {
        layers.push(VariableLayer { origin, owner: Arc::clone(owner), vars: vars.clone() });
    }
}

/// All layers as one dict; the dict itself where there is one layer only.
pub(crate) fn merged(layers: &[VariableLayer], hashes: HashBehaviour) -> Dict {
    let Some((first, others)) = layers.split_first() else {
        return Dict::new();
    };
    let mut merged = first.vars.clone();
    for layer in others {
        hashes.lay_over(&mut merged, &layer.vars);
    }
    merged
}
