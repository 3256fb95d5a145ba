//! Names that collections give: roles, playbooks, and modules with all that `meta/runtime.yml` says of them. Must
//! not know plays.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use nafal_base::Text;

use crate::finder::Finder;
use crate::routing::Routing;

/// A role of a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectionRole {
    /// Where it is.
    pub folder: PathBuf,
    /// `namespace.name` of its collection.
    pub collection: String,
    /// Its full name.
    pub name: String,
}

/// What a module's name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// Its full name, once every redirect is followed; as written when no collection has it.
    pub name: String,
    /// What is to be warned of on the way.
    pub warnings: Vec<String>,
}

/// A name that leads nowhere, in stock's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unresolved(pub String);

/// The collection (`namespace.name`) that a path is in.
pub fn collection_of(path: &Path) -> Option<String> {
    let mut parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    parts.find(|part| *part == "ansible_collections")?;
    Some(format!("{}.{}", parts.next()?, parts.next()?))
}

/// `namespace.name` and the rest of a full name.
pub(crate) fn split(name: &str) -> Option<(String, &str)> {
    let mut parts = name.splitn(3, '.');
    let (namespace, collection, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let own = matches!((namespace, collection), ("ansible", "builtin" | "legacy"));
    (!own && !rest.is_empty()).then(|| (format!("{namespace}.{collection}"), rest))
}

impl Finder {
    /// The role of this full name, or the first of this short name in these collections.
    pub fn collection_role(&self, name: &str, collections: &[Text]) -> Option<CollectionRole> {
        let named = |collection: &str, role: &str| {
            let folder = self.collection(collection)?.join("roles").join(role.replace('.', "/"));
            let name = format!("{collection}.{role}");
            let collection = collection.to_owned();
            folder.is_dir().then_some(CollectionRole { folder, collection, name })
        };
        if name.contains('/') {
            return None;
        }
        match split(name) {
            Some((collection, role)) => named(&collection, role),
            None if name.contains('.') => None,
            None => collections.iter().find_map(|collection| named(collection, name)),
        }
    }

    /// The playbook of this full name.
    pub fn collection_playbook(&self, name: &str) -> Option<PathBuf> {
        let (collection, playbook) = split(name)?;
        let folder = self.collection(&collection)?.join("playbooks");
        let stem = playbook.replace('.', "/");
        let names = [format!("{stem}.yml"), format!("{stem}.yaml"), playbook.to_owned()];
        names.map(|name| folder.join(name)).into_iter().find(|path| path.is_file())
    }

    /// What a module's name means where these collections are searched.
    pub fn resolve(&self, name: &str, collections: &[Text]) -> Result<Resolved, Unresolved> {
        let mut resolved = Resolved { name: name.to_owned(), warnings: Vec::new() };
        if split(name).is_none() {
            let Some(full) = self.searched(name, collections) else { return Ok(resolved) };
            resolved.name = full;
        }
        let is_of_collection = split(&resolved.name).is_some();
        let action = if is_of_collection { self.action_plugin(&resolved.name)? } else { None };
        self.follow(&mut resolved)?;
        if let Some(action) = action {
            resolved.name = action.name;
            let new = action.warnings.into_iter();
            let new: Vec<String> = new.filter(|text| !resolved.warnings.contains(text)).collect();
            resolved.warnings.extend(new);
        }
        Ok(resolved)
    }

    /// The full name of what these collections have by a short name, before ansible-core's own.
    pub fn searched(&self, name: &str, collections: &[Text]) -> Option<String> {
        let own = |collection: &&str| !matches!(*collection, "ansible.builtin" | "ansible.legacy");
        let searched = collections.iter().map(Text::as_str).take_while(own);
        let mut named = searched.map(|collection| format!("{collection}.{name}"));
        named.find(|full| !name.contains('.') && self.has_name(full))
    }

    /// What an action's name means where defaults are given to it: a module that has a plugin of another name
    /// stands for itself (case `collections-actions`).
    pub fn resolve_default(&self, name: &str) -> Result<String, Unresolved> {
        let mut module = Resolved { name: name.to_owned(), warnings: Vec::new() };
        self.follow(&mut module)?;
        let runs_elsewhere = split(&module.name).is_some_and(|(collection, short)| {
            let routing = self.routing(&collection);
            let route = routing.as_ref().and_then(|routing| routing.route(short));
            route.is_some_and(|route| route.action_plugin.is_some())
        });
        if runs_elsewhere { Ok(module.name) } else { Ok(self.resolve(name, &[])?.name) }
    }

    /// Follows the redirects of a module.
    fn follow(&self, resolved: &mut Resolved) -> Result<(), Unresolved> {
        let mut path: Vec<String> = Vec::new();
        while let Some((collection, module)) = split(&resolved.name) {
            if let Some(refusal) = self.refused_collection(&collection) {
                return Err(Unresolved(refusal));
            }
            let Some(routing) = self.routing(&collection) else { break };
            let Some(route) = routing.route(module) else { break };
            if let Some(gone) = &route.tombstone {
                return Err(Unresolved(gone.error(&resolved.name, "module", &collection)));
            }
            if let Some(deprecation) = &route.deprecation {
                resolved.warnings.push(deprecation.warning(&resolved.name, &collection));
            }
            let Some(other) = route.redirect.clone() else { break };
            path.push(std::mem::replace(&mut resolved.name, other));
            if path.contains(&resolved.name) {
                let first = path.first().cloned().unwrap_or_default();
                let names: Vec<String> = path.iter().map(|name| format!("'{name}'")).collect();
                let names = names.join(", ");
                return Err(Unresolved(format!(
                    "plugin redirect loop resolving {first} (path: [{names}])"
                )));
            }
        }
        Ok(())
    }

    /// Whether a collection has a module of this full name, or says something of it.
    fn has_name(&self, full: &str) -> bool {
        let Some((collection, module)) = split(full) else { return false };
        self.find(full).is_some()
            || self.routing(&collection).is_some_and(|routing| {
                routing.route(module).is_some() || routing.action(module).is_some()
            })
    }

    fn routing(&self, collection: &str) -> Option<Arc<Routing>> {
        Some(self.routing_in(&self.collection(collection)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finder::Places;

    #[test]
    fn names_and_paths() {
        assert_eq!(split("a.b.c.d"), Some(("a.b".to_owned(), "c.d")));
        assert_eq!(split("ansible.posix.mount"), Some(("ansible.posix".to_owned(), "mount")));
        assert_eq!(split("ansible.builtin.copy"), None);
        assert_eq!(split("a.b"), None);
        let path = Path::new("/x/ansible_collections/a/b/playbooks/p.yml");
        assert_eq!(collection_of(path), Some("a.b".to_owned()));
        assert_eq!(collection_of(Path::new("/x/p.yml")), None);
    }

    #[test]
    fn what_a_collection_says_is_read_once() {
        let folder = tempfile::tempdir().unwrap();
        let collection = folder.path().join("collections/ansible_collections/a/b");
        std::fs::create_dir_all(collection.join("meta")).unwrap();
        let file = collection.join("meta/runtime.yml");
        std::fs::write(&file, "plugin_routing: {modules: {old: {redirect: a.b.new}}}").unwrap();
        let playbook = folder.path().to_owned();
        let finder = Finder::new(Places { playbook, ..Places::default() });
        for _ in 0..2 {
            assert_eq!(finder.resolve("a.b.old", &[]).unwrap().name, "a.b.new");
            let _ = std::fs::remove_file(&file);
        }
    }
}
