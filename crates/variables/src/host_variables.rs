//! What is known of one host at one moment: a snapshot that workers share.

use std::sync::Arc;

use nafal_base::{Dict, HostName, Text};
use nafal_inventory::HostLayers;

use crate::facts::{fact_name, injected_facts};

/// One host's variables, as far as they don't depend on the task.
#[derive(Clone, Debug)]
pub struct HostVariables {
    /// The host.
    pub name: HostName,
    /// What the inventory says.
    pub inventory: Arc<HostLayers>,
    /// `inventory_hostname_short`.
    pub(crate) short: Text,
    /// Facts without their prefix: the variable `ansible_facts`.
    pub facts: Dict,
    /// Facts as they stand beside other variables.
    pub injected: Dict,
    /// What `include_vars` read.
    pub included: Dict,
    /// What `register` and `set_fact` set.
    pub registered: Dict,
    /// The state of the inventory that `inventory` is from.
    pub(crate) epoch: u64,
}

impl HostVariables {
    pub(crate) fn new(name: HostName, inventory: HostLayers, epoch: u64) -> HostVariables {
        let short = name.as_str().split('.').next().unwrap_or_default();
        HostVariables {
            short: Text::new(short),
            name,
            inventory: Arc::new(inventory),
            facts: Dict::new(),
            injected: Dict::new(),
            included: Dict::new(),
            registered: Dict::new(),
            epoch,
        }
    }

    pub(crate) fn add_facts(&mut self, facts: &Dict) {
        for (key, value) in facts {
            match key.as_str() {
                Some(name) => self.facts.insert(fact_name(name), value.clone()),
                None => self.facts.insert(key.clone(), value.clone()),
            };
        }
        for (key, value) in &injected_facts(facts) {
            self.injected.insert(key.clone(), value.clone());
        }
    }
}
