//! Action plugins of collections by their names: where `meta/runtime.yml` sends them, and which one runs a module.
//! Must not know how they are run.

use std::path::PathBuf;
use std::sync::Arc;

use crate::collections::{Unresolved, split};
use crate::finder::{Finder, REDIRECTS, action_in};
use crate::module::{Package, UserModule};

/// The modules that actions of ansible-core's call, by short names.
const CALLED: [(&str, &[&str]); 6] = [
    ("assemble", &["assemble", "copy", "file", "stat"]),
    ("copy", &["copy", "file", "stat"]),
    ("fetch", &["slurp", "stat"]),
    ("service", &["service"]),
    ("template", &["copy", "file", "stat"]),
    ("unarchive", &["unarchive", "stat"]),
];

/// Where an action plugin's name has led to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FoundAction {
    /// Its full name.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
    /// What is to be warned of on the way.
    pub warnings: Vec<String>,
}

impl Finder {
    /// The action plugin of this full name; None when there is none.
    pub(crate) fn action_plugin(&self, name: &str) -> Result<Option<FoundAction>, Unresolved> {
        let mut found = FoundAction { name: name.to_owned(), ..FoundAction::default() };
        for _ in 0..REDIRECTS {
            if let Some(short) = found.name.strip_prefix("ansible.builtin.") {
                let core = self.core().map(|core| core.package.join("plugins/action"));
                let path = core.and_then(|folder| action_in(&folder, short));
                return Ok(path.map(|path| FoundAction { path, ..found }));
            }
            let Some((collection, short)) = split(&found.name) else { return Ok(None) };
            let Some(folder) = self.collection(&collection) else { return Ok(None) };
            let routing = self.routing_in(&folder);
            let route = routing.action(short);
            if let Some(gone) = route.and_then(|route| route.tombstone.as_ref()) {
                return Err(Unresolved(gone.error(&found.name, "action plugin", &collection)));
            }
            if let Some(goes) = route.and_then(|route| route.deprecation.as_ref()) {
                found.warnings.push(goes.warning(&found.name, &collection));
            }
            let Some(other) = route.and_then(|route| route.redirect.clone()) else {
                let path = action_in(&folder.join("plugins/action"), short);
                return Ok(path.map(|path| FoundAction { path, ..found }));
            };
            found.name = other;
        }
        Ok(None)
    }

    /// The action plugin of the user's ansible-core by a short name, where the users' own folders have a module
    /// that it calls: nafal's own action calls nafal's (case `module-own-halves`).
    pub fn core_action(&self, short: &str) -> Option<Arc<UserModule>> {
        let called = CALLED.iter().find(|(action, _)| *action == short)?.1;
        let mut own = called.iter().filter_map(|name| self.in_library(name));
        own.find(|module| module.action_plugin.as_ref() != Some(&module.path))?;
        let path = action_in(&self.core()?.package.join("plugins/action"), short)?;
        let mut module = UserModule::read(short, &path, Package::Core).ok()?;
        module.set_action_plugin(Some(path));
        Some(Arc::new(module))
    }

    /// Gives a collection's module the action plugin that its routing names instead of the one of its own name.
    pub(crate) fn set_handler(&self, module: &mut UserModule, named: &str) {
        let found = self.action_plugin(named).ok().flatten();
        module.handler = Some(found.as_ref().map_or(named, |found| &found.name).to_owned());
        module.set_action_plugin(found.map(|found| found.path));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finder::Places;

    #[test]
    fn plugins_that_run_modules() {
        let folder = tempfile::tempdir().unwrap();
        let collection = folder.path().join("collections/ansible_collections/a/b");
        let write = |path: &str, text: &str| {
            let path = collection.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("plugins/modules/one.py", "");
        write("plugins/modules/two.py", "");
        write("plugins/action/there.py", "");
        let text = "plugin_routing: {action: {moved: {redirect: a.b.there}, gone: {tombstone: {}}}, \
                    modules: {one: {action_plugin: a.b.moved}, two: {action_plugin: a.b.no}}}";
        write("meta/runtime.yml", text);
        let playbook = folder.path().to_owned();
        let finder = Finder::new(Places { playbook, ..Places::default() });
        let one = finder.find("a.b.one").unwrap();
        assert_eq!(one.handler.as_deref(), Some("a.b.there"));
        assert!(one.action_plugin.is_some());
        let two = finder.find("a.b.two").unwrap();
        assert_eq!((two.handler.as_deref(), &two.action_plugin), (Some("a.b.no"), &None));
        assert_eq!(finder.resolve("a.b.moved", &[]).unwrap().name, "a.b.there");
        assert!(finder.resolve("a.b.gone", &[]).is_err());
    }
}
