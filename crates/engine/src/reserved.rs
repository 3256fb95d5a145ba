//! What is to be said of the variables that a listing of the inventory or of plays shows. A run says the same by
//! itself (`executor`), once it has hosts.

use std::collections::HashSet;

use nafal_base::{Diagnostic, Dict, HostName};
use nafal_inventory::Error;
use nafal_variables::{reserved_names, reserved_warning};

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

    /// The same for what a play that isn't run brings, in the order in which stock comes to it.
    pub(crate) fn reserved_in_play(&self, ready: &ReadyPlay) -> Vec<Diagnostic> {
        let listed = ready.graph.tasks().next().map(|task| &task.context.layers).into_iter();
        let mut told = HashSet::new();
        let exports = &ready.graph.exports;
        let all = [&ready.play.keywords.vars, &self.extra]
            .into_iter()
            .chain(listed.clone().map(|layers| &layers.shared_defaults))
            .chain(listed.clone().flat_map(|layers| &layers.role_defaults))
            .chain(listed.clone().map(|layers| &layers.shared_vars))
            .chain(listed.flat_map(|layers| &layers.role_vars))
            .chain(exports.iter().map(|role| &role.defaults))
            .chain(exports.iter().map(|role| &role.vars));
        let names = all.flat_map(reserved_names).filter(|name| told.insert(name.as_str()));
        names.map(reserved_warning).collect()
    }
}
