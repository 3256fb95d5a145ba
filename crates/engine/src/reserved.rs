//! What is to be said of the variables that a listing of the inventory or of plays shows. A run says the same by
//! itself (`executor`), once it has hosts.

use std::collections::HashSet;

use nafal_base::{Diagnostic, Dict, HostName, Value};
use nafal_inventory::Error;
use nafal_variables::{is_reserved, reserved_names, reserved_warning};

use crate::engine::Engine;
use crate::playbooks::ReadyPlay;

impl Engine {
    /// A warning for each variable of these hosts that is named as a keyword or function is. The
    /// same variable may be told of for several hosts.
    pub fn reserved_names<'a>(
        &self,
        hosts: impl Iterator<Item = &'a HostName>,
    ) -> Result<Vec<Diagnostic>, Error> {
        let mut warnings = Vec::new();
        let mut tell = |vars: &Dict| warnings.extend(reserved_names(vars).map(reserved_warning));
        // What groups give is one dict for all hosts that are in the same ones.
        let mut known = Dict::new();
        for (index, host) in hosts.enumerate() {
            let layers = self.inventory.layers_for(host)?;
            if !layers.groups.same(&known) {
                tell(&layers.groups);
                known = layers.groups;
            }
            tell(&layers.host);
            if index == 0 {
                tell(&self.extra);
            }
        }
        Ok(warnings)
    }

    /// The same for what imports see: that stock comes to while it reads the playbook.
    pub(crate) fn reserved_by_imports(&self, plays: &[ReadyPlay]) -> Vec<Diagnostic> {
        let importing = plays.iter().filter(|ready| !ready.graph.import_vars.is_empty());
        let all = importing.flat_map(|ready| {
            let own = [&ready.play.keywords.vars].into_iter().chain(&ready.files.vars);
            let (first, others) = ready.graph.import_vars.split_at(1);
            own.chain(first).chain([&self.extra]).chain(others)
        });
        all.flat_map(reserved_names).map(reserved_warning).collect()
    }

    /// The same for what a play that isn't run brings, in the order in which stock comes to it.
    pub(crate) fn reserved_in_play(&self, ready: &ReadyPlay) -> Vec<Diagnostic> {
        let listed = ready.graph.tasks().next().map(|task| &task.context.layers).into_iter();
        let mut told = HashSet::new();
        let exports = &ready.graph.exports;
        let all = [&ready.play.keywords.vars]
            .into_iter()
            .chain(&ready.files.vars)
            .chain([&self.extra])
            .chain(listed.clone().map(|layers| &layers.shared_defaults))
            .chain(listed.clone().flat_map(|layers| &layers.role_defaults))
            .chain(listed.map(|layers| &layers.shared_vars))
            .chain(exports.iter().map(|role| &role.defaults))
            .chain(exports.iter().map(|role| &role.vars));
        let prompts = ready.play.vars_prompt.iter().filter_map(Value::as_dict);
        let asked = prompts.filter_map(|prompt| match prompt.get("name") {
            Some(Value::Str(name)) => Some(name),
            _ => None,
        });
        let asked = asked.filter(|name| is_reserved(name) && !self.extra.contains(name.as_str()));
        let names = all.flat_map(reserved_names).chain(asked);
        names.filter(|name| told.insert(name.as_str())).map(reserved_warning).collect()
    }
}
