//! Finds the modules that users bring, where Ansible looks for them. Must not know which modules nafal has
//! itself: who asks does.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::ansible_core::AnsibleCore;
use crate::bundles::Bundles;
use crate::collections::{Resolved, Unresolved, split};
use crate::module::{Package, UserModule};
use crate::python::Kind;
use crate::requirements::{Mismatch, Requirements};
use crate::routing::Routing;

/// Where to look.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The playbook's folder: its `library`, `module_utils` and `collections`.
    pub playbook: PathBuf,
    /// `library` of the settings, `-M`.
    pub library: Vec<PathBuf>,
    /// `module_utils` of the settings.
    pub module_utils: Vec<PathBuf>,
    /// `collections_path` of the settings.
    pub collections: Vec<PathBuf>,
    /// `filter_plugins` and their like of the settings.
    pub plugins: Vec<(Kind, Vec<PathBuf>)>,
    /// Short names of modules that are not to be found, nafal's own among them.
    pub rejected: Vec<String>,
    /// Whether what is wrong with groups of actions is told.
    pub validates_groups: bool,
    /// What is done about collections for other versions.
    pub mismatch: Mismatch,
}

/// A folder that has plugins beside: `library/`, `filter_plugins/` and their like.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Root {
    Playbook(PathBuf),
    Role(PathBuf),
}

impl Root {
    fn folder(&self) -> &Path {
        match self {
            Root::Playbook(folder) | Root::Role(folder) => folder,
        }
    }
}

/// The modules of a playbook's users. What is found is remembered, and so is what isn't.
#[derive(Debug)]
pub struct Finder {
    pub(crate) places: Places,
    /// The folders that plugins are beside, in the order in which they came.
    roots: Mutex<Vec<Root>>,
    found: Mutex<HashMap<String, Option<Arc<UserModule>>>>,
    /// What collections say in `meta/runtime.yml`, by their folders.
    routings: Mutex<HashMap<PathBuf, Arc<Routing>>>,
    core: OnceLock<Option<AnsibleCore>>,
    core_routing: OnceLock<Arc<Routing>>,
    /// The actions that are there of groups that were asked for.
    pub(crate) groups: Mutex<HashMap<String, Arc<HashSet<String>>>>,
    pub(crate) bundles: Bundles,
    pub(crate) requirements: Requirements,
}

/// How often a name may lead to another one.
pub(crate) const REDIRECTS: usize = 10;

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Finder {
    /// A finder in these places.
    pub fn new(places: Places) -> Finder {
        Finder {
            roots: Mutex::new(vec![Root::Playbook(places.playbook.clone())]),
            places,
            found: Mutex::default(),
            routings: Mutex::default(),
            core: OnceLock::new(),
            core_routing: OnceLock::new(),
            groups: Mutex::default(),
            bundles: Bundles::default(),
            requirements: Requirements::default(),
        }
    }

    /// One for commands that have no playbook: no folder has plugins beside.
    pub fn without_playbook(places: Places) -> Finder {
        Finder { roots: Mutex::default(), ..Finder::new(places) }
    }

    /// Whether a module isn't to be found by this name, as a task writes it.
    pub fn rejects(&self, name: &str) -> bool {
        self.places.rejected.iter().any(|rejected| rejected == name)
    }

    /// A role that is used: its plugins count from now on, for everybody, as in stock.
    pub fn add_role(&self, folder: &Path) {
        self.add(Root::Role(folder.to_owned()));
    }

    /// Whether that role was told already.
    pub fn knows_role(&self, folder: &Path) -> bool {
        locked(&self.roots).contains(&Root::Role(folder.to_owned()))
    }

    /// A playbook that is read: its plugins count from now on, for everybody, as in stock.
    pub fn add_playbook(&self, folder: &Path) {
        self.add(Root::Playbook(folder.to_owned()));
    }

    fn add(&self, root: Root) {
        let mut roots = locked(&self.roots);
        if !roots.contains(&root) {
            roots.push(root);
            // What was not there may be there now, and what was may be hidden.
            locked(&self.found).clear();
            locked(&self.groups).clear();
        }
    }

    /// The folders beside which modules are, the strongest first: playbooks, then roles as they were
    /// named (case `module-precedence`).
    fn roots(&self) -> Vec<PathBuf> {
        let mut roots = self.playbooks();
        roots.extend(self.roles());
        roots
    }

    /// How many folders have plugins beside; never less than before.
    pub(crate) fn plugin_roots(&self) -> usize {
        locked(&self.roots).len()
    }

    /// Those folders behind the first `known`, in the order in which they came.
    pub(crate) fn plugin_roots_after(&self, known: usize) -> Vec<PathBuf> {
        locked(&self.roots).iter().skip(known).map(|root| root.folder().to_owned()).collect()
    }

    /// The folders where plugins of a kind may be, there or not.
    fn plugin_folders(&self, kind: Kind) -> Vec<PathBuf> {
        let below = format!("{}_plugins", kind.name());
        let roots = locked(&self.roots);
        let beside = roots.iter().map(|root| root.folder().join(&below));
        beside.chain(self.configured(kind).cloned()).collect()
    }

    /// The folders of a kind that the settings name.
    fn configured(&self, kind: Kind) -> impl Iterator<Item = &PathBuf> {
        let configured = self.places.plugins.iter().filter(move |(of, _)| *of == kind);
        configured.flat_map(|(_, folders)| folders)
    }

    /// The folders of all roles, in the order in which they came.
    pub fn roles(&self) -> Vec<PathBuf> {
        let roots = locked(&self.roots);
        let roles = roots.iter().filter(|root| matches!(root, Root::Role(_)));
        roles.map(|root| root.folder().to_owned()).collect()
    }

    /// The folders of all playbooks.
    pub(crate) fn playbooks(&self) -> Vec<PathBuf> {
        let roots = locked(&self.roots);
        let playbooks = roots.iter().filter(|root| matches!(root, Root::Playbook(_)));
        playbooks.map(|root| root.folder().to_owned()).collect()
    }

    /// Whether a folder of lookups has one of this short name.
    pub fn has_lookup(&self, name: &str) -> bool {
        let file = format!("{name}.py");
        self.plugin_folders(Kind::Lookup).iter().any(|folder| folder.join(&file).is_file())
            || self.has_moved(Kind::Lookup, name)
    }

    /// Whether there is a place where a plugin of this name may be.
    pub(crate) fn may_have_plugin(&self, kind: Kind, name: &str) -> bool {
        let short = name
            .strip_prefix("ansible.legacy.")
            .or_else(|| name.strip_prefix("ansible.builtin."))
            .unwrap_or(name);
        if short.contains('.') {
            return split(short)
                .is_some_and(|(collection, _)| self.collection(&collection).is_some());
        }
        // The Python that is asked then follows the move by itself.
        self.plugin_folders(kind).iter().any(|folder| folder.is_dir())
            || self.has_moved(kind, short)
    }

    /// The user's ansible-core; asked for once.
    pub fn core(&self) -> Option<&AnsibleCore> {
        self.core.get_or_init(AnsibleCore::find).as_ref()
    }

    /// Decides which ansible-core counts, instead of looking for one.
    #[cfg(test)]
    pub(crate) fn set_core(&self, core: Option<AnsibleCore>) {
        let _ = self.core.set(core);
    }

    /// The module of this name, in the users' own folders alone: one that stands before nafal's own of the
    /// same name. Only short names and `ansible.legacy` look there.
    pub fn in_library(&self, name: &str) -> Option<Arc<UserModule>> {
        let short = name.strip_prefix("ansible.legacy.").unwrap_or(name);
        if short.contains('.') {
            return None;
        }
        self.remembered(&format!("library {short}"), || {
            let mut libraries = self.library_folders().into_iter();
            let found = libraries.find_map(|folder| in_folder(&folder, short, &Package::Legacy));
            let beside = self.roots().into_iter().map(|root| root.join("action_plugins"));
            let configured = self.configured(Kind::Action).cloned();
            let action = beside.chain(configured).find_map(|folder| action_in(&folder, short));
            with_action(found, action, short, &Package::Legacy)
        })
    }

    /// The module of this name, wherever it is.
    pub fn find(&self, name: &str) -> Option<Arc<UserModule>> {
        self.remembered(name, || self.search(name, REDIRECTS))
    }

    fn remembered(
        &self,
        key: &str,
        search: impl FnOnce() -> Option<UserModule>,
    ) -> Option<Arc<UserModule>> {
        if let Some(known) = locked(&self.found).get(key) {
            return known.clone();
        }
        let found = search().map(Arc::new);
        locked(&self.found).insert(key.to_owned(), found.clone());
        found
    }

    fn search(&self, name: &str, left: usize) -> Option<UserModule> {
        if left == 0 {
            return None;
        }
        if let Some(short) = name.strip_prefix("ansible.builtin.") {
            return self.in_core(short, left);
        }
        let short = name.strip_prefix("ansible.legacy.").unwrap_or(name);
        if !short.contains('.') {
            let own = self.in_library(short).map(|module| (*module).clone());
            return own.or_else(|| self.in_core(short, left));
        }
        let (name, module) = split(short)?;
        let folder = self.collection(&name)?;
        let package = Package::Collection { folder: folder.clone(), name };
        let action = action_in(&folder.join("plugins/action"), module);
        let found = in_folder(&folder.join("plugins/modules"), module, &package);
        let routing = self.routing_in(&folder);
        if let Some(mut found) = with_action(found, action, module, &package) {
            if let Some(named) =
                routing.route(module).and_then(|route| route.action_plugin.as_ref())
            {
                self.set_handler(&mut found, named);
            }
            return Some(found);
        }
        routing.redirect(module).and_then(|other| self.search(other, left - 1))
    }

    /// One of ansible-core's own, or where it has gone.
    fn in_core(&self, short: &str, left: usize) -> Option<UserModule> {
        let core = self.core()?;
        if let Some(found) = in_folder(&core.package.join("modules"), short, &Package::Core) {
            return Some(found);
        }
        let other = self.core_routing(core).redirect(short)?;
        self.search(other, left - 1)
    }

    /// Where ansible-core says that its former modules and plugins are; read once.
    fn core_routing(&self, core: &AnsibleCore) -> &Arc<Routing> {
        let path = || core.package.join("config/ansible_builtin_runtime.yml");
        self.core_routing.get_or_init(|| Arc::new(Routing::read(&path())))
    }

    /// The same, where there is an ansible-core.
    pub(crate) fn builtin_routing(&self) -> Option<Arc<Routing>> {
        Some(Arc::clone(self.core_routing(self.core()?)))
    }

    /// The full name of one of ansible-core's modules, there or gone to a collection.
    pub fn core_name(&self, short: &str) -> Option<String> {
        let core = self.core()?;
        if in_folder(&core.package.join("modules"), short, &Package::Core).is_some() {
            return Some(format!("ansible.builtin.{short}"));
        }
        self.moved(short)?.ok().map(|resolved| resolved.name)
    }

    /// What a module that was ansible-core's stands for now; it may have gone there too.
    pub fn moved(&self, short: &str) -> Option<Result<Resolved, Unresolved>> {
        let other = self.core_routing(self.core()?).redirect(short)?;
        Some(self.resolve(other, &[]))
    }

    /// Whether a plugin that was ansible-core's own is in a collection now, and that is there.
    fn has_moved(&self, kind: Kind, short: &str) -> bool {
        let Some(core) = self.core() else { return false };
        let moved = self.core_routing(core).plugin_redirect(kind, short);
        let collection = moved.and_then(split).map(|(collection, _)| collection);
        collection.is_some_and(|collection| self.collection(&collection).is_some())
    }

    /// The users' folders of modules, the strongest first.
    fn library_folders(&self) -> Vec<PathBuf> {
        let beside = self.roots().into_iter().map(|root| root.join("library"));
        beside.chain(self.places.library.iter().cloned()).collect()
    }

    /// The users' folders of `module_utils`, the strongest first.
    pub(crate) fn module_utils_folders(&self) -> Vec<PathBuf> {
        let beside = self.roots().into_iter().map(|root| root.join("module_utils"));
        let all = beside.chain(self.places.module_utils.iter().cloned());
        all.filter(|folder| folder.is_dir()).collect()
    }

    /// What the collection in this folder says of its plugins' names; read once.
    pub(crate) fn routing_in(&self, folder: &Path) -> Arc<Routing> {
        let mut known = locked(&self.routings);
        if let Some(routing) = known.get(folder) {
            return Arc::clone(routing);
        }
        let routing = Arc::new(Routing::read(&folder.join("meta/runtime.yml")));
        known.insert(folder.to_owned(), Arc::clone(&routing));
        routing
    }

    /// The folder of a collection (`namespace.name`), whatever it says of itself.
    pub(crate) fn collection_folder(&self, name: &str) -> Option<PathBuf> {
        let path = name.replace('.', "/");
        let beside = self.playbooks().into_iter().map(|folder| folder.join("collections"));
        let configured = beside.chain(self.places.collections.iter().cloned());
        let found = configured
            .flat_map(|root| [root.join("ansible_collections"), root])
            .map(|root| root.join(&path))
            .find(|folder| folder.is_dir());
        found.or_else(|| {
            let packages = self.core()?.packages();
            packages
                .map(|folder| folder.join("ansible_collections").join(&path))
                .find(|folder| folder.is_dir())
        })
    }
}

/// The module `name` in a folder: a file of this name with any ending, Python's first. A dot in the name is a
/// folder below.
fn in_folder(folder: &Path, name: &str, package: &Package) -> Option<UserModule> {
    let stem = name.replace('.', "/");
    let python = folder.join(format!("{stem}.py"));
    let path = if python.is_file() { python } else { other_ending(&folder.join(&stem))? };
    UserModule::read(name, &path, package.clone()).ok()
}

/// The action plugin of this name in a folder.
pub(crate) fn action_in(folder: &Path, name: &str) -> Option<PathBuf> {
    let path = folder.join(format!("{}.py", name.replace('.', "/")));
    path.is_file().then_some(path)
}

/// A module with its action plugin; the plugin alone where there is no module.
fn with_action(
    found: Option<UserModule>,
    action: Option<PathBuf>,
    name: &str,
    package: &Package,
) -> Option<UserModule> {
    let alone = || UserModule::read(name, action.as_deref()?, package.clone()).ok();
    let mut found = found.or_else(alone)?;
    found.set_action_plugin(action);
    Some(found)
}

/// A file that is called like this, or like this with an ending that isn't one of notes and caches.
fn other_ending(stem: &Path) -> Option<PathBuf> {
    if stem.is_file() {
        return Some(stem.to_owned());
    }
    let name = stem.file_name()?.to_str()?;
    let entries = std::fs::read_dir(stem.parent()?).ok()?;
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            let skipped = matches!(
                ending,
                "pyc"
                    | "pyo"
                    | "md"
                    | "rst"
                    | "txt"
                    | "yml"
                    | "yaml"
                    | "json"
                    | "swp"
                    | "bak"
                    | "orig"
            );
            path.file_stem().and_then(|stem| stem.to_str()) == Some(name)
                && !skipped
                && path.is_file()
        })
        .collect();
    found.sort();
    found.into_iter().next()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn write(path: PathBuf, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn where_modules_are() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        write(at("play/library/one.py"), "from ansible.module_utils.basic import AnsibleModule\n");
        write(at("play/library/two.sh"), "#!/bin/sh\n");
        write(at("role/library/one.py"), "# WANT_JSON\n");
        write(
            at("c/ansible_collections/a/b/plugins/modules/three.py"),
            "from ..module_utils.x import y\n",
        );
        write(
            at("c/ansible_collections/a/b/meta/runtime.yml"),
            "plugin_routing: {modules: {old: {redirect: a.b.three}}}\n",
        );
        let finder = Finder::new(Places {
            playbook: at("play"),
            collections: vec![at("c")],
            ..Places::default()
        });
        let path = |name: &str| finder.find(name).map(|module| module.path.clone());
        assert_eq!(path("one"), Some(at("play/library/one.py")));
        assert_eq!(path("ansible.legacy.two"), Some(at("play/library/two.sh")));
        assert_eq!(path("a.b.old"), Some(at("c/ansible_collections/a/b/plugins/modules/three.py")));
        assert_eq!(
            finder.find("a.b.three").unwrap().python_name(),
            "ansible_collections.a.b.plugins.modules.three"
        );
        assert!(finder.in_library("nosuch").is_none() && finder.in_library("a.b.three").is_none());
        write(at("role/library/four.py"), "# WANT_JSON\n");
        write(at("other/library/four.py"), "# WANT_JSON\n");
        finder.add_role(&at("role"));
        finder.add_role(&at("other"));
        assert_eq!(path("one"), Some(at("play/library/one.py")));
        assert_eq!(path("four"), Some(at("role/library/four.py")));
    }

    #[test]
    fn action_plugins_are_known() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        write(at("library/both.sh"), "#!/bin/sh\n");
        write(at("action_plugins/both.py"), "");
        write(at("collections/ansible_collections/a/b/plugins/action/alone.py"), "");
        let finder = Finder::new(Places { playbook: at(""), ..Places::default() });
        let action = |name: &str| finder.find(name).and_then(|module| module.action_plugin.clone());
        assert_eq!(action("both"), Some(at("action_plugins/both.py")));
        assert!(action("a.b.alone").is_some() && action("a.b.nosuch").is_none());
    }
}
