//! Groups of actions: what a collection's `meta/runtime.yml`, or ansible-core's own list, says stands behind
//! `group/NAME` in `module_defaults`. Must not know which of their names are there.

use std::collections::HashSet;
use std::sync::Arc;

use nafal_base::Value as Shown;
use serde_yaml::Value;

use crate::collections::split;
use crate::finder::{Finder, locked};

/// A group, with those that it extends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActionGroup {
    /// The full names of its actions, there or not.
    pub names: Vec<String>,
    /// What is wrong with it.
    pub warnings: Vec<String>,
}

/// One entry of a group.
enum Entry<'a> {
    Action(&'a str),
    Metadata(&'a serde_yaml::Mapping),
}

/// What stock says of metadata that it can't use.
struct Fault(String);

impl Finder {
    /// The group of this full name, if there is one.
    pub fn action_group(&self, name: &str) -> Option<ActionGroup> {
        let mut group = ActionGroup::default();
        self.gather(name, &mut HashSet::new(), &mut group).then_some(group)
    }

    /// Adds a group to another; no group is added twice, so that circles end.
    fn gather(&self, name: &str, seen: &mut HashSet<String>, group: &mut ActionGroup) -> bool {
        let Some((package, short)) = package_of(name) else { return false };
        let Some(routing) = self.group_routing(&package) else { return false };
        let Some(entries) = routing.action_group(short) else { return false };
        if !seen.insert(name.to_owned()) {
            return true;
        }
        let entries: &[Value] = entries.as_sequence().map_or(&[], Vec::as_slice);
        let mut has_metadata = false;
        for entry in entries.iter().filter_map(entry) {
            match entry {
                Entry::Action(action) => group.names.push(full(&package, action)),
                Entry::Metadata(mapping) => {
                    let fault = if has_metadata {
                        Some(Fault("The group contains multiple metadata entries.".to_owned()))
                    } else {
                        fault(mapping)
                    };
                    group.warnings.extend(fault.map(|Fault(what)| {
                        let said = format!(
                            "Invalid metadata was found for action_group {name} while loading module_defaults. {what}"
                        );
                        said.trim_end().to_owned()
                    }));
                    has_metadata = true;
                    for other in extended(mapping) {
                        self.gather(&full(&package, other), seen, group);
                    }
                }
            }
        }
        true
    }

    /// The names of a group's actions, as `named` knows them; asked once.
    pub fn group_members(
        &self,
        group: &str,
        named: impl Fn(&str) -> Option<String>,
    ) -> Arc<HashSet<String>> {
        if let Some(known) = locked(&self.groups).get(group) {
            return Arc::clone(known);
        }
        let names = self.action_group(group).unwrap_or_default().names;
        let members: HashSet<String> = names.iter().filter_map(|name| named(name)).collect();
        let members = Arc::new(members);
        locked(&self.groups).insert(group.to_owned(), Arc::clone(&members));
        members
    }

    /// Whether what is wrong with groups of actions is told.
    pub fn validates_groups(&self) -> bool {
        self.places.validates_groups
    }

    fn group_routing(&self, package: &str) -> Option<Arc<crate::routing::Routing>> {
        match package {
            "ansible.builtin" => self.builtin_routing(),
            collection => Some(self.routing_in(&self.collection(collection)?)),
        }
    }
}

/// The collection, or `ansible.builtin`, and the short name of a group.
fn package_of(name: &str) -> Option<(String, &str)> {
    match name.strip_prefix("ansible.builtin.") {
        Some(short) => Some(("ansible.builtin".to_owned(), short)),
        None => split(name),
    }
}

/// A name with its collection, if it has none yet.
fn full(package: &str, name: &str) -> String {
    if name.split('.').count() < 3 { format!("{package}.{name}") } else { name.to_owned() }
}

fn entry(value: &Value) -> Option<Entry<'_>> {
    match value {
        Value::String(name) => Some(Entry::Action(name)),
        Value::Mapping(mapping) => Some(Entry::Metadata(mapping)),
        _ => None,
    }
}

/// The groups that metadata extends.
fn extended(mapping: &serde_yaml::Mapping) -> Vec<&str> {
    let metadata = mapping.get("metadata").and_then(Value::as_mapping);
    match metadata.and_then(|metadata| metadata.get("extend_group")) {
        Some(Value::String(name)) => vec![name],
        Some(Value::Sequence(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn shown(value: &Value) -> String {
    let value: Shown = serde_yaml::from_value(value.clone()).unwrap_or_default();
    if value.is_none() { String::new() } else { value.repr() }
}

/// All keys but one, in order.
fn keys(mapping: &serde_yaml::Mapping, but: &str) -> Vec<String> {
    let names = mapping.keys().map(|key| key.as_str().map_or_else(|| shown(key), str::to_owned));
    let mut names: Vec<String> = names.filter(|name| name != but).collect();
    names.sort();
    names
}

/// What is wrong with metadata (case `module-defaults-groups`).
fn fault(mapping: &serde_yaml::Mapping) -> Option<Fault> {
    let unexpected = keys(mapping, "");
    if unexpected != ["metadata"] {
        let names = unexpected.join(", ");
        return Some(Fault(format!("The only expected key is metadata, but got keys: {names}")));
    }
    let metadata = mapping.get("metadata")?;
    let Some(options) = metadata.as_mapping() else {
        let got = shown(metadata);
        return Some(Fault(format!("The metadata is not a dictionary. Got {got}")));
    };
    let unexpected = keys(options, "extend_group");
    if !unexpected.is_empty() {
        let names = unexpected.join(", ");
        return Some(Fault(format!("The metadata contains unexpected keys: {names}")));
    }
    let other = options.get("extend_group").filter(|value| value.is_mapping())?;
    Some(Fault(format!(
        "The metadata contains unexpected key types: extend_group is {} (expected type list)",
        shown(other)
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finder::Places;

    #[test]
    fn groups_extend_others() {
        let folder = tempfile::tempdir().unwrap();
        let meta = folder.path().join("collections/ansible_collections/a/b/meta");
        std::fs::create_dir_all(&meta).unwrap();
        let text = "action_groups: {one: [x, c.d.y, {metadata: {extend_group: two}}], \
                    two: [z, {metadata: {extend_group: [a.b.one, nosuch], more: 1}}], empty: }";
        std::fs::write(meta.join("runtime.yml"), text).unwrap();
        let playbook = folder.path().to_owned();
        let finder = Finder::new(Places { playbook, ..Places::default() });
        let one = finder.action_group("a.b.one").unwrap();
        assert_eq!(one.names, ["a.b.x", "c.d.y", "a.b.z"]);
        assert_eq!(
            one.warnings,
            ["Invalid metadata was found for action_group a.b.two while loading module_defaults. \
              The metadata contains unexpected keys: more"]
        );
        assert_eq!(finder.action_group("a.b.empty"), Some(ActionGroup::default()));
        assert_eq!(finder.action_group("a.b.nosuch"), None);
        assert_eq!(finder.action_group("no.such.one"), None);
    }
}
