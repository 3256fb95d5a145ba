//! What `--list-hosts`, `--list-tasks`, `--list-tags` and `--syntax-check` tell, as data.

use std::collections::BTreeSet;
use std::sync::Arc;

use nafal_base::{Diagnostic, Event, EventSink, HostName, Value};
use nafal_graph::{Node, TaskGraph, TaskNode, TaskOrigin};
use nafal_inventory::Inventory;

use crate::agents::connections;
use crate::engine::Engine;
use crate::error::Error;
use crate::plan::of_keyword;
use crate::playbooks::{ReadyPlay, collection_around, folder_of, named_by_hosts, patterns};
use crate::plugins::finder;
use crate::services::EngineServices;

/// A task in a listing.
#[derive(Clone, Debug)]
pub struct TaskListing {
    /// Its name with its role's before it, as written.
    pub name: String,
    /// Its tags, sorted.
    pub tags: Vec<String>,
}

/// A play in a listing.
#[derive(Clone, Debug)]
pub struct PlayListing {
    /// Its name as written, or its patterns.
    pub name: String,
    /// Its own tags, sorted.
    pub tags: Vec<String>,
    /// Its patterns, as written: one text or several.
    pub patterns: Vec<String>,
    /// The hosts that they mean.
    pub hosts: Vec<HostName>,
    /// Its tasks, in order, those that the tags leave.
    pub tasks: Vec<TaskListing>,
}

/// A playbook in a listing.
#[derive(Clone, Debug)]
pub struct PlaybookListing {
    /// Its path as given.
    pub path: String,
    /// Its plays.
    pub plays: Vec<PlayListing>,
}

fn sorted(tags: impl IntoIterator<Item = String>) -> Vec<String> {
    tags.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}

fn own_tags(tags: &[Value]) -> Vec<String> {
    sorted(tags.iter().map(|tag| tag.to_text().into_owned()))
}

/// A play's patterns, and the hosts that they mean.
type Chosen = (Vec<String>, Vec<HostName>);

/// The tasks as stock lists them: those of rescue and always aren't, nor is gathering facts, and
/// a role stands only before a name.
fn tasks_of(graph: &TaskGraph) -> Vec<TaskListing> {
    let mut beside: Vec<bool> = Vec::new();
    let mut tasks = Vec::new();
    for node in graph.nodes() {
        match node {
            Node::BlockStart(_) => beside.push(false),
            Node::RescueStart(_) | Node::AlwaysStart(_) => {
                if let Some(last) = beside.last_mut() {
                    *last = true;
                }
            }
            Node::BlockEnd(_) => drop(beside.pop()),
            Node::Task(task) if !beside.contains(&true) && !is_implicit(task) => {
                let name = if task.name.is_some() { &task.info.name } else { &task.info.action };
                let tags = sorted(task.info.tags.iter().cloned());
                tasks.push(TaskListing { name: name.clone(), tags });
            }
            _ => {}
        }
    }
    tasks
}

fn is_implicit(task: &TaskNode) -> bool {
    matches!(task.origin, TaskOrigin::Gathering | TaskOrigin::PlayValidation)
}

impl Engine {
    /// Tells which playbooks are a collection's, as a run does before it reads each.
    pub fn announce(&self, sink: &mut dyn EventSink) {
        for path in &self.request.playbooks {
            let finder = finder(&self.request, &self.settings, &folder_of(path));
            if let Some(collection) = collection_around(path, &finder) {
                sink.event(&Event::InsideCollection { collection });
            }
        }
    }

    /// Plays, hosts and tasks, without running them; warnings are told as they come up. To check the
    /// syntax, stock does all of this too.
    pub fn listing(
        &self,
        tell: &mut dyn FnMut(&[Diagnostic]),
    ) -> Result<Vec<PlaybookListing>, Error> {
        let mut all = Vec::new();
        for path in &self.request.playbooks {
            let folder = folder_of(path);
            let services = self.services(&folder, &Arc::new(connections()));
            let inventory = self.inventory_beside(&folder);
            let mut plays = Vec::new();
            let all_ready = self.ready(path, &services)?;
            tell(&services.new_warnings());
            tell(&self.reserved_by_imports(&all_ready));
            for ready in all_ready {
                let (written, hosts) = self.listed_hosts(&ready, &services, &inventory, tell)?;
                let name = ready.play.keywords.name.as_ref();
                let rendered = name.map(|name| ready.render(&name.source, &services)).transpose();
                let name = rendered.map_err(|error| of_keyword("name", &error))?;
                plays.push(PlayListing {
                    name: name.map_or_else(
                        || named_by_hosts(&ready.play.hosts.source, &written),
                        |name| name.to_text().into_owned(),
                    ),
                    tags: own_tags(&ready.play.keywords.tags),
                    patterns: written,
                    hosts,
                    tasks: tasks_of(&ready.graph),
                });
            }
            all.push(PlaybookListing { path: path.display().to_string(), plays });
        }
        Ok(all)
    }

    fn listed_hosts(
        &self,
        ready: &ReadyPlay,
        services: &EngineServices,
        inventory: &Inventory,
        tell: &mut dyn FnMut(&[Diagnostic]),
    ) -> Result<Chosen, Error> {
        let found = ready
            .render(&ready.play.hosts.source, services)
            .map_err(|error| of_keyword("name", &error))
            .map(|written| patterns(&written))
            .and_then(|written| Ok((self.hosts_of(inventory, &written)?, written)));
        if let Ok(((_, warnings), _)) = &found {
            tell(warnings);
        }
        tell(&ready.files.warnings);
        tell(&self.reserved_in_play(ready));
        tell(&services.new_warnings());
        found.map(|((hosts, _), written)| (written, hosts))
    }
}
