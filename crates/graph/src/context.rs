//! What a task inherits from where it stands: keywords, variables, role, folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nafal_base::Dict;
use nafal_parser::playbook::ast::{Keywords, RoleFrom};

use crate::node::RoleId;

/// Variables that the playbook itself gives a task, layer by layer; hosts' own come while running.
#[derive(Clone, Debug, Default)]
pub struct VariableLayers {
    /// `defaults` of the play's roles, for all its tasks: weaker than what imports and includes
    /// give them later (case `precedence-late`).
    pub shared_defaults: Dict,
    /// `vars` of the play's roles, likewise.
    pub shared_vars: Dict,
    /// `defaults` of the roles that count here, weakest first.
    pub role_defaults: Vec<Dict>,
    /// The play's `vars`.
    pub play_vars: Dict,
    /// What its `vars_files` give, weakest first, as far as that is known without a host: for what is
    /// rendered before the run. Tasks see those of their hosts.
    pub play_files: Vec<Dict>,
    /// `vars` of the roles that count here, weakest first.
    pub role_vars: Vec<Dict>,
    /// `vars` of the blocks around, outermost first.
    pub block_vars: Vec<Dict>,
    /// The task's own `vars`.
    pub task_vars: Dict,
    /// Parameters of the roles around, outermost first.
    pub role_params: Vec<Dict>,
    /// `vars` of the includes around and their loops' items, outermost first.
    pub include_params: Vec<Dict>,
}

/// The role that a task belongs to.
#[derive(Debug)]
pub struct RoleContext {
    /// Which use of it: the same role with the same parameters is the same number.
    pub id: RoleId,
    /// Its name: the full one when it is a collection's.
    pub name: String,
    /// The collection that it is in.
    pub collection: Option<String>,
    /// Its folder.
    pub folder: PathBuf,
    /// Which of its files.
    pub from: RoleFrom,
    /// The role that included or depends on this one.
    pub parent: Option<Arc<RoleContext>>,
    /// The role whose task included this one, or the one that depends on it: dependencies have no
    /// parent of their own (case `role-dependencies`).
    pub includer: Option<Arc<RoleContext>>,
    /// The names of the roles it depends on directly.
    pub dependencies: Vec<String>,
    /// Whether it may run again with the same parameters.
    pub allow_duplicates: bool,
}

/// What a list of tasks is compiled in.
#[derive(Clone, Debug)]
pub struct Context {
    /// Keywords of everything around, already folded.
    pub keywords: Keywords,
    /// `notify` of everything around, outermost first.
    pub notify: Vec<nafal_base::Value>,
    /// Variables of everything around.
    pub layers: VariableLayers,
    /// The role.
    pub role: Option<Arc<RoleContext>>,
    /// The folder of the file that the tasks are in.
    pub folder: PathBuf,
    /// The folder of the playbook that the play is written in: an imported playbook has its own.
    pub playbook_folder: Arc<Path>,
    /// How many dynamic includes are around.
    pub includes: u32,
    /// The files and roles on the way here, to find those that go round.
    pub trail: Arc<Vec<PathBuf>>,
    /// Whether the tasks are handlers.
    pub kind: nafal_base::TaskKind,
}

impl VariableLayers {
    /// All of them, strongest first.
    pub fn strongest_first(&self) -> impl Iterator<Item = &Dict> {
        self.params().chain(self.vars())
    }

    /// What is stronger than the vars of any task, strongest first.
    pub fn params(&self) -> impl Iterator<Item = &Dict> {
        [&self.include_params, &self.role_params].into_iter().flat_map(|list| list.iter().rev())
    }

    /// The task's vars and what is weaker, strongest first.
    pub fn vars(&self) -> impl Iterator<Item = &Dict> {
        [&self.task_vars]
            .into_iter()
            .chain(self.block_vars.iter().rev())
            .chain(self.role_vars.iter().rev())
            .chain([&self.shared_vars])
            .chain(self.play_files.iter().rev())
            .chain([&self.play_vars])
            .chain(self.role_defaults.iter().rev())
            .chain([&self.shared_defaults])
    }

    /// The `vars` of a block or an import around.
    pub(crate) fn push_block_vars(&mut self, vars: &Dict) {
        if !vars.is_empty() {
            self.block_vars.push(seen_vars(vars));
        }
    }
}

/// The `vars` of a block or a task as templates see them: none is called `tags` or `when` (case
/// `vars-tags-when`). Those of plays, roles and includes may be.
pub fn seen_vars(vars: &Dict) -> Dict {
    let mut seen = vars.clone();
    for name in ["tags", "when"] {
        if seen.contains(name) {
            seen.remove(name);
        }
    }
    seen
}

impl RoleContext {
    /// Its name without its collection.
    pub fn short_name(&self) -> &str {
        let own = self
            .collection
            .as_deref()
            .and_then(|collection| self.name.strip_prefix(collection)?.strip_prefix('.'));
        own.unwrap_or(&self.name)
    }
}

impl Context {
    /// A play's, in the folder of its playbook.
    pub fn play(keywords: Keywords, play_vars: Dict, folder: PathBuf) -> Context {
        Context {
            keywords,
            notify: Vec::new(),
            layers: VariableLayers { play_vars, ..VariableLayers::default() },
            role: None,
            playbook_folder: Arc::from(folder.as_path()),
            folder,
            includes: 0,
            trail: Arc::new(Vec::new()),
            kind: nafal_base::TaskKind::Task,
        }
    }

    /// The role's name, as results and banners show it.
    pub fn role_name(&self) -> Option<&str> {
        self.role.as_ref().map(|role| role.name.as_str())
    }
}
