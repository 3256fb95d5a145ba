//! The layers of variables and their order. Must not know hosts.

use std::path::PathBuf;
use std::sync::Arc;

use nafal_base::{Dict, List, Text, Value};
use nafal_inventory::Origin;

use crate::reach::Reach;

/// Where a variable is defined. Later ones are stronger: this order *is* the precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LayerKind {
    /// A role's `defaults/`.
    RoleDefaults,
    /// The vars of `all` in an inventory source.
    InventoryAll,
    /// The vars of a group in an inventory source.
    InventoryGroup,
    /// `group_vars/all` beside the inventory.
    GroupVarsAll,
    /// `group_vars/all` beside the playbook.
    PlaybookGroupVarsAll,
    /// `group_vars/*` beside the inventory.
    GroupVars,
    /// `group_vars/*` beside the playbook.
    PlaybookGroupVars,
    /// The vars of the host in an inventory source.
    InventoryHost,
    /// `host_vars/*` beside the inventory.
    HostVars,
    /// `host_vars/*` beside the playbook.
    PlaybookHostVars,
    /// Facts and cacheable set_facts.
    Facts,
    /// The play's `vars`.
    PlayVars,
    /// The play's `vars_prompt`.
    VarsPrompt,
    /// The play's `vars_files`.
    VarsFiles,
    /// A role's `vars/`.
    RoleVars,
    /// A block's `vars`.
    BlockVars,
    /// The task's `vars`.
    TaskVars,
    /// `include_vars`.
    IncludeVars,
    /// `register` and `set_fact`.
    Registered,
    /// What a role was listed with.
    RoleParameters,
    /// What an include was given.
    IncludeParameters,
    /// `-e`.
    Extra,
    /// What Ansible itself defines.
    Magic,
    /// The loop's variables.
    Loop,
}

impl LayerKind {
    /// In words, for `explain`.
    pub fn describe(self) -> &'static str {
        match self {
            LayerKind::RoleDefaults => "role defaults",
            LayerKind::InventoryAll => "inventory vars of all",
            LayerKind::InventoryGroup => "inventory vars of a group",
            LayerKind::GroupVarsAll => "inventory group_vars/all",
            LayerKind::PlaybookGroupVarsAll => "playbook group_vars/all",
            LayerKind::GroupVars => "inventory group_vars",
            LayerKind::PlaybookGroupVars => "playbook group_vars",
            LayerKind::InventoryHost => "inventory vars of the host",
            LayerKind::HostVars => "inventory host_vars",
            LayerKind::PlaybookHostVars => "playbook host_vars",
            LayerKind::Facts => "facts",
            LayerKind::PlayVars => "play vars",
            LayerKind::VarsPrompt => "vars_prompt",
            LayerKind::VarsFiles => "vars_files",
            LayerKind::RoleVars => "role vars",
            LayerKind::BlockVars => "block vars",
            LayerKind::TaskVars => "task vars",
            LayerKind::IncludeVars => "include_vars",
            LayerKind::Registered => "register or set_fact",
            LayerKind::RoleParameters => "role parameters",
            LayerKind::IncludeParameters => "include parameters",
            LayerKind::Extra => "extra vars",
            LayerKind::Magic => "magic variable",
            LayerKind::Loop => "loop variable",
        }
    }
}

impl From<Origin> for LayerKind {
    fn from(origin: Origin) -> LayerKind {
        match origin {
            Origin::All => LayerKind::InventoryAll,
            Origin::Groups => LayerKind::InventoryGroup,
            Origin::GroupVarsAll => LayerKind::GroupVarsAll,
            Origin::PlaybookGroupVarsAll => LayerKind::PlaybookGroupVarsAll,
            Origin::GroupVars => LayerKind::GroupVars,
            Origin::PlaybookGroupVars => LayerKind::PlaybookGroupVars,
            Origin::Host => LayerKind::InventoryHost,
            Origin::HostVars => LayerKind::HostVars,
            Origin::PlaybookHostVars => LayerKind::PlaybookHostVars,
        }
    }
}

/// Variables that are defined together.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Where.
    pub kind: LayerKind,
    /// What.
    pub vars: Dict,
}

impl Layer {
    /// A layer.
    pub fn new(kind: LayerKind, vars: Dict) -> Layer {
        Layer { kind, vars }
    }
}

/// The role that a task belongs to, as magic variables tell of it.
#[derive(Clone, Debug, Default)]
pub struct RoleContext {
    /// `role_name`.
    pub name: Option<Text>,
    /// `ansible_role_name`: with its collection, if it has one.
    pub full_name: Option<Text>,
    /// `role_path`.
    pub path: Option<Text>,
    /// `ansible_collection_name`.
    pub collection: Option<Text>,
    /// `ansible_parent_role_names`, the nearest first; None when no role included it.
    pub parent_names: Option<List>,
    /// `ansible_parent_role_paths`.
    pub parent_paths: Option<List>,
}

/// What a task brings: the same for all hosts, made once.
#[derive(Clone, Debug, Default)]
pub struct TaskLayers {
    /// Stronger than everything of the host, the strongest first.
    pub(crate) above: Vec<Layer>,
    /// Between the host's facts and its include_vars, the strongest first.
    pub(crate) between: Vec<Layer>,
    /// How many of those are stronger than the play's files, which depend on the host.
    pub(crate) above_files: usize,
    /// Weaker than everything of the host, the strongest first.
    pub(crate) below: Vec<Layer>,
    /// The role that the task belongs to.
    pub role: Option<RoleContext>,
    /// `environment`, as written, the outermost first.
    pub environment: Vec<Value>,
    /// `ansible_search_path`.
    pub search_path: Option<List>,
    /// The folders whose group_vars and host_vars count, where it isn't the playbook's.
    pub vars_folders: Option<Arc<[PathBuf]>>,
    /// How hosts are reached, where no variable says it.
    pub(crate) reach: Arc<Reach>,
}

impl TaskLayers {
    /// Sorts layers into their places. Of two of the same kind, the later one is the stronger.
    /// Layers that a task can't bring (facts, inventory, extra vars) are taken at their place too.
    pub fn new(layers: impl IntoIterator<Item = Layer>) -> TaskLayers {
        let mut all: Vec<Layer> =
            layers.into_iter().filter(|layer| !layer.vars.is_empty()).collect();
        all.reverse();
        // Stable: among equals the later one, now the earlier, stays first.
        all.sort_by_key(|layer| std::cmp::Reverse(layer.kind));
        let mut sorted = TaskLayers::default();
        for layer in all {
            let place = if layer.kind > LayerKind::Registered {
                &mut sorted.above
            } else if layer.kind > LayerKind::Facts {
                &mut sorted.between
            } else {
                &mut sorted.below
            };
            place.push(layer);
        }
        let stronger = |layer: &Layer| layer.kind > LayerKind::VarsFiles;
        sorted.above_files = sorted.between.partition_point(stronger);
        sorted
    }

    /// The same, for a task of this role.
    #[must_use]
    pub fn in_role(mut self, role: RoleContext) -> TaskLayers {
        self.role = Some(role);
        self
    }

    /// The same, with these environments, the outermost first.
    #[must_use]
    pub fn with_environment(mut self, environment: Vec<Value>) -> TaskLayers {
        self.environment = environment;
        self
    }

    /// The same, with this `ansible_search_path`.
    #[must_use]
    pub fn with_search_path(mut self, folders: List) -> TaskLayers {
        self.search_path = Some(folders);
        self
    }

    /// The same, where files in these folders count instead of those beside the playbook.
    #[must_use]
    pub fn beside(mut self, folders: Option<Vec<PathBuf>>) -> TaskLayers {
        self.vars_folders = folders.map(Arc::from);
        self
    }

    /// The same, reached this way where variables don't say otherwise.
    #[must_use]
    pub fn with_reach(mut self, reach: Reach) -> TaskLayers {
        self.reach = Arc::new(reach);
        self
    }
}
