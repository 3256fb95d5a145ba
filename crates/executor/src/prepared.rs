//! A task made ready once for all its hosts: its layers of variables, its place in the world.

use std::path::PathBuf;
use std::sync::Arc;

use nafal_actions::{ActionKind, UserModule};
use nafal_base::{Dict, List, Template, Text, Value};
use nafal_graph::{TaskNode, VariableLayers, seen_vars};
use nafal_templating::Effects;
use nafal_variables::{Layer, LayerKind, Reach, RoleContext, TaskLayers, TaskScope};

use crate::services::Services;

/// A task with what all its hosts share.
pub(crate) struct Prepared {
    /// The task.
    pub node: Arc<TaskNode>,
    /// Its variables.
    pub layers: Arc<TaskLayers>,
    /// Files, processes, clock, as its templates see them.
    pub effects: Arc<dyn Effects>,
    /// Its action, if it is one of ours.
    pub action: Option<&'static nafal_actions::Action>,
    /// The user's module, if that is what runs.
    pub foreign: Option<Arc<UserModule>>,
    /// Variables that the debugger set: stronger than all others.
    pub overrides: Dict,
}

impl Prepared {
    /// Whether it is an include of tasks or of a role.
    pub(crate) fn is_include(&self) -> bool {
        self.action.is_some_and(|action| matches!(action.kind, ActionKind::Flow))
    }

    /// Makes a task ready. `play_layers` are those of the play that the graph doesn't know
    /// (vars_files, vars_prompt, what public roles give).
    pub(crate) fn new(
        node: &Arc<TaskNode>,
        play_layers: &[Layer],
        services: &dyn Services,
    ) -> Prepared {
        let context = &node.context;
        let folders = services.search_path(context);
        let search: List = folders.iter().map(|f| Value::from(f.display().to_string())).collect();
        let mut layers = TaskLayers::new(
            shared_layers(&context.layers)
                .into_iter()
                .chain(play_layers.iter().cloned())
                .chain(layers_of(&context.layers, node)),
        )
        .with_environment(node.keywords.environment.clone())
        .with_search_path(search)
        .beside(services.vars_folders(context))
        .with_reach(reach_of(node, services));
        if let Some(role) = &context.role {
            layers = layers.in_role(role_of(role));
        }
        // What the settings reject is told when it runs (case module-reject-list).
        let is_found = !services.finder().rejects(&node.info.action);
        Prepared {
            node: Arc::clone(node),
            layers: Arc::new(layers),
            effects: services.effects_of(context, &node.info.action),
            action: is_found.then(|| nafal_actions::find(node.action())).flatten(),
            foreign: is_found.then(|| services.user_module(module_of(node))).flatten(),
            overrides: Dict::new(),
        }
    }

    /// Of a module of a collection that nafal has too: its name, and its file when the collection's runs.
    pub(crate) fn choice(&self) -> Option<(String, Option<PathBuf>)> {
        let action = self.action.filter(|action| action.is_of_collection())?;
        let path = self.foreign.as_ref().map(|module| module.path.clone());
        Some((action.name.to_owned(), path))
    }

    /// The task's variables with those that the debugger set.
    pub(crate) fn with_overrides(&self, mut scope: TaskScope) -> TaskScope {
        for (name, value) in &self.overrides {
            if let Some(name) = name.as_text() {
                scope.with_local(name.clone(), value.clone());
            }
        }
        scope
    }
}

/// The name of the task's module: as written, but for what a collection gives or sends elsewhere.
fn module_of(node: &TaskNode) -> &str {
    let (written, full) = (node.info.action.as_str(), node.info.resolved_action.as_str());
    if full.contains('.') && !full.starts_with("ansible.builtin.") { full } else { written }
}

/// The variables that a task sees beside its host's, for who explains them without running it.
pub fn task_layers(
    node: &Arc<TaskNode>,
    play_layers: &[Layer],
    services: &dyn Services,
) -> Arc<TaskLayers> {
    Prepared::new(node, play_layers, services).layers
}

/// What the play's roles give to all its tasks; imports and includes lay theirs above.
fn shared_layers(layers: &VariableLayers) -> [Layer; 2] {
    [
        Layer::new(LayerKind::RoleDefaults, layers.shared_defaults.clone()),
        Layer::new(LayerKind::RoleVars, layers.shared_vars.clone()),
    ]
}

/// The graph's layers and the task's own vars, as the variables crate orders them.
fn layers_of(layers: &VariableLayers, node: &TaskNode) -> Vec<Layer> {
    let mut all = Vec::new();
    let mut add = |kind: LayerKind, dicts: &[Dict]| {
        all.extend(dicts.iter().map(|vars| Layer::new(kind, vars.clone())));
    };
    add(LayerKind::RoleDefaults, &layers.role_defaults);
    add(LayerKind::PlayVars, std::slice::from_ref(&layers.play_vars));
    add(LayerKind::RoleVars, &layers.role_vars);
    add(LayerKind::BlockVars, &layers.block_vars);
    add(LayerKind::TaskVars, &[seen_vars(&node.keywords.vars)]);
    add(LayerKind::RoleParameters, &layers.role_params);
    add(LayerKind::IncludeParameters, &layers.include_params);
    all
}

/// What the task's variables tell of how its host is reached. A template isn't known before it is rendered for a host.
fn reach_of(node: &TaskNode, services: &dyn Services) -> Reach {
    let defaults = &services.settings().defaults;
    let said = |keyword: &Option<Template<String>>, default: Option<&str>| match keyword {
        Some(keyword) if keyword.is_dynamic() => None,
        Some(keyword) => Some(Text::new(keyword.source.to_text())),
        None => default.map(Text::new),
    };
    let transport = defaults.connection.as_deref().or(Some("ssh"));
    let keywords = &node.keywords;
    Reach {
        connection: said(&keywords.connection, transport),
        transport: transport.map(Text::new),
        user: said(&keywords.remote_user, defaults.user.as_deref()),
        port: defaults.port.filter(|_| keywords.port.is_none()),
        timeout: Some(defaults.ssh.timeout),
        private_key: defaults.private_key.as_deref().map(Text::new),
        password: defaults.password.as_ref().map(|secret| Text::new(secret.reveal())),
        pipelining: defaults.pipelining,
    }
}

fn role_of(role: &nafal_graph::RoleContext) -> RoleContext {
    let parents: Vec<&nafal_graph::RoleContext> =
        std::iter::successors(role.includer.as_deref(), |role| role.includer.as_deref()).collect();
    let list = |texts: Vec<String>| -> Option<List> {
        (!texts.is_empty()).then(|| texts.into_iter().map(Value::from).collect())
    };
    RoleContext {
        name: Some(Text::new(role.short_name())),
        full_name: Some(Text::new(role.name.as_str())),
        path: Some(Text::new(role.folder.display().to_string())),
        collection: role.collection.as_deref().map(Text::new),
        parent_names: list(parents.iter().map(|role| role.name.clone()).collect()),
        parent_paths: list(parents.iter().map(|r| r.folder.display().to_string()).collect()),
    }
}
