//! Warnings of variables that are named as keywords or functions are (cases `reserved-names` and
//! `reserved-names-elsewhere`). Stock looks through all variables of a task each time; here each
//! layer is looked at once. Must not know how they are shown: repeats are dropped there.

use std::ops::Range;
use std::sync::Arc;

use nafal_actions::Effect;
use nafal_base::{Diagnostic, Dict, Event, HostName, Text};
use nafal_graph::{VariableLayers, seen_vars};
use nafal_parser::playbook::ast::Register;
use nafal_variables::{Layer, LayerKind, TaskScope, is_reserved, reserved_names, reserved_warning};

use super::play_run::PlayRun;
use crate::prepared::Prepared;
use crate::track::HostIndex;
use crate::worker::Report;

/// What was looked through last, so that the tasks below don't look again.
#[derive(Default)]
pub(super) struct Known {
    layers: VariableLayers,
    groups: Dict,
}

/// The layers of a task that were gone through, weakest first.
#[derive(Default)]
struct Seen<'a>(Vec<&'a Dict>);

impl<'a> Seen<'a> {
    /// The next stronger layers: what is to be told of those that aren't known. A name that a weaker layer
    /// has too is told there (case `reserved-names-again`).
    fn pass(&mut self, layers: &'a [Dict], known: &[Dict]) -> Vec<Diagnostic> {
        let mut told = Vec::new();
        for vars in layers {
            if !known.iter().any(|known| known.same(vars)) {
                let is_first = |name: &&Text| !self.0.iter().any(|weaker| weaker.contains(name));
                told.extend(reserved_names(vars).filter(is_first).map(reserved_warning));
            }
            self.0.push(vars);
        }
        told
    }
}

impl PlayRun<'_> {
    /// Looks through what a task sees that none before it in the play did.
    pub(super) fn tell_reserved(&mut self, prepared: &Prepared) {
        let layers = &prepared.node.context.layers;
        let known = std::mem::take(&mut self.known.layers);
        let first = self.prepared.is_empty();
        if first {
            self.tell_of_play(prepared);
            self.tell_of_hosts(0..1);
        }
        let own = [seen_vars(&prepared.node.keywords.vars)];
        let play = std::slice::from_ref(&layers.play_vars);
        let mut seen = Seen::default();
        let one = std::slice::from_ref::<Dict>;
        let mut told = seen.pass(one(&layers.shared_defaults), one(&known.shared_defaults));
        told.extend(seen.pass(&layers.role_defaults, &known.role_defaults));
        told.extend(seen.pass(play, play));
        told.extend(seen.pass(one(&layers.shared_vars), one(&known.shared_vars)));
        told.extend(seen.pass(&layers.role_vars, &known.role_vars));
        told.extend(seen.pass(&layers.block_vars, &known.block_vars));
        told.extend(seen.pass(&own, &[]));
        told.extend(seen.pass(&layers.role_params, &known.role_params));
        told.extend(seen.pass(&layers.include_params, &known.include_params));
        told.into_iter().for_each(|warning| self.emit_warning(warning));
        self.known.layers = layers.clone();
        if first {
            self.tell_of_hosts(1..self.hosts.len());
        }
    }

    /// What tasks left behind: registered results, facts, hosts' variables.
    pub(super) fn tell_reserved_results(&mut self, prepared: &Prepared, reports: &[Report]) {
        let facts = reports.iter().flat_map(|report| &report.effects);
        let own = facts.chain(reports.iter().flat_map(|r| r.elsewhere.iter().map(|(_, e)| e)));
        let mut names: Vec<Text> = Vec::new();
        for effect in own {
            if let Effect::Variables(vars)
            | Effect::CacheableVariables(vars)
            | Effect::IncludedVariables(vars)
            | Effect::AddHost { variables: vars, .. } = effect
            {
                names.extend(reserved_names(vars).cloned());
            }
        }
        let register = prepared.node.register.as_ref().filter(|_| !reports.is_empty());
        let registered = register.into_iter().flat_map(Register::names);
        names.extend(registered.filter(|name| is_reserved(name)).cloned());
        names.iter().map(reserved_warning).for_each(|warning| self.emit_warning(warning));
    }

    /// Layers that belong to no task and no host. Stock asks for the play's own before it knows
    /// the roles, and for those that are listed before those that are imported.
    fn tell_of_play(&mut self, prepared: &Prepared) {
        let first = &prepared.node.context.layers;
        let layers = std::mem::take(&mut self.play_layers);
        let of = |kind: LayerKind| {
            layers.iter().filter(move |layer| layer.kind == kind).map(|layer| &layer.vars)
        };
        self.tell(&first.play_vars);
        self.files_of_first_host(prepared).iter().for_each(|layer| self.tell(&layer.vars));
        let store = Arc::clone(&self.shared.store);
        self.tell(store.extra());
        [&first.shared_defaults]
            .into_iter()
            .chain(&first.role_defaults)
            .for_each(|vars| self.tell(vars));
        [&first.shared_vars].into_iter().chain(&first.role_vars).for_each(|vars| self.tell(vars));
        of(LayerKind::RoleDefaults).for_each(|vars| self.tell(vars));
        of(LayerKind::RoleVars).for_each(|vars| self.tell(vars));
        self.play_layers = layers;
    }

    fn files_of_first_host(&self, prepared: &Prepared) -> Vec<Layer> {
        let shared = &self.shared;
        let (Some(_), Some(name)) = (&shared.play.files, self.name(0)) else { return Vec::new() };
        let scope = TaskScope::new(&shared.store, &name, &shared.play, &prepared.layers);
        scope.play_files().to_vec()
    }

    fn tell_of_hosts(&mut self, which: Range<HostIndex>) {
        let hosts: Vec<HostName> = which.filter_map(|host| self.name(host)).collect();
        hosts.iter().for_each(|host| self.tell_of_host(host));
    }

    /// What the inventory says of a host. Hosts in the same groups share what these give.
    fn tell_of_host(&mut self, host: &HostName) {
        let Some(variables) = self.shared.store.host(host) else { return };
        let inventory = &variables.inventory;
        if !inventory.groups.same(&self.known.groups) {
            self.known.groups = inventory.groups.clone();
            self.tell(&inventory.groups);
        }
        self.tell(&inventory.host);
    }

    fn tell(&mut self, vars: &Dict) {
        let warnings: Vec<Diagnostic> = reserved_names(vars).map(reserved_warning).collect();
        warnings.into_iter().for_each(|warning| self.emit_warning(warning));
    }

    fn emit_warning(&mut self, warning: Diagnostic) {
        self.emit(&Event::Diagnosed(Box::new(warning)));
    }
}
