//! What `ansible-inventory` shows, as data: hosts with their variables, groups, trees. The
//! printing is the command's.

use std::collections::HashSet;
use std::sync::Arc;

use nafal_base::{Dict, HostName, Marks, Value};
use nafal_parser::vault::Secrets;

use crate::data::{ALL, Data, GroupId, HostId, Inventory, UNGROUPED};
use crate::error::Error;
use crate::group_set::{Origin, merged};
use crate::surroundings::Facts;

/// Where variables are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Contents {
    /// All of a host's variables with the host.
    #[default]
    Merged,
    /// `--export`: each where it is defined.
    Exported,
}

/// Whether what files beside a playbook say is listed where it is defined. Hosts have it in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BesidePlaybook {
    /// It is.
    #[default]
    Listed,
    /// It isn't: nobody said where a playbook would be (case `inventory-beside-playbook`).
    Left,
}

/// What is listed.
#[derive(Clone, Debug, Default)]
pub struct ListOptions {
    /// Where variables are listed.
    pub contents: Contents,
    /// What counts where variables are defined.
    pub beside_playbook: BesidePlaybook,
    /// The hosts that a `--limit` leaves; all when None.
    pub limit: Option<HashSet<HostName>>,
    /// Facts that earlier runs left, which count more than the inventory.
    pub facts: Option<Arc<dyn Facts>>,
    /// Extra vars, which every host has, except where variables are exported.
    pub extra: Dict,
}

/// What a tree has told already.
#[derive(Default)]
struct Seen {
    groups: HashSet<GroupId>,
    hosts: HashSet<HostId>,
}

impl ListOptions {
    fn has(&self, host: &HostName) -> bool {
        self.limit.as_ref().is_none_or(|limit| limit.contains(host))
    }
}

impl Inventory {
    /// `--list`: groups by name, and `_meta` with the variables of hosts that have any.
    pub fn list(&self, options: &ListOptions) -> Result<Dict, Error> {
        let data = &self.0;
        let mut groups = Dict::new();
        for id in data.descendants(ALL) {
            let group = self.listed_group(id, options)?;
            if !group.is_empty() {
                groups.insert(&*data.group(id).name, Value::Dict(group));
            }
        }
        let mut hostvars = Dict::new();
        // Hosts that a broken source left outside of `all` aren't listed.
        let members = data.members(ALL).into_iter().map(|id| data.host(id));
        for host in members.filter(|host| options.has(&host.name)) {
            let vars = self.host_dict(&host.name, options)?;
            if !vars.is_empty() {
                hostvars.insert(host.text.clone(), Value::Dict(vars));
            }
        }
        let mut meta = Dict::new();
        meta.insert("hostvars", Value::Dict(hostvars));
        meta.insert("profile", Value::from("inventory_legacy"));
        let mut all = Dict::new();
        all.insert("_meta", Value::Dict(meta));
        // A group of that name isn't shown (case inventory-constructed-odd).
        for (name, group) in groups.iter().filter(|(name, _)| name.as_str() != Some("_meta")) {
            all.insert(name.clone(), group.clone());
        }
        Ok(all)
    }

    fn listed_group(&self, id: GroupId, options: &ListOptions) -> Result<Dict, Error> {
        let data = &self.0;
        let group = data.group(id);
        let mut listed = Dict::new();
        let hosts = self.host_texts(id, options);
        if id != ALL && !hosts.is_empty() {
            listed.insert("hosts", Value::List(hosts.into_iter().map(|(_, text)| text).collect()));
        }
        if !group.children.is_empty() {
            let children = group.children.iter().map(|id| Value::from(&*data.group(*id).name));
            listed.insert("children", Value::List(children.collect()));
        }
        if options.contents == Contents::Exported {
            let vars = data.group_dict(id, options)?;
            if !vars.is_empty() {
                listed.insert("vars", Value::Dict(vars));
            }
        }
        Ok(listed)
    }

    fn host_texts(&self, group: GroupId, options: &ListOptions) -> Vec<(HostId, Value)> {
        let hosts = self.0.group(group).hosts.iter();
        hosts
            .filter(|id| options.has(&self.0.host(**id).name))
            .map(|id| (*id, Value::Str(self.0.host(*id).text.clone())))
            .collect()
    }

    /// `--host`: one host's variables.
    pub fn host_dict(&self, host: &HostName, options: &ListOptions) -> Result<Dict, Error> {
        let vars = match options.contents {
            Contents::Merged => {
                let mut vars = self.host_variables(host)?;
                if let Some(facts) = &options.facts {
                    self.0.rules.hashes.lay_over(&mut vars, &facts.of(host));
                }
                self.0.rules.hashes.lay_over(&mut vars, &options.extra);
                vars
            }
            Contents::Exported => self.own_variables(host, options.beside_playbook)?,
        };
        // A dict of its own for each host: what several hosts share are the values alone.
        let mut own = if vars.holders() > 1 { vars.detached() } else { vars };
        own.remove("ansible_group_priority");
        Ok(own)
    }

    /// `--list --yaml`: the tree of groups, each host's variables where it is met first.
    pub fn tree(&self, options: &ListOptions) -> Result<Dict, Error> {
        let mut seen = Seen::default();
        let mut tree = Dict::new();
        let inside = self.subtree(ALL, options, &mut seen)?;
        tree.insert("all", Value::Dict(inside));
        Ok(tree)
    }

    fn subtree(&self, id: GroupId, options: &ListOptions, seen: &mut Seen) -> Result<Dict, Error> {
        let data = &self.0;
        let mut children = Dict::new();
        for child in &data.group(id).children {
            let inside = self.subtree(*child, options, seen)?;
            if !inside.is_empty() {
                // A group below two others is told where it is met first (case `inventory-values`).
                let told = if seen.groups.insert(*child) { inside } else { Dict::new() };
                children.insert(&*data.group(*child).name, Value::Dict(told));
            }
        }
        let mut hosts = Dict::new();
        if id != ALL {
            for (host, _) in self.host_texts(id, options) {
                let host_data = data.host(host);
                let vars = if seen.hosts.insert(host) {
                    self.host_dict(&host_data.name, options)?
                } else {
                    Dict::new()
                };
                hosts.insert(host_data.text.clone(), Value::Dict(vars));
            }
        }
        let mut tree = Dict::new();
        for (key, inside) in [("children", children), ("hosts", hosts)] {
            if !inside.is_empty() {
                tree.insert(key, Value::Dict(inside));
            }
        }
        if options.contents == Contents::Exported {
            let vars = data.group_dict(id, options)?;
            if !vars.is_empty() {
                tree.insert("vars", Value::Dict(vars));
            }
        }
        Ok(tree)
    }

    /// `--list --toml`: groups by name, each host's variables where it is met first.
    pub fn tables(&self, options: &ListOptions) -> Result<Dict, Error> {
        let mut tables = Dict::new();
        self.add_table(ALL, options, &mut HashSet::new(), &mut tables)?;
        tables.edit(|tables| {
            tables.retain(|_, table| table.is_true());
        });
        Ok(tables)
    }

    /// A group below two others is written twice, and the second time its hosts have no variables
    /// any more, as with stock (case inventory-toml-written).
    fn add_table(
        &self,
        id: GroupId,
        options: &ListOptions,
        seen: &mut HashSet<HostId>,
        tables: &mut Dict,
    ) -> Result<(), Error> {
        let data = &self.0;
        let group = data.group(id);
        tables.insert(&*group.name, Value::None);
        let mut table = Dict::new();
        let mut children = Vec::new();
        for child in &group.children {
            if *child == UNGROUPED && data.group(*child).hosts.is_empty() {
                continue;
            }
            children.push(Value::from(&*data.group(*child).name));
            self.add_table(*child, options, seen, tables)?;
        }
        if id != ALL && !children.is_empty() {
            table.insert("children", Value::from(children));
        }
        let mut hosts = Dict::new();
        for (host, name) in self.host_texts(id, options).into_iter().filter(|_| id != ALL) {
            let vars = match seen.insert(host) {
                true => self.host_dict(&data.host(host).name, options)?,
                false => Dict::new(),
            };
            hosts.insert(&*name.to_text(), Value::Dict(vars));
        }
        if !hosts.is_empty() {
            table.insert("hosts", Value::Dict(hosts));
        }
        if options.contents == Contents::Exported {
            let vars = data.group_dict(id, options)?;
            if !vars.is_empty() {
                table.insert("vars", Value::Dict(vars));
            }
        }
        tables.insert(&*group.name, Value::Dict(table));
        Ok(())
    }

    /// `--graph`: the tree of a group as lines, with variables if `vars` is given. None when there
    /// is no such group.
    pub fn graph(&self, group: &str, vars: Option<&ListOptions>) -> Option<Result<String, Error>> {
        let id = self.0.group_id(group)?;
        let mut text = format!("@{group}:\n");
        Some(self.graph_below(id, 0, vars, &mut text).map(|()| text))
    }

    /// The same with what is in vaults: `--graph --vars` is the only one that shows that.
    fn opened(&self, vars: &Dict) -> Result<Dict, Error> {
        let secrets = &self.0.cache.files.secrets;
        vars.iter().map(|(key, value)| Ok((key.clone(), opened(value, secrets)?))).collect()
    }

    fn graph_below(
        &self,
        id: GroupId,
        depth: usize,
        vars: Option<&ListOptions>,
        text: &mut String,
    ) -> Result<(), Error> {
        let data = &self.0;
        let group = data.group(id);
        for child in &group.children {
            line(text, depth, &format!("@{}:", data.group(*child).name));
            self.graph_below(*child, depth + 1, vars, text)?;
        }
        if id != ALL {
            for host in &group.hosts {
                let host = data.host(*host);
                line(text, depth, host.name.as_str());
                if let Some(options) = vars {
                    let vars = self.host_dict(&host.name, options)?;
                    lines_of(text, depth + 1, &self.opened(&vars)?);
                }
            }
        }
        if let Some(options) = vars {
            lines_of(text, depth, &self.opened(&data.group_dict(id, options)?)?);
        }
        Ok(())
    }
}

fn opened(value: &Value, secrets: &Secrets) -> Result<Value, Error> {
    match value {
        Value::Str(text) if text.is_vault() => match secrets.decrypt(text.as_bytes()) {
            Ok(clear) => Ok(Value::Str(text.decrypted(&String::from_utf8_lossy(&clear)))),
            Err(error) => {
                Err(Error::Closed { message: error.to_string(), span: text.span().cloned() })
            }
        },
        Value::List(items) if value.marks().contains(Marks::VAULT) => {
            let items = items.iter().map(|item| opened(item, secrets));
            Ok(Value::List(items.collect::<Result<Vec<_>, _>>()?.into()))
        }
        Value::Dict(dict) if value.marks().contains(Marks::VAULT) => {
            let entries =
                dict.iter().map(|(key, value)| Ok((key.clone(), opened(value, secrets)?)));
            Ok(Value::Dict(entries.collect::<Result<Dict, Error>>()?))
        }
        other => Ok(other.clone()),
    }
}

fn line(text: &mut String, depth: usize, what: &str) {
    for _ in 0..=depth {
        text.push_str("  |");
    }
    text.push_str("--");
    text.push_str(what);
    text.push('\n');
}

fn lines_of(text: &mut String, depth: usize, vars: &Dict) {
    let mut entries: Vec<(String, &Value)> =
        vars.iter().map(|(key, value)| (key.value().to_text().into_owned(), value)).collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    for (key, value) in entries {
        line(text, depth, &format!("{{{key} = {}}}", value.to_text()));
    }
}

impl Inventory {
    /// What is a host's own.
    fn own_variables(&self, host: &HostName, playbook: BesidePlaybook) -> Result<Dict, Error> {
        let mut layers = match self.host(host.as_str()) {
            Some(host) => self.0.own_layers(host)?,
            None => return Ok(self.layers_for(host)?.host),
        };
        let listed = playbook == BesidePlaybook::Listed;
        layers.retain(|layer| listed || layer.origin != Origin::PlaybookHostVars);
        Ok(merged(&layers, self.0.rules.hashes))
    }
}

impl Data {
    /// What one group gives by itself, its files included.
    fn group_dict(&self, id: GroupId, options: &ListOptions) -> Result<Dict, Error> {
        let group = self.group(id);
        let listed = options.beside_playbook == BesidePlaybook::Listed;
        let playbook = self.playbook_folders.iter().filter(|_| listed);
        let mut layers = Vec::new();
        crate::group_set::push(&mut layers, Origin::Groups, &group.name, &group.vars);
        for folder in self.folders.iter().chain(playbook) {
            for vars in self.files_of(folder, "group_vars", &group.name)? {
                crate::group_set::push(&mut layers, Origin::GroupVars, &group.name, &vars);
            }
        }
        Ok(merged(&layers, self.rules.hashes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graph_and_list() {
        let mut inventory = Inventory::empty();
        let vars: Dict = [("b", Value::from(1)), ("a", Value::from("x"))].into_iter().collect();
        inventory.add_host("h1", &["g"], &vars).unwrap();
        inventory.add_to_group("h1", "g", &["p"]).unwrap();
        assert_eq!(
            inventory.graph("all", Some(&ListOptions::default())).unwrap().unwrap(),
            "@all:\n  |--@ungrouped:\n  |--@g:\n  |  |--h1\n  |  |  |--{a = x}\n  |  |  |--{b = 1}\n  \
             |--@p:\n  |  |--@g:\n  |  |  |--h1\n  |  |  |  |--{a = x}\n  |  |  |  |--{b = 1}\n"
        );
        assert!(inventory.graph("nosuch", None).is_none());
        let extra = [("b", Value::from(2))].into_iter().collect();
        let options = ListOptions { extra, ..ListOptions::default() };
        let host = inventory.host_dict(&HostName::from("h1"), &options).unwrap();
        assert_eq!(Value::Dict(host).repr(), "{'b': 2, 'a': 'x'}");
        let list = inventory.list(&ListOptions::default()).unwrap();
        assert_eq!(
            Value::Dict(list).repr(),
            "{'_meta': {'hostvars': {'h1': {'b': 1, 'a': 'x'}}, 'profile': 'inventory_legacy'}, \
             'all': {'children': ['ungrouped', 'g', 'p']}, 'g': {'hosts': ['h1']}, \
             'p': {'children': ['g']}}"
        );
    }
}
