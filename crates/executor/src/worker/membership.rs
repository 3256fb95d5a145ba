//! Whether `add_host` and `group_by` change anything: said before `changed_when` looks at the
//! result. The change itself is the coordinator's.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use nafal_actions::{Effect, Performed};
use nafal_inventory::Inventory;

use crate::worker::job::Job;

/// Groups that hosts of one task have put below parents: what one of them did isn't new to the
/// next.
#[derive(Default)]
pub(crate) struct Relations(Mutex<HashSet<(String, String)>>);

impl Relations {
    /// Notes that `group` is below `parent`; whether that is new.
    fn add(&self, parent: &str, group: &str) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert((parent.to_owned(), group.to_owned()))
    }
}

/// Settles `changed` for an outcome that wants something of the inventory.
pub(crate) fn judge(job: &Job, performed: &mut Performed) {
    for effect in &performed.effects {
        if !matches!(effect, Effect::AddHost { .. } | Effect::GroupBy { .. }) {
            continue;
        }
        let mut earlier = job.earlier.borrow_mut();
        let is_new = match effect {
            Effect::AddHost { .. } => adds(&job.shared.store.inventory(), &earlier, effect),
            _ => joins(job, &earlier, effect),
        };
        performed.outcome.changed = is_new;
        earlier.push(effect.clone());
    }
}

/// Whether a host, one of its groups or a variable is new. What earlier items of the loop asked
/// for counts as done.
fn adds(inventory: &Inventory, earlier: &[Effect], effect: &Effect) -> bool {
    let Effect::AddHost { name, groups, variables } = effect else { return false };
    let same =
        |effect: &&Effect| matches!(effect, Effect::AddHost { name: known, .. } if known == name);
    let mine: Vec<&Effect> = earlier.iter().filter(same).collect();
    let host = inventory.listed(name);
    if host.is_none() && mine.is_empty() {
        return true;
    }
    let is_in = |group: &String| {
        inventory.is_direct_member(name, group)
            || mine.iter().any(
                |effect| matches!(effect, Effect::AddHost { groups, .. } if groups.contains(group)),
            )
    };
    if !groups.iter().all(is_in) {
        return true;
    }
    variables.iter().any(|(key, value)| {
        let Some(key) = key.as_str() else { return false };
        let set = mine.iter().rev().find_map(|effect| match effect {
            Effect::AddHost { variables, .. } => variables.get(key),
            _ => None,
        });
        set.or_else(|| host.and_then(|host| host.vars.get(key))) != Some(value)
    })
}

fn joins(job: &Job, earlier: &[Effect], effect: &Effect) -> bool {
    let Effect::GroupBy { group, parents } = effect else { return false };
    let inventory = job.shared.store.inventory();
    let same =
        |effect: &Effect| matches!(effect, Effect::GroupBy { group: known, .. } if known == group);
    let mut is_new =
        !inventory.is_direct_member(job.name.as_str(), group) && !earlier.iter().any(same);
    for parent in parents {
        is_new |= job.relations.add(parent, group) && !inventory.is_child(parent, group);
    }
    is_new
}
