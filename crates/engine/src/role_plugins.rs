//! What roles bring for others: a role's modules and plugins count for its whole play, those of the roles that it
//! depends on before its own (case `module-precedence`). Must not know what is brought.

use std::path::Path;

use nafal_base::{Text, Value};
use nafal_parser::named_role;

use crate::library::Files;

/// How deep roles may depend on each other here; who loads them tells of rings.
const DEEPEST: usize = 20;

impl Files {
    /// Tells of the roles of a play in this folder. Those that aren't found are told where they are loaded.
    pub(crate) fn announce_roles(&self, names: &[&str], collections: &[Text], playbook: &Path) {
        for name in names {
            self.announce_named(name, collections, playbook, None, 0);
        }
    }

    /// Tells of the role in this folder.
    pub(crate) fn announce_role(&self, folder: &Path, collections: &[Text], playbook: &Path) {
        self.announce(folder, collections, playbook, 0);
    }

    fn announce_named(
        &self,
        name: &str,
        collections: &[Text],
        playbook: &Path,
        parent: Option<&Path>,
        depth: usize,
    ) {
        let of_collection = self.finder.collection_role(name, collections);
        let folder = match of_collection {
            Some(role) => Some(role.folder),
            None => self.role_folder(name, playbook, parent).ok(),
        };
        if let Some(folder) = folder {
            self.announce(&folder, collections, playbook, depth);
        }
    }

    fn announce(&self, folder: &Path, collections: &[Text], playbook: &Path, depth: usize) {
        if depth >= DEEPEST || self.finder.knows_role(folder) {
            return;
        }
        for name in self.dependencies(folder) {
            self.announce_named(&name, collections, playbook, Some(folder), depth + 1);
        }
        self.finder.add_role(folder);
    }

    /// The roles that a role depends on, as far as they are named. A file that is wrong is told where it is loaded.
    fn dependencies(&self, folder: &Path) -> Vec<String> {
        let Some(path) = Files::role_file(folder, "meta", None) else { return Vec::new() };
        let Ok(source) = self.read(&path, None) else { return Vec::new() };
        let Ok((Some(document), _)) = nafal_parser::yaml::load_one(&source) else {
            return Vec::new();
        };
        let meta = document.value;
        let Some(Value::List(roles)) = meta.as_dict().and_then(|meta| meta.get("dependencies"))
        else {
            return Vec::new();
        };
        roles.iter().filter_map(named_role).map(str::to_owned).collect()
    }
}
