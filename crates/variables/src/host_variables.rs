//! What is known of one host at one moment: a snapshot that workers share.

use std::sync::Arc;

use nafal_base::{Dict, HostName, Text};
use nafal_inventory::HostLayers;

use crate::facts::{fact_name, injected_facts};
use crate::kinds::{Kinds, NamesOfFacts};

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
    /// The names of those.
    names_of_facts: NamesOfFacts,
    /// Which kind of host this is by them.
    pub(crate) kind: u8,
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
            names_of_facts: NamesOfFacts::default(),
            kind: 0,
            included: Dict::new(),
            registered: Dict::new(),
            epoch,
        }
    }

    /// The same host where the inventory says this of it.
    pub(crate) fn with_inventory(&self, inventory: HostLayers) -> HostVariables {
        HostVariables { inventory: Arc::new(inventory), ..self.clone() }
    }

    pub(crate) fn add_facts(&mut self, facts: &Dict, kinds: &Kinds) {
        for (key, value) in facts {
            match key.as_str() {
                Some(name) => self.facts.insert(fact_name(name), value.clone()),
                None => self.facts.insert(key.clone(), value.clone()),
            };
        }
        for (key, value) in &injected_facts(facts) {
            if self.injected.insert(key.clone(), value.clone()).is_none()
                && let Some(name) = key.as_str()
            {
                self.names_of_facts.add(name);
            }
        }
        self.kind = kinds.of(self.names_of_facts);
    }

    pub(crate) fn clear_facts(&mut self) {
        self.facts = Dict::new();
        self.injected = Dict::new();
        (self.names_of_facts, self.kind) = (NamesOfFacts::default(), 0);
    }
}
