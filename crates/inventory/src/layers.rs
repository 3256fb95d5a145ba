//! A host's inventory variables: what its groups give, shared with all hosts in the same groups,
//! and what is its own. Merged when first asked for, never copied per task.

use std::sync::Arc;

use nafal_base::{Dict, HostName, List, Text, Value};

use crate::data::{Data, Host, HostKind, Inventory};
use crate::error::Error;
use crate::group_set::{GroupSet, Origin, VariableLayer, merged, push};

/// What an inventory says of one host.
#[derive(Clone, Debug)]
pub struct HostLayers {
    /// Its name as a value.
    pub name: Text,
    /// What its groups give, merged. The same dict for all hosts in the same groups.
    pub groups: Dict,
    /// What is its own, merged.
    pub host: Dict,
    /// Its groups.
    pub group_set: Arc<GroupSet>,
    /// `inventory_file`, when a source named it.
    pub file: Option<Arc<str>>,
    kind: HostKind,
    inventory: Inventory,
}

impl HostLayers {
    /// Whether a source or `add_host` named it.
    pub fn is_listed(&self) -> bool {
        self.kind == HostKind::Listed
    }

    /// `group_names`.
    pub fn group_names(&self) -> &List {
        &self.group_set.names
    }

    /// Every layer with where it is from, weakest first.
    pub fn layers(&self) -> Vec<VariableLayer> {
        let data = &self.inventory.0;
        let mut layers = data
            .group_layers(&self.group_set)
            .map(|layers| layers.layers.clone())
            .unwrap_or_default();
        if let Some(host) = self.inventory.host(&self.name) {
            layers.extend(data.own_layers(host).unwrap_or_default());
        }
        layers
    }

    /// `inventory_dir`, when a source named it.
    pub fn dir(&self) -> Option<&str> {
        self.inventory.host(&self.name).and_then(|host| self.inventory.dir_of(host))
    }
}

impl Inventory {
    /// What the inventory says of a host; files beside it are read now if they weren't yet.
    pub fn host_layers(&self, host: &str) -> Option<Result<HostLayers, Error>> {
        let host = self.host(host)?;
        Some(self.layers_of(host))
    }

    /// The same for any name: one that is nowhere gets what `all` gives, as stock has it for hosts
    /// that a task delegates to.
    pub fn layers_for(&self, host: &HostName) -> Result<HostLayers, Error> {
        match self.host(host.as_str()) {
            Some(host) => self.layers_of(host),
            None => self.layers_of(&Host::new(host.as_str(), HostKind::Implicit, None)),
        }
    }

    /// A host without any variable.
    pub fn bare_layers(&self, host: &HostName) -> HostLayers {
        HostLayers {
            name: Text::new(host.as_str()),
            groups: Dict::new(),
            host: Dict::new(),
            group_set: self.0.group_set(&[]),
            file: None,
            kind: HostKind::Implicit,
            inventory: self.clone(),
        }
    }

    fn layers_of(&self, host: &Host) -> Result<HostLayers, Error> {
        let group_set = self.0.group_set(&host.groups);
        let groups = self.0.group_layers(&group_set)?.merged.clone();
        let own = self.0.own_layers(host)?;
        Ok(HostLayers {
            name: host.text.clone(),
            groups,
            host: merged(&own, self.0.rules.hashes),
            group_set,
            file: host.source.clone(),
            kind: host.kind,
            inventory: self.clone(),
        })
    }

    /// All inventory variables of a host in one dict, for those who must have it so.
    pub fn host_variables(&self, host: &HostName) -> Result<Dict, Error> {
        let Some(layers) = self.host_layers(host.as_str()) else {
            return Ok(Dict::new());
        };
        let layers = layers?;
        if layers.groups.is_empty() {
            return Ok(layers.host);
        }
        let mut all = layers.groups;
        self.0.rules.hashes.lay_over(&mut all, &layers.host);
        Ok(all)
    }

    /// The magic variable `groups`: every group's hosts. Computed once per state.
    pub fn groups_value(&self) -> Value {
        let value = self.0.cache.members.get_or_init(|| {
            let groups = self.0.groups.keys().filter_map(|name| {
                let members = self.0.members(self.0.group_id(name)?);
                let hosts: List =
                    members.iter().map(|id| Value::Str(self.0.host(*id).text.clone())).collect();
                Some((name.to_string(), Value::List(hosts)))
            });
            Value::Dict(groups.collect())
        });
        value.clone()
    }

    /// What was odd in variables files that were read since the last time this was asked.
    pub fn take_warnings(&self) -> Vec<nafal_base::Diagnostic> {
        self.0.cache.files.take_warnings()
    }
}

impl Data {
    /// The layers that are only this host's, weakest first.
    pub fn own_layers(&self, host: &Host) -> Result<Vec<VariableLayer>, Error> {
        let mut layers = Vec::new();
        let name = &host.name.0;
        push(&mut layers, Origin::Host, name, &host.vars);
        for (origin, folders) in [
            (Origin::HostVars, &*self.folders),
            (Origin::PlaybookHostVars, &*self.playbook_folders),
        ] {
            for folder in folders {
                for vars in self.files_of(folder, "host_vars", name)? {
                    push(&mut layers, origin, name, &vars);
                }
            }
        }
        Ok(layers)
    }
}
