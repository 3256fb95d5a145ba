//! The variables of all hosts: one slot a host, made when first asked for. The coordinator writes,
//! workers read; each holds a slot's lock only for as long as a pointer takes to copy.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use foldhash::fast::FixedState;
use nafal_base::{Dict, HostName, Value};
use nafal_inventory::{Error, HashBehaviour, HostLayers, Inventory};

use crate::fact_cache::FactCache;
use crate::host_variables::HostVariables;
use crate::kinds::Kinds;

/// Whether facts stand beside other variables as `ansible_…` (INJECT_FACTS_AS_VARS).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Injection {
    /// They do, because nobody chose: to be the other way one day.
    #[default]
    Unchosen,
    /// They do.
    On,
    /// Only inside `ansible_facts`.
    Off,
}

impl Injection {
    /// Whether they do.
    pub fn is_on(self) -> bool {
        self != Injection::Off
    }
}

/// What a store is told once.
#[derive(Clone, Copy, Debug, Default)]
pub struct StoreOptions {
    /// Whether facts stand beside other variables.
    pub injection: Injection,
    /// What a dict does to a weaker one of the same name.
    pub hashes: HashBehaviour,
}

/// Where one host's current snapshot is.
type Slot = Arc<RwLock<Arc<HostVariables>>>;

/// The variables of all hosts of a run.
#[derive(Debug)]
pub struct Store {
    /// `-e`.
    pub(crate) extra: Dict,
    pub(crate) options: StoreOptions,
    inventory: RwLock<Inventory>,
    /// Counts the states of the inventory; slots of an older one are made anew when asked for.
    epoch: AtomicU64,
    slots: RwLock<HashMap<HostName, Slot, FixedState>>,
    /// The inventory as it is where other folders stand for the playbook's.
    elsewhere: Mutex<HashMap<Arc<[PathBuf]>, Inventory>>,
    /// Which facts hosts have: the same names are one kind of host.
    kinds: Kinds,
    /// Where facts are kept for later runs, if anywhere.
    cache: Option<Arc<dyn FactCache>>,
}

impl Store {
    /// A store for these hosts.
    pub fn new(inventory: &Inventory, extra: Dict, options: StoreOptions) -> Store {
        Store {
            extra,
            options,
            inventory: RwLock::new(inventory.clone()),
            epoch: AtomicU64::new(0),
            slots: RwLock::default(),
            elsewhere: Mutex::default(),
            kinds: Kinds::default(),
            cache: None,
        }
    }

    /// The same with facts of earlier runs, and kept for later ones.
    #[must_use]
    pub fn with_cache(self, cache: Option<Arc<dyn FactCache>>) -> Store {
        Store { cache, ..self }
    }

    /// The inventory as it is now. A clone is a count.
    pub fn inventory(&self) -> Inventory {
        self.inventory.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes over a changed inventory (`add_host`, `group_by`, `refresh_inventory`, another
    /// playbook folder). What hosts learned in the run stays.
    pub fn set_inventory(&self, inventory: &Inventory) {
        let mut current = self.inventory.write().unwrap_or_else(PoisonError::into_inner);
        *current = inventory.clone();
        self.elsewhere.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.epoch.fetch_add(1, Ordering::Release);
    }

    /// Extra variables (`-e`).
    pub fn extra(&self) -> &Dict {
        &self.extra
    }

    /// Reads the variables files of these hosts now, so that what is wrong in them is said before
    /// anything runs. Gives everything that is wrong, each file once.
    pub fn prepare<'a>(
        &self,
        hosts: impl IntoIterator<Item = &'a HostName>,
    ) -> Result<(), Vec<Error>> {
        let mut errors: Vec<Error> = Vec::new();
        for host in hosts {
            if let Err(error) = self.try_host(host)
                && !errors.iter().any(|known| known.to_string() == error.to_string())
            {
                errors.push(error);
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// What is known of a host. A host that isn't in the inventory gets what `all` gives, as one
    /// that a task delegates to. None only when its variables files are broken
    /// ([`Store::prepare`] says how).
    pub fn host(&self, host: &HostName) -> Option<Arc<HostVariables>> {
        self.try_host(host).ok()
    }

    /// What is known of a host; without inventory variables when its files are broken.
    pub(crate) fn host_or_bare(&self, host: &HostName) -> Arc<HostVariables> {
        self.try_host(host).unwrap_or_else(|_| {
            let layers = self.inventory().bare_layers(host);
            Arc::new(HostVariables::new(host.clone(), layers, 0))
        })
    }

    /// What is known of a host, or what is wrong with its variables files.
    pub fn try_host(&self, host: &HostName) -> Result<Arc<HostVariables>, Error> {
        let slot = self.slot(host)?;
        let current = Arc::clone(&slot.read().unwrap_or_else(PoisonError::into_inner));
        let epoch = self.epoch.load(Ordering::Acquire);
        if current.epoch == epoch {
            return Ok(current);
        }
        let layers = self.layers(host)?;
        let mut guard = slot.write().unwrap_or_else(PoisonError::into_inner);
        let variables = Arc::make_mut(&mut *guard);
        variables.inventory = Arc::new(layers);
        variables.epoch = epoch;
        Ok(Arc::clone(&guard))
    }

    /// What is known of a host where files in these folders count instead of those beside the playbook.
    pub(crate) fn host_beside(
        &self,
        host: &HostName,
        folders: Option<&Arc<[PathBuf]>>,
    ) -> Result<Arc<HostVariables>, Error> {
        let variables = self.try_host(host)?;
        let Some(folders) = folders else { return Ok(variables) };
        let inventory = {
            let mut known = self.elsewhere.lock().unwrap_or_else(PoisonError::into_inner);
            let made = known.entry(Arc::clone(folders));
            made.or_insert_with(|| self.inventory().beside(folders)).clone()
        };
        Ok(Arc::new(variables.with_inventory(inventory.layers_for(host)?)))
    }

    fn layers(&self, host: &HostName) -> Result<HostLayers, Error> {
        self.inventory().layers_for(host)
    }

    fn slot(&self, host: &HostName) -> Result<Slot, Error> {
        if let Some(slot) = self.slots.read().unwrap_or_else(PoisonError::into_inner).get(host) {
            return Ok(Arc::clone(slot));
        }
        let epoch = self.epoch.load(Ordering::Acquire);
        let mut variables = HostVariables::new(host.clone(), self.layers(host)?, epoch);
        if let Some(cache) = &self.cache {
            variables.add_facts(&cache.load(host), &self.kinds);
        }
        let mut slots = self.slots.write().unwrap_or_else(PoisonError::into_inner);
        let slot =
            slots.entry(host.clone()).or_insert_with(|| Arc::new(RwLock::new(Arc::new(variables))));
        Ok(Arc::clone(slot))
    }

    /// Changes what is known of a host; a snapshot that somebody holds stays as it is.
    fn change(&self, host: &HostName, change: impl FnOnce(&mut HostVariables)) {
        if let Ok(slot) = self.slot(host) {
            let mut guard = slot.write().unwrap_or_else(PoisonError::into_inner);
            change(Arc::make_mut(&mut *guard));
        }
    }

    /// Whether facts stand beside other variables.
    pub fn injects_facts(&self) -> bool {
        self.options.injection.is_on()
    }

    /// Facts that a module returned, or that `set_fact` made cacheable.
    pub fn set_facts(&self, host: &HostName, facts: &Dict) {
        self.change(host, |variables| variables.add_facts(facts, &self.kinds));
        if let Some(cache) = &self.cache {
            cache.add(host, facts);
        }
    }

    /// `set_fact`: as strong as what is registered.
    pub fn set_nonpersistent(&self, host: &HostName, name: &str, value: Value) {
        self.change(host, |variables| {
            variables.registered.insert(name, value);
        });
    }

    /// `register`.
    pub fn register(&self, host: &HostName, name: &str, result: Value) {
        self.set_nonpersistent(host, name, result);
    }

    /// `include_vars`.
    pub fn include_vars(&self, host: &HostName, vars: Dict) {
        let hashes = self.options.hashes;
        self.change(host, |variables| hashes.lay_over(&mut variables.included, &vars));
    }

    /// `meta: clear_facts`: what `set_fact` and `register` set stays.
    pub fn clear_facts(&self, host: &HostName) {
        self.change(host, HostVariables::clear_facts);
        if let Some(cache) = &self.cache {
            cache.clear(host);
        }
    }
}
