//! Running: playbooks one after the other, their plays in order, each over the hosts of its
//! pattern.

use std::path::Path;
use std::sync::{Arc, Mutex};

use nafal_base::{Diagnostic, Event, EventSink, HostName, Text, Value};
use nafal_connection::Connections;
use nafal_executor::{PlayVerdict, RunState};
use nafal_graph::Numbers;
use nafal_inventory::Inventory;
use nafal_variables::{Injection, PlayContext, RunContext, Store, StoreOptions};

use crate::agents::connections;
use crate::cancelling::watched;
use crate::effects::Warnings;
use crate::engine::{Engine, ExitStatus};
use crate::error::Error;
use crate::fact_cache;
use crate::library::Files;
use crate::playbooks::{ReadyPlay, collection_around, folder_of};
use crate::plugins::finder;
use crate::services::{EngineServices, Sources};

/// Stock's exit codes.
const FAILED: u8 = 2;
const UNREACHABLE: u8 = 4;

/// What all plays of a run share.
pub(crate) struct Course<'a> {
    pub engine: &'a Engine,
    pub services: Arc<EngineServices>,
    pub store: Arc<Store>,
    pub run_context: Arc<RunContext>,
    pub sink: &'a mut dyn EventSink,
    pub state: RunState,
    pub plays: u32,
}

/// How much must be asked for until connections are told of.
const TELLING: u8 = 3;

/// What a run's next playbook goes on with (case `playbooks-several`).
pub(crate) struct Carried {
    store: Arc<Store>,
    state: RunState,
    plays: u32,
}

impl Engine {
    /// Lets connections tell what they start, where it is shown or logged.
    pub(crate) fn tell_of(&self, connections: &Connections) {
        let log = &self.settings().log;
        let is_logged = log.path.is_some() && log.verbosity >= TELLING;
        if self.verbosity() >= TELLING || is_logged {
            connections.tell();
        }
    }

    /// Runs the playbooks.
    pub fn run(&self, sink: &mut dyn EventSink) -> Result<ExitStatus, Error> {
        let connections = Arc::new(connections());
        self.tell_of(&connections);
        let flag = self.cancel_flag();
        let result = watched(&flag, &connections, || self.run_all(&connections, sink));
        connections.close();
        result
    }

    fn run_all(
        &self,
        connections: &Arc<Connections>,
        sink: &mut dyn EventSink,
    ) -> Result<ExitStatus, Error> {
        let mut status = ExitStatus(0);
        let mut carried = None;
        let facts_subsets = self.facts_subsets();
        for path in &self.request.playbooks {
            let folder = folder_of(path);
            let mut services = self.services(&folder, connections);
            if let Some(collection) = collection_around(path, &services.files.finder) {
                sink.event(&Event::InsideCollection { collection });
            }
            let ready = self.ready(path, &services)?;
            services.settings.facts_subsets.clone_from(&facts_subsets);
            let mut course = self.course(&folder, services, carried, sink);
            if self.request.flush_cache {
                let inventory = course.store.inventory();
                inventory.hosts().for_each(|host| course.store.clear_facts(&host.name));
            }
            course.sink.event(&Event::PlaybookStarted {
                path: path.display().to_string(),
                plays: ready.len(),
            });
            // What files say wrong is told before the first play's hosts are looked for (case `start-messages`).
            let read = course.services.new_warnings();
            course.warn(read);
            course.warn(self.reserved_by_imports(&ready));
            let outcome = course.plays(&ready);
            let finished = Event::Finished {
                counts: course.state.all_counts(),
                custom: course.state.custom.clone().into_iter().collect(),
            };
            match outcome {
                Ok(()) => course.sink.event(&finished),
                Err(error) => return Err(error),
            }
            status = course.status();
            if status != ExitStatus(0) {
                break;
            }
            carried =
                Some(Carried { store: course.store, state: course.state, plays: course.plays });
        }
        Ok(status)
    }

    pub(crate) fn services(&self, folder: &Path, connections: &Arc<Connections>) -> EngineServices {
        let warnings = Arc::new(Warnings::default());
        let finder = Arc::new(finder(&self.request, &self.settings, folder));
        let files =
            Files::new(&self.settings, self.extra.clone(), &warnings, &finder, &self.request.vault);
        EngineServices {
            settings: self.run_settings(),
            connections: Arc::clone(connections),
            files,
            tags: self.tag_filter(),
            numbers: Mutex::new(Numbers::default()),
            warnings,
            cancelled: self.cancel_flag(),
            gathering: self.settings.gathering,
            visibility: self.settings.role_visibility,
            store: std::sync::OnceLock::new(),
            sources: Sources {
                request: self.request.clone(),
                settings: Arc::clone(&self.settings),
            },
        }
    }

    pub(crate) fn course<'a>(
        &'a self,
        folder: &Path,
        services: EngineServices,
        carried: Option<Carried>,
        sink: &'a mut dyn EventSink,
    ) -> Course<'a> {
        let inventory = self.inventory_beside(folder);
        let Carried { store, state, plays } = match carried {
            Some(carried) => {
                let mut inventory = carried.store.inventory();
                inventory.set_playbook_dir(folder);
                carried.store.set_inventory(&inventory);
                carried
            }
            None => Carried {
                store: self.store(&inventory, &services),
                state: RunState::starting_at(self.request.start_at_task.clone()),
                plays: 0,
            },
        };
        let _ = services.store.set(Arc::clone(&store));
        let run_context = RunContext {
            mode: self.mode(),
            diff: services.settings.diff,
            forks: u32::try_from(services.settings.forks).unwrap_or(u32::MAX),
            verbosity: self.verbosity(),
            run_tags: Some(services.tags.only.iter().cloned().collect()),
            skip_tags: Some(services.tags.skip.iter().cloned().collect()),
            limit: self.request.limit.clone(),
            inventory_sources: inventory.sources().iter().map(ToString::to_string).collect(),
            config_file: self.settings.config_file.as_ref().map(|p| p.display().to_string()),
            playbook_python: nafal_plugins::playbook_python(),
            playbook_dir: folder.display().to_string(),
        };
        Course {
            engine: self,
            services: Arc::new(services),
            store,
            run_context: Arc::new(run_context),
            sink,
            state,
            plays,
        }
    }

    fn store(&self, inventory: &Inventory, services: &EngineServices) -> Arc<Store> {
        let injection = match self.settings.inject_facts {
            None => Injection::Unchosen,
            Some(true) => Injection::On,
            Some(false) => Injection::Off,
        };
        let hashes = self.settings.variables.rules.hashes;
        let options = StoreOptions { injection, hashes };
        let store = Store::new(inventory, self.extra.clone(), options);
        let cache = fact_cache::open(&self.settings.fact_cache).unwrap_or_else(|warning| {
            services.warnings.add(*warning);
            None
        });
        Arc::new(store.with_cache(cache))
    }

    /// The hosts of a play's patterns, within the limit, with what is to be warned of.
    pub(crate) fn hosts_of(
        &self,
        inventory: &Inventory,
        wanted: &[String],
    ) -> Result<(Vec<HostName>, Vec<Diagnostic>), Error> {
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        let fault = |error: nafal_inventory::Error| Error::load(error.diagnostic(), 1);
        let limit = self.request.limit.as_deref().map(nafal_inventory::expand_limit).transpose();
        let limit = limit.map_err(fault)?;
        let matched = inventory
            .matching_all(&wanted, limit.as_deref(), self.settings.inventory.mismatch)
            .map_err(fault)?;
        Ok((matched.hosts, matched.warnings))
    }
}

impl Course<'_> {
    fn plays(&mut self, ready: &[ReadyPlay]) -> Result<(), Error> {
        for play in ready {
            if self.play(play)? == PlayVerdict::Stop {
                break;
            }
        }
        Ok(())
    }

    /// The exit code that the run has come to.
    pub(crate) fn status(&self) -> ExitStatus {
        if !self.state.unreachable.is_empty() {
            ExitStatus(UNREACHABLE)
        } else if !self.state.failed.is_empty() {
            ExitStatus(FAILED)
        } else {
            ExitStatus(0)
        }
    }

    pub(crate) fn warn(&mut self, warnings: Vec<Diagnostic>) {
        for warning in warnings {
            self.sink.event(&Event::Diagnosed(Box::new(warning)));
        }
    }

    /// Goes into the folder of a play's playbook: its variables beside it, `playbook_dir`.
    pub(crate) fn enter(&mut self, folder: &Path) {
        self.services.connections.enter(folder);
        let shown = folder.display().to_string();
        if self.run_context.playbook_dir != shown {
            let mut inventory = self.store.inventory();
            inventory.set_playbook_dir(folder);
            self.store.set_inventory(&inventory);
            Arc::make_mut(&mut self.run_context).playbook_dir = shown;
        }
    }

    /// Renders a play's own keyword, which no host has a say in.
    pub(crate) fn render(&self, value: &Value, ready: &ReadyPlay) -> Result<Value, Error> {
        ready.render(value, &self.services)
    }

    pub(crate) fn context(
        &self,
        graph: &nafal_graph::TaskGraph,
        name: &str,
        all: &[HostName],
        hosts: &[HostName],
    ) -> PlayContext {
        let mut context = PlayContext::new(Arc::clone(&self.run_context));
        context.name = Some(Text::new(name));
        context.all_hosts = PlayContext::list(all);
        context.hosts = PlayContext::list(hosts);
        context.batch = PlayContext::list(hosts);
        let roles = &graph.roles;
        context.add_roles(roles.iter().map(|role| (&*role.name, &role.dependencies[..])));
        context
    }
}
