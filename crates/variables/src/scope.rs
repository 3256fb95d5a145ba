//! One task's variables on one host: the layers in their order, walked from the strongest. Making
//! one copies a few pointers.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use nafal_base::{Deprecated, Dict, HostName, Scope, Span, Text, Value};
use nafal_inventory::{HashBehaviour, Origin, VariableLayer};

use crate::facts::{fact_name, injected_facts};
use crate::host_variables::HostVariables;
use crate::layer::{Layer, LayerKind, TaskLayers};
use crate::play_context::PlayContext;
use crate::play_files::{FilesFault, FoundFiles};
use crate::reach::Reach;
use crate::store::{Injection, Store};
use crate::vars_object::VarsObject;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// A task of a play.
    Task,
    /// `hostvars[h]`: without the play.
    HostVars,
    /// The names of a play's files: without what its tasks set.
    Files,
}

/// The variables of a task on a host.
#[derive(Clone)]
pub struct TaskScope {
    pub(crate) store: Arc<Store>,
    pub(crate) play: Arc<PlayContext>,
    pub(crate) layers: Arc<TaskLayers>,
    pub(crate) files: Arc<FoundFiles>,
    pub(crate) variables: Arc<HostVariables>,
    pub(crate) view: View,
    pub(crate) local: Vec<(Text, Value)>,
    /// The host's variables that the task is delegated to, and `ansible_delegated_vars`.
    pub(crate) delegated: Option<(Arc<TaskScope>, Dict)>,
    /// How the host is reached, while the task runs.
    pub(crate) reach: Option<Arc<Reach>>,
    /// For the variables of a host that a task is delegated to: the host that the task is for.
    pub(crate) original: Option<Arc<HostVariables>>,
    pub(crate) advice: Advice,
}

/// Whether it is told which variables will go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Advice {
    #[default]
    Told,
    Untold,
}

/// One definition of a name: where, what, and the place in a file if known.
pub type Explained = (LayerKind, Value, Option<Span>);

impl TaskScope {
    /// The variables of a task on a host. A host whose variables files are broken has none of the
    /// inventory's ([`Store::prepare`] tells before).
    pub fn new(
        store: &Arc<Store>,
        host: &HostName,
        play: &Arc<PlayContext>,
        layers: &Arc<TaskLayers>,
    ) -> TaskScope {
        let (variables, fault) = match store.host_beside(host, layers.vars_folders.as_ref()) {
            Ok(variables) => (variables, None),
            Err(error) => (store.host_or_bare(host), Some(error)),
        };
        let mut scope = TaskScope::bare(store, variables, play, layers, View::Task);
        // Nobody has read the files beside a task before.
        if let Some(error) = fault.filter(|_| layers.vars_folders.is_some()) {
            let fault = Some(FilesFault::Content(vec![error.diagnostic()]));
            scope.files = Arc::new(FoundFiles { fault, ..FoundFiles::default() });
        } else if let Some(files) = &play.files {
            scope.files = Arc::new(files.find(&scope));
        }
        scope
    }

    /// What a play knows before it has hosts, for the names of its files.
    pub fn without_host(store: &Arc<Store>, play: &Arc<PlayContext>) -> TaskScope {
        let nobody = HostName::from("");
        let variables =
            HostVariables::new(nobody.clone(), store.inventory().bare_layers(&nobody), 0);
        let layers = Arc::new(TaskLayers::default());
        TaskScope::bare(store, Arc::new(variables), play, &layers, View::Files)
    }

    fn bare(
        store: &Arc<Store>,
        variables: Arc<HostVariables>,
        play: &Arc<PlayContext>,
        layers: &Arc<TaskLayers>,
        view: View,
    ) -> TaskScope {
        TaskScope {
            store: Arc::clone(store),
            play: Arc::clone(play),
            layers: Arc::clone(layers),
            files: Arc::default(),
            variables,
            view,
            local: Vec::new(),
            delegated: None,
            reach: None,
            original: None,
            advice: Advice::Told,
        }
    }

    /// The same, where nothing is told of variables that will go: stock loses that for
    /// includes, which have no result (case `facts-injected`).
    #[must_use]
    pub fn unadvised(self) -> TaskScope {
        TaskScope { advice: Advice::Untold, ..self }
    }

    /// The same host's scope for the name of a play's file: with these layers of the play, the
    /// strongest last, and the defaults of the task's role alone.
    #[must_use]
    pub fn for_files(&self, layers: &[Layer]) -> TaskScope {
        let defaults = self.layers.below.iter().rev();
        let layers = Arc::new(TaskLayers::new(defaults.chain(layers).cloned()));
        TaskScope { layers, view: View::Files, ..self.clone() }
    }

    /// What the files of the play give here, the strongest last.
    pub fn play_files(&self) -> &[Layer] {
        &self.files.layers
    }

    /// Why the files of the play can't be used, if so.
    pub fn files_fault(&self) -> Option<&FilesFault> {
        self.files.fault.as_ref()
    }

    /// What `hostvars[host]` knows.
    pub(crate) fn hostvars(
        store: &Arc<Store>,
        host: &HostName,
        play: &Arc<PlayContext>,
    ) -> TaskScope {
        let layers = Arc::new(TaskLayers::default());
        TaskScope::bare(store, store.host_or_bare(host), play, &layers, View::HostVars)
    }

    /// The host.
    pub fn host(&self) -> &HostName {
        &self.variables.name
    }

    /// The host's snapshot.
    pub fn variables(&self) -> &Arc<HostVariables> {
        &self.variables
    }

    /// Sets a loop's variable (`item`, `ansible_loop`, …): stronger than everything else.
    pub fn with_local(&mut self, name: impl Into<Text>, value: Value) {
        let name = name.into();
        match self.local.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.local.push((name, value)),
        }
    }

    /// Adds facts that the task found while it runs: stronger than all others, as the loop's variables are (case
    /// `loop-facts`).
    pub fn with_facts(&mut self, facts: &Dict) {
        let known = self.get("ansible_facts");
        let mut all = known.and_then(|known| known.as_dict().cloned()).unwrap_or_default();
        for (name, value) in facts.iter().filter(|(name, _)| name.as_str().is_some()) {
            all.insert(fact_name(name.as_str().unwrap_or_default()), value.clone());
        }
        self.with_local("ansible_facts", Value::Dict(all));
        if !self.store.options.injection.is_on() {
            return;
        }
        for (name, value) in &injected_facts(facts) {
            if let Some(name) = name.as_text().filter(|name| !self.store.extra.contains(name)) {
                self.with_local(name.clone(), value.clone());
            }
        }
    }

    /// The same task's variables on the host that it is delegated to. `inventory_hostname` stays
    /// that of the host that the task is for.
    #[must_use]
    pub fn on_host(&self, host: &HostName) -> TaskScope {
        let original = self.original.as_ref().unwrap_or(&self.variables);
        let beside = self.store.host_beside(host, self.layers.vars_folders.as_ref());
        TaskScope {
            variables: beside.unwrap_or_else(|_| self.store.host_or_bare(host)),
            original: Some(Arc::clone(original)),
            reach: None,
            ..self.clone()
        }
    }

    /// Sets `ansible_delegated_vars`: the delegated host's variables ([`TaskScope::on_host`])
    /// under its name.
    pub fn with_delegated(&mut self, inner: &TaskScope) {
        let shown = TaskScope { reach: self.reach.clone(), ..inner.clone() };
        let mut all = Dict::new();
        all.insert(inner.host().as_str(), VarsObject::value(&shown));
        self.delegated = Some((Arc::new(inner.clone()), all));
    }

    /// The host's variables that the task is delegated to.
    pub(crate) fn delegate(&self) -> Option<&TaskScope> {
        self.delegated.as_ref().map(|(scope, _)| &**scope)
    }

    /// A value by its name, as `vars` and `hostvars[h]` list it: without `omit`.
    pub(crate) fn get_listed(&self, name: &str) -> Option<Value> {
        if name == "omit" { None } else { self.get(name) }
    }

    /// Every definition of a name, the one that holds first.
    pub fn explain(&self, name: &str) -> Vec<Explained> {
        let mut found = Vec::new();
        if let Some((_, value)) = self.local.iter().find(|(known, _)| **known == *name) {
            found.push((LayerKind::Loop, value.clone(), None));
        }
        if let Some(value) = self.magic(name) {
            found.push((LayerKind::Magic, value, None));
        }
        let mut look = |kind: LayerKind, vars: &Dict| {
            if let Some((key, value)) = vars.entry(name) {
                let span = key.as_text().and_then(Text::span).or_else(|| value.span());
                found.push((kind, value.clone(), span.cloned()));
            }
        };
        let variables = &self.variables;
        look(LayerKind::Extra, &self.store.extra);
        self.layers.above.iter().for_each(|layer| look(layer.kind, &layer.vars));
        look(LayerKind::Registered, &variables.registered);
        look(LayerKind::IncludeVars, &variables.included);
        self.between().for_each(|layer| look(layer.kind, &layer.vars));
        if self.store.options.injection.is_on() {
            look(LayerKind::Facts, &variables.injected);
        }
        let mut from_inventory = variables.inventory.layers();
        if let Some(value) = self.magic_of_host(name) {
            let own = |kind: Origin| kind < Origin::HostVars;
            let place = from_inventory.iter().rposition(|layer| own(layer.origin));
            let vars = std::iter::once((name, value)).collect();
            let owner = Arc::clone(&self.host().0);
            let magic = VariableLayer { origin: Origin::Host, owner, vars };
            from_inventory.insert(place.map_or(0, |place| place + 1), magic);
        }
        for layer in from_inventory.iter().rev() {
            look(layer.origin.into(), &layer.vars);
        }
        self.layers.below.iter().for_each(|layer| look(layer.kind, &layer.vars));
        found
    }

    fn facts(&self, name: &str) -> Option<Value> {
        if name == "ansible_facts" {
            return Some(Value::Dict(self.variables.facts.clone()));
        }
        match self.store.options.injection {
            Injection::On | Injection::Unchosen => self.variables.injected.get(name).cloned(),
            // Local facts always stand beside other variables.
            Injection::Off if name == "ansible_local" => {
                Some(self.variables.facts.get(name).cloned().unwrap_or(Value::Dict(Dict::new())))
            }
            Injection::Off => None,
        }
    }
}

impl TaskScope {
    /// The layers between the host's facts and its include_vars, the strongest first.
    fn between(&self) -> impl Iterator<Item = &Layer> {
        let above = self.layers.above_files.min(self.layers.between.len());
        let (above, below) = self.layers.between.split_at(above);
        above.iter().chain(self.files.layers.iter().rev()).chain(below)
    }

    /// What tasks registered and included, the stronger first.
    fn set_by_tasks(&self) -> impl Iterator<Item = &Dict> {
        let variables = &self.variables;
        let set =
            (self.view != View::Files).then_some([&variables.registered, &variables.included]);
        set.into_iter().flatten()
    }
}

impl TaskScope {
    /// Offers the values of a name, the strongest first, until one is taken.
    fn first<T>(&self, name: &str, mut take: impl FnMut(Value) -> Option<T>) -> Option<T> {
        let get = |vars: &Dict| vars.get(name).cloned();
        let of_layer = |layer: &Layer| get(&layer.vars);
        let variables = &self.variables;
        (self.magic(name).and_then(&mut take))
            .or_else(|| get(&self.store.extra).and_then(&mut take))
            .or_else(|| self.layers.above.iter().filter_map(of_layer).find_map(&mut take))
            .or_else(|| self.set_by_tasks().filter_map(get).find_map(&mut take))
            .or_else(|| self.between().filter_map(of_layer).find_map(&mut take))
            .or_else(|| self.facts(name).and_then(&mut take))
            .or_else(|| self.magic_of_host(name).and_then(&mut take))
            .or_else(|| get(&variables.inventory.host).and_then(&mut take))
            .or_else(|| get(&variables.inventory.groups).and_then(&mut take))
            .or_else(|| self.layers.below.iter().filter_map(of_layer).find_map(&mut take))
            .or_else(|| (name == "omit").then_some(Value::Omit).and_then(&mut take))
            .or_else(|| self.reach_of(name).and_then(&mut take))
    }

    /// All dicts of a name merged, down to the first value that isn't one; that value when it is the
    /// strongest.
    fn merged(&self, name: &str) -> Option<Value> {
        let mut dicts = Vec::new();
        let other = self.first(name, |value| match value {
            Value::Dict(_) => {
                dicts.push(value);
                None
            }
            other => Some(other),
        });
        let weakest_first = dicts.iter().rev();
        let merge = |merged: Option<Value>, value| {
            Some(HashBehaviour::Merge.combined(&merged.unwrap_or_default(), value))
        };
        weakest_first.fold(None, merge).or(other)
    }
}

impl Scope for TaskScope {
    fn get(&self, name: &str) -> Option<Value> {
        if let Some((_, value)) = self.local.iter().find(|(known, _)| **known == *name) {
            return Some(value.clone());
        }
        match self.store.options.hashes {
            HashBehaviour::Merge => self.merged(name),
            HashBehaviour::Replace => self.first(name, Some),
        }
    }

    fn place(&self, name: &str) -> Option<Span> {
        self.explain(name).into_iter().next()?.2
    }

    fn kind_of_host(&self) -> Option<u8> {
        (self.advice == Advice::Told).then_some(self.variables.kind)
    }

    fn deprecated(&self, name: &str) -> Option<Deprecated> {
        let variables = &self.variables;
        // Stock can't mark a bool or null (case `facts-injected`).
        let told = |value: &Value| !matches!(value, Value::Bool(_) | Value::None);
        let fact = self.store.options.injection == Injection::Unchosen
            && name != "ansible_local"
            && variables.injected.get(name).is_some_and(told);
        let magic = match name {
            "vars" if self.view == View::Task => Some(Deprecated::Vars),
            "play_hosts" if self.view == View::Task => Some(Deprecated::PlayHosts),
            _ => None,
        };
        if !fact && magic.is_none() || self.local.iter().any(|(known, _)| **known == *name) {
            return None;
        }
        if magic.is_some() {
            return magic;
        }
        let in_layer = |layer: &Layer| layer.vars.contains(name);
        let stronger = self.magic(name).is_some()
            || self.store.extra.contains(name)
            || self.layers.above.iter().any(in_layer)
            || self.set_by_tasks().any(|vars| vars.contains(name))
            || self.between().any(in_layer);
        (!stronger).then_some(Deprecated::InjectedFact)
    }

    fn names(&self, each: &mut dyn FnMut(&Text)) {
        let mut seen: HashSet<Box<str>> = HashSet::new();
        let mut offer = |name: &Text| {
            if seen.insert(name.as_str().into()) {
                each(name);
            }
        };
        let layers = &self.layers;
        let variables = &self.variables;
        let mut all: Vec<&Dict> = Vec::with_capacity(16);
        all.extend(layers.below.iter().rev().map(|layer| &layer.vars));
        all.extend([&variables.inventory.groups, &variables.inventory.host]);
        if self.store.options.injection.is_on() {
            all.push(&variables.injected);
        }
        let between: Vec<&Layer> = self.between().collect();
        all.extend(between.into_iter().rev().map(|layer| &layer.vars));
        all.extend([&variables.included, &variables.registered]);
        all.extend(layers.above.iter().rev().map(|layer| &layer.vars));
        all.push(&self.store.extra);
        for vars in all {
            vars.keys().filter_map(|key| key.as_text()).for_each(&mut offer);
        }
        offer(&Text::new("ansible_facts"));
        self.magic_names(&mut |name| offer(&Text::new(name)));
        self.reach_names(&mut |name| offer(&Text::new(name)));
        // What a task knows of itself is nothing that could be stored or handed on.
        let listed = self.local.iter().filter(|(name, _)| name.as_str() != "_task");
        listed.for_each(|(name, _)| offer(name));
    }
}

impl fmt::Debug for TaskScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TaskScope({})", self.host())
    }
}

#[cfg(test)]
mod tests;
