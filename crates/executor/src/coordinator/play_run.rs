//! A play over its hosts, in lockstep: at each step the hosts that are furthest behind run the
//! task that they are at, all of them, before anybody goes on.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use nafal_base::{Event, EventSink, HostName, TaskId, Value};
use nafal_graph::{Export, Handlers, Node, RoleId, TaskGraph, TaskNode};
use nafal_variables::{Layer, LayerKind, PlayContext, Store};

use super::reserved::Known;
use super::stepping::Stepping;
use crate::cursor::{AfterFailure, Cursor};
use crate::error::Error;
use crate::notified::Notified;
use crate::pool::Pool;
use crate::prepared::Prepared;
use crate::run_state::RunState;
use crate::services::Services;
use crate::strategy::Strategy;
use crate::track::{HostIndex, Track};
use crate::worker::{Detail, Shared};

/// A host in its play.
pub(super) struct Host {
    pub name: HostName,
    pub cursor: Cursor,
    /// Whether it is out: failed, unreachable, or ended.
    pub out: bool,
    /// While it runs a handler: whether a block around the flush rescues it.
    pub rescued_outside: bool,
    /// Whether it runs handlers, where each host goes on by itself.
    pub is_handling: bool,
    /// The handler from which on its flush goes on.
    pub next_handler: usize,
    /// Roles of which it has run a task.
    pub began: HashSet<RoleId>,
    /// Of those, the ones that it has run to their end: they don't run again.
    pub roles: HashSet<RoleId>,
}

/// How a play (or a batch of it) ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlayVerdict {
    /// Whatever comes next runs.
    GoOn,
    /// `end_play`: no further batch runs.
    PlayEnded,
    /// `max_fail_percentage`: nothing more runs.
    Stop,
}

/// What a play says about its course.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PlayRules {
    /// How its hosts go through it.
    pub strategy: Strategy,
    /// Whether tasks are asked for.
    pub stepping: Stepping,
    /// `max_fail_percentage`.
    pub max_fail_percentage: Option<f64>,
    /// How many hosts the batch has, those that failed before included.
    pub batch_size: usize,
}

/// A play that is running (or one batch of it).
pub struct PlayRun<'a> {
    pub(super) shared: Arc<Shared>,
    pub(super) pool: &'a Pool,
    pub(super) sink: &'a mut dyn EventSink,
    pub(super) state: &'a mut RunState,
    pub(super) hosts: Vec<Host>,
    pub(super) handlers: Handlers,
    pub(super) notified: Notified,
    pub(super) play_layers: Vec<Layer>,
    pub(super) prepared: HashMap<TaskId, Arc<Prepared>>,
    /// Tasks whose keywords were told, where somebody wants to know them.
    pub(super) described: HashSet<TaskId>,
    /// The variables that were looked through for reserved names last.
    pub(super) known: Known,
    pub(super) rules: PlayRules,
    /// Set by `end_play` and `end_batch`.
    pub(super) ended: Option<PlayVerdict>,
    /// Whether more hosts failed than `max_fail_percentage` lets.
    pub(super) broken_off: bool,
    /// Hosts that `end_host` ended: the play's lists leave them out (case `meta-in-includes`).
    pub(super) gone: HashSet<HostName>,
    /// Whether a host has failed since the play's lists of hosts were made.
    pub(super) stale: bool,
    /// Whether handlers are running: hosts that fail there leave the flush.
    pub(super) flushing: bool,
    /// Hosts that came to `flush_handlers` where each goes on by itself.
    pub(super) to_flush: Vec<HostIndex>,
    /// The task that was last not wanted (`--step`).
    pub(super) declined: Option<TaskId>,
    /// The place in the play's track before which tasks don't run.
    pub(super) start: usize,
    /// Something that ends the run at once.
    pub(super) broken: Option<Error>,
}

impl<'a> PlayRun<'a> {
    /// A play over these hosts, in this order.
    #[expect(clippy::too_many_arguments, reason = "each is a different owner's")]
    pub fn new(
        graph: &TaskGraph,
        hosts: &[HostName],
        services: &Arc<dyn Services>,
        store: &Arc<Store>,
        play: &Arc<PlayContext>,
        play_layers: Vec<Layer>,
        pool: &'a Pool,
        state: &'a mut RunState,
        sink: &'a mut dyn EventSink,
    ) -> PlayRun<'a> {
        let hosts = hosts
            .iter()
            .map(|name| Host {
                name: name.clone(),
                cursor: Cursor::default(),
                out: false,
                rescued_outside: false,
                is_handling: false,
                next_handler: 0,
                began: HashSet::new(),
                roles: HashSet::new(),
            })
            .collect();
        PlayRun {
            shared: Arc::new(Shared {
                detail: match sink.wants_keywords() {
                    true => Detail::Keywords,
                    false => Detail::Plain,
                },
                services: Arc::clone(services),
                store: Arc::clone(store),
                play: Arc::clone(play),
            }),
            pool,
            sink,
            state,
            hosts,
            handlers: graph.handlers.clone(),
            notified: Notified::default(),
            play_layers: exported(&graph.exports).chain(play_layers).collect(),
            prepared: HashMap::new(),
            described: HashSet::new(),
            known: Known::default(),
            rules: PlayRules::default(),
            ended: None,
            broken_off: false,
            gone: HashSet::new(),
            stale: false,
            flushing: false,
            to_flush: Vec::new(),
            declined: None,
            start: 0,
            broken: None,
        }
    }

    /// Runs it to its end.
    pub fn run(mut self, graph: &TaskGraph, rules: PlayRules) -> Result<PlayVerdict, Error> {
        self.rules = rules;
        self.name_handlers();
        let mut track = Track::new(graph);
        if !self.find_start(&track)? {
            return Ok(PlayVerdict::GoOn);
        }
        match rules.strategy {
            Strategy::Linear | Strategy::Debug => self.walk(&mut track)?,
            Strategy::Free => self.run_free(graph, usize::MAX)?,
            Strategy::HostPinned => {
                let most = self.shared.services.settings().forks;
                self.run_free(graph, most)?;
            }
        }
        if self.broken_off {
            self.emit(&Event::NoHostsRemaining);
            return Ok(PlayVerdict::Stop);
        }
        Ok(self.ended.unwrap_or(PlayVerdict::GoOn))
    }

    /// Hosts that failed leave `ansible_play_hosts` and `ansible_play_batch`.
    pub(super) fn refresh_lists(&mut self) {
        if !std::mem::take(&mut self.stale) {
            return;
        }
        let mut play: PlayContext = (*self.shared.play).clone();
        let (state, gone) = (&*self.state, &self.gone);
        let there = |host: &&Value| {
            let name = HostName::from(&*host.to_text());
            !state.is_out(&name) && !gone.contains(&name)
        };
        play.hosts = play.hosts.iter().filter(there).cloned().collect();
        play.batch = play.batch.iter().filter(there).cloned().collect();
        self.set_play(play);
    }

    /// Gives workers another view of the play from here on.
    pub(super) fn set_play(&mut self, play: PlayContext) {
        self.shared = Arc::new(Shared {
            detail: self.shared.detail,
            services: Arc::clone(&self.shared.services),
            store: Arc::clone(&self.shared.store),
            play: Arc::new(play),
        });
    }

    pub(super) fn emit(&mut self, event: &Event) {
        self.sink.event(event);
    }

    /// Walks a track until every host is through it or out.
    pub(super) fn walk(&mut self, track: &mut Track) -> Result<(), Error> {
        loop {
            if self.shared.services.cancelled().load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            if let Some(error) = self.broken.take() {
                return Err(error);
            }
            let Some(position) = self.furthest_behind(track) else { return Ok(()) };
            let here = self.hosts_at(position);
            match track.node(position).cloned() {
                Some(Node::Task(node))
                    if !self.flushing && self.is_before_start(position, &node) =>
                {
                    here.iter().for_each(|&host| self.advance(host));
                }
                Some(Node::Task(node)) => self.step(track, position, &node, &here)?,
                Some(Node::Flush) => {
                    self.flush(&here)?;
                    for host in here {
                        self.advance(host);
                    }
                }
                Some(boundary) => self.cross(track, position, &boundary, &here),
                None => return Ok(()),
            }
        }
    }

    fn furthest_behind(&self, track: &Track) -> Option<usize> {
        if self.ended.is_some() {
            return None;
        }
        let live = self.hosts.iter().filter(|host| !host.out);
        live.map(|host| host.cursor.position).min().filter(|position| *position < track.len())
    }

    fn hosts_at(&self, position: usize) -> Vec<HostIndex> {
        let at = |host: &Host| !host.out && host.cursor.position == position;
        self.hosts.iter().enumerate().filter(|(_, host)| at(host)).map(|(at, _)| at).collect()
    }

    pub(super) fn advance(&mut self, host: HostIndex) {
        if let Some(host) = self.hosts.get_mut(host) {
            host.cursor.advance();
        }
    }

    pub(super) fn cross(
        &mut self,
        track: &Track,
        position: usize,
        boundary: &Node,
        here: &[HostIndex],
    ) {
        for &index in here {
            let Some(host) = self.hosts.get_mut(index) else { continue };
            match boundary {
                Node::IncludeStart(id) => {
                    host.cursor.position = track.enter(position, *id, index);
                    continue;
                }
                // A role whose tasks were all skipped may still run (case `role-skipped`).
                Node::RoleEnd(role) if host.began.contains(role) => {
                    host.roles.insert(*role);
                }
                _ => {}
            }
            if host.cursor.cross(track) == Some(AfterFailure::Out) {
                host.out = true;
                let name = host.name.clone();
                self.state.failed.insert(name);
                self.stale = true;
            }
        }
    }

    /// A task made ready, once for all its hosts.
    pub(super) fn prepared(&mut self, node: &Arc<TaskNode>) -> Arc<Prepared> {
        if let Some(made) = self.prepared.get(&node.info.id) {
            return Arc::clone(made);
        }
        let services = Arc::clone(&self.shared.services);
        let made = Arc::new(Prepared::new(node, &self.play_layers, &*services));
        self.tell_reserved(&made);
        self.prepared.insert(node.info.id, Arc::clone(&made));
        made
    }

    /// Whether all hosts walk the same track.
    pub(super) fn is_lockstep(&self) -> bool {
        matches!(self.rules.strategy, Strategy::Linear | Strategy::Debug)
    }

    pub(super) fn name(&self, host: HostIndex) -> Option<HostName> {
        self.hosts.get(host).map(|host| host.name.clone())
    }
}

/// What public roles give to all tasks, as layers.
pub(super) fn exported(exports: &[Export]) -> impl Iterator<Item = Layer> + '_ {
    exports.iter().flat_map(|export| {
        [
            Layer::new(LayerKind::RoleDefaults, export.defaults.clone()),
            Layer::new(LayerKind::RoleVars, export.vars.clone()),
        ]
    })
}
