//! What tasks add to the inventory: hosts of `add_host`, groups of `group_by`. All that one task
//! wants is applied at once, so that the cost is one copy of the inventory a task.

use nafal_actions::Effect;
use nafal_base::{Diagnostic, Event, HostName, List, Value};
use nafal_graph::TaskNode;
use nafal_inventory::Inventory;
use nafal_variables::PlayContext;

use super::play_run::PlayRun;
use crate::worker::Report;

/// Whether the task runs for the first of its hosts only, and all the others go on.
pub(super) fn is_for_first_host(node: &TaskNode) -> bool {
    matches!(node.action(), "ansible.builtin.add_host" | "ansible.builtin.pause")
}

impl PlayRun<'_> {
    /// Applies what these reports want of the inventory, host by host.
    pub(super) fn change_inventory(&mut self, reports: &[Report]) {
        let wants =
            |effect: &&Effect| matches!(effect, Effect::AddHost { .. } | Effect::GroupBy { .. });
        if !reports.iter().any(|report| report.effects.iter().any(|effect| wants(&effect))) {
            return;
        }
        let mut inventory = self.shared.store.inventory();
        let mut new_hosts: Vec<HostName> = Vec::new();
        for report in reports {
            for effect in report.effects.iter().filter(wants) {
                let owner = report.result.host.clone();
                new_hosts.extend(change(&mut inventory, effect, &owner));
                self.state.added.push((owner, effect.clone()));
            }
        }
        self.warn_of_groups(&inventory);
        self.shared.store.set_inventory(&inventory);
        self.add_to_play(&new_hosts);
    }

    /// Takes over an inventory that was read anew, with what tasks had added to the one before
    /// (case `meta-refresh-added`).
    pub(super) fn refresh_inventory(&mut self, mut inventory: Inventory) {
        for (owner, effect) in &self.state.added {
            change(&mut inventory, effect, owner);
        }
        self.shared.store.set_inventory(&inventory);
    }

    /// Names that stock would rather not have, told once a run.
    fn warn_of_groups(&mut self, inventory: &Inventory) {
        let before = self.shared.store.inventory().group_names_warning();
        if let Some(message) = inventory.group_names_warning().filter(|_| before.is_none()) {
            self.emit(&Event::Diagnosed(Box::new(Diagnostic::warning(message))));
        }
    }

    /// Stock lists new hosts among the play's, though they don't take part in it.
    fn add_to_play(&mut self, hosts: &[HostName]) {
        if hosts.is_empty() {
            return;
        }
        let mut play: PlayContext = (*self.shared.play).clone();
        let add = |list: &mut List| {
            for host in hosts {
                list.push(Value::from(host.as_str()));
            }
        };
        add(&mut play.hosts);
        add(&mut play.all_hosts);
        self.set_play(play);
    }
}

/// Changes the inventory; the host that is new, if one is.
fn change(inventory: &mut Inventory, effect: &Effect, owner: &HostName) -> Option<HostName> {
    match effect {
        Effect::AddHost { name, groups, variables } => {
            let known = inventory.listed(name).is_some();
            let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
            // What can't be added makes a loop of groups, which `add_host` has no way to.
            let added = inventory.add_host(name, &groups, variables).is_ok();
            (added && !known).then(|| HostName::from(name.as_str()))
        }
        Effect::GroupBy { group, parents } => {
            let parents: Vec<&str> = parents.iter().map(String::as_str).collect();
            let _ = inventory.add_to_group(owner.as_str(), group, &parents);
            None
        }
        _ => None,
    }
}
