//! The strategies `free` and `host_pinned`: each host goes on by itself, with a track of its own.
//! Must not know how a task is run.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crossbeam_channel::{Receiver, Sender};
use nafal_base::{Diagnostic, Event, TaskId};
use nafal_graph::{Node, TaskGraph, TaskNode};

use super::play_run::PlayRun;
use crate::cursor::Cursor;
use crate::error::Error;
use crate::prepared::Prepared;
use crate::track::{HostIndex, Track};
use crate::worker::{self, Message, Relations};

/// A part of a host's way. The last leg is the one that it is on: its cursor is the host's own.
enum Leg {
    Tasks {
        track: Track,
        /// Where it goes on once the legs above are through.
        cursor: Cursor,
    },
    /// Notified handlers.
    Handlers,
}

/// A host's way through the play.
struct Walk {
    legs: Vec<Leg>,
    /// The task that it runs.
    running: Option<Arc<Prepared>>,
}

/// Everything that is under way.
struct Field {
    walks: Vec<Walk>,
    /// Hosts that may go on.
    ready: VecDeque<HostIndex>,
    /// Hosts that have not begun, for `host_pinned`.
    later: VecDeque<HostIndex>,
    /// On how many hosts each task with `throttle` runs, and who waits for it.
    throttled: HashMap<TaskId, (usize, VecDeque<HostIndex>)>,
    under_way: usize,
    relations: Arc<Relations>,
    out: Sender<Message>,
    messages: Receiver<Message>,
}

impl Field {
    fn new(graph: &TaskGraph, hosts: usize, most: usize) -> Field {
        let (out, messages) = crossbeam_channel::unbounded();
        let track = Track::new(graph);
        let walk = |_| Walk {
            legs: vec![Leg::Tasks { track: track.clone(), cursor: Cursor::default() }],
            running: None,
        };
        let mut later: VecDeque<HostIndex> = (0..hosts).collect();
        let ready = later.drain(..most.min(hosts)).collect();
        Field {
            walks: (0..hosts).map(walk).collect(),
            ready,
            later,
            throttled: HashMap::new(),
            under_way: 0,
            relations: Arc::new(Relations::default()),
            out,
            messages,
        }
    }

    fn legs(&mut self, host: HostIndex) -> Option<&mut Vec<Leg>> {
        self.walks.get_mut(host).map(|walk| &mut walk.legs)
    }

    /// Whether the host is on the play's own tasks, no handlers of it.
    fn is_on_play(&self, host: HostIndex) -> bool {
        self.walks.get(host).is_some_and(|walk| walk.legs.len() == 1)
    }

    /// The track of the leg that the host is on, taken out; an empty one for handlers.
    fn take_track(&mut self, host: HostIndex) -> Track {
        match self.legs(host).and_then(|legs| legs.last_mut()) {
            Some(Leg::Tasks { track, .. }) => std::mem::take(track),
            _ => Track::default(),
        }
    }

    fn put_track(&mut self, host: HostIndex, back: Track) {
        if let Some(Leg::Tasks { track, .. }) = self.legs(host).and_then(|legs| legs.last_mut()) {
            *track = back;
        }
    }
}

/// What a host does next.
enum Next {
    /// It runs a task on a worker.
    Runs,
    /// It waits for a task that runs on enough hosts.
    Waits,
    /// It is through.
    Through,
}

impl PlayRun<'_> {
    /// Runs the play, at most `most` hosts at once.
    pub(super) fn run_free(&mut self, graph: &TaskGraph, most: usize) -> Result<(), Error> {
        if self.rules.max_fail_percentage.is_some() {
            let message = "Using max_fail_percentage with the free strategy is not supported, as tasks are executed independently on each host";
            self.emit(&Event::Diagnosed(Box::new(Diagnostic::warning(message))));
        }
        let mut field = Field::new(graph, self.hosts.len(), most.max(1));
        loop {
            while self.ended.is_none() {
                let Some(host) = field.ready.pop_front() else { break };
                match self.go_on(&mut field, host)? {
                    Next::Runs | Next::Waits => {}
                    Next::Through => field.ready.extend(field.later.pop_front()),
                }
            }
            if field.under_way == 0 {
                return Ok(());
            }
            let Ok(message) = field.messages.recv() else { return Ok(()) };
            if self.shared.services.cancelled().load(Ordering::Relaxed) {
                return Err(Error::Cancelled);
            }
            self.receive(&mut field, message)?;
            if let Some(error) = self.broken.take() {
                return Err(error);
            }
        }
    }

    /// Takes what a worker says; a host whose task ended may go on.
    fn receive(&mut self, field: &mut Field, message: Message) -> Result<(), Error> {
        let host = match &message {
            Message::Started(host) => Some(*host),
            Message::Done(report) => Some(report.host),
            Message::Item(_)
            | Message::Retrying(..)
            | Message::Background(..)
            | Message::Discovering(_) => None,
        };
        let walk = host.and_then(|host| field.walks.get(host));
        let running = walk.and_then(|walk| walk.running.clone());
        let mut reports = Vec::new();
        self.take(running.as_deref(), message, &mut reports);
        let (Some(host), Some(prepared)) = (host, running) else { return Ok(()) };
        if reports.is_empty() {
            return Ok(());
        }
        self.debug_last(&prepared, &mut reports, 0)?;
        self.tell_warnings();
        field.under_way -= 1;
        if let Some(walk) = field.walks.get_mut(host) {
            walk.running = None;
        }
        let mut track = field.take_track(host);
        let position = self.hosts.get(host).map_or(0, |host| host.cursor.position);
        self.settle(&mut track, position, &prepared, reports, &[]);
        field.put_track(host, track);
        if let Some((running, waiting)) = field.throttled.get_mut(&prepared.node.info.id) {
            *running -= 1;
            field.ready.extend(waiting.pop_front());
        }
        field.ready.push_back(host);
        Ok(())
    }

    /// Takes a host to its next task.
    fn go_on(&mut self, field: &mut Field, index: HostIndex) -> Result<Next, Error> {
        loop {
            if self.ended.is_some() {
                return Ok(Next::Through);
            }
            if self.hosts.get(index).is_none_or(|host| host.out) {
                if self.leave_leg(field, index) {
                    continue;
                }
                return Ok(Next::Through);
            }
            let Some(leg) = field.legs(index).and_then(|legs| legs.last_mut()) else {
                return Ok(Next::Through);
            };
            let Leg::Tasks { track, .. } = leg else {
                self.next_handler(field, index);
                continue;
            };
            let position = self.hosts.get(index).map_or(0, |host| host.cursor.position);
            match track.node(position).cloned() {
                None => self.end_leg(field, index),
                Some(Node::Flush) => {
                    self.advance(index);
                    self.begin_flush(field, index);
                }
                // Only the play's own track has the start: a handler's is its own.
                Some(Node::Task(node))
                    if field.is_on_play(index) && self.is_before_start(position, &node) =>
                {
                    self.advance(index);
                }
                Some(Node::Task(node)) => {
                    if let Some(next) = self.begin(field, index, &node)? {
                        return Ok(next);
                    }
                }
                Some(boundary) => {
                    let track = field.take_track(index);
                    self.cross(&track, position, &boundary, &[index]);
                    field.put_track(index, track);
                }
            }
        }
    }

    /// Begins a task; None when it is done already, as `meta` is.
    fn begin(
        &mut self,
        field: &mut Field,
        index: HostIndex,
        node: &Arc<TaskNode>,
    ) -> Result<Option<Next>, Error> {
        let (mut done, others) = self.without_finished_roles(node, &[index]);
        done.extend(self.with_facts(node, others).0);
        if !done.is_empty() {
            self.advance(index);
            return Ok(None);
        }
        if node.action() == "ansible.builtin.meta" {
            let mut track = field.take_track(index);
            let result = self.meta(&mut track, node, &[index]);
            field.put_track(index, track);
            result?;
            for host in std::mem::take(&mut self.to_flush) {
                self.begin_flush(field, host);
            }
            return Ok(None);
        }
        if !self.is_wanted(node, Some(index))? {
            self.advance(index);
            return Ok(None);
        }
        let prepared = self.prepared(node);
        let throttle = self.throttle(&prepared, &[index])?;
        if throttle < usize::MAX {
            let (running, waiting) = field.throttled.entry(node.info.id).or_default();
            if *running >= throttle {
                waiting.push_back(index);
                return Ok(Some(Next::Waits));
            }
            *running += 1;
        }
        self.start(field, index, &prepared)?;
        Ok(Some(Next::Runs))
    }

    fn start(
        &mut self,
        field: &mut Field,
        index: HostIndex,
        prepared: &Arc<Prepared>,
    ) -> Result<(), Error> {
        if self.runs_once(prepared, &[index])? {
            let message = "Using run_once with the free strategy is not currently supported. This task will still be executed for every host in the inventory list.";
            self.emit(&Event::Diagnosed(Box::new(Diagnostic::warning(message))));
        }
        self.refresh_lists();
        self.announce(prepared, &[index]);
        let Some(job) = self.job(prepared, index, &field.out, &field.relations) else {
            return Ok(());
        };
        if let Some(walk) = field.walks.get_mut(index) {
            walk.running = Some(Arc::clone(prepared));
        }
        field.under_way += 1;
        self.pool.start(vec![job], 1, worker::run);
        Ok(())
    }

    /// The host runs the handlers that it has notified, and then goes on where it is.
    fn begin_flush(&mut self, field: &mut Field, index: HostIndex) {
        let Some(host) = self.hosts.get_mut(index) else { return };
        let Some(legs) = field.legs(index) else { return };
        // Handlers don't flush.
        if legs.iter().any(|leg| matches!(leg, Leg::Handlers)) {
            return;
        }
        if let Some(Leg::Tasks { cursor, .. }) = legs.last_mut() {
            host.rescued_outside = host.cursor.would_rescue();
            *cursor = std::mem::take(&mut host.cursor);
        }
        legs.push(Leg::Handlers);
        host.is_handling = true;
        self.find_notified(index);
        self.tell_notified(index);
    }

    fn next_handler(&mut self, field: &mut Field, index: HostIndex) {
        let Some(legs) = field.legs(index) else { return };
        let at = self.hosts.get(index).map_or(0, |host| host.next_handler);
        let Some(handler) = self.notified.next(|host| (host == index).then_some(at)) else {
            legs.pop();
            self.come_back(field, index);
            self.end_flush(index);
            return;
        };
        if let Some(host) = self.hosts.get_mut(index) {
            host.next_handler = handler + 1;
        }
        self.notified.take(handler, &[index]);
        if let Some(node) = self.handlers.get(handler).cloned()
            && let Some(host) = self.hosts.get_mut(index)
        {
            host.cursor = Cursor::default();
            legs.push(Leg::Tasks {
                track: Track::single(Node::Task(node)),
                cursor: Cursor::default(),
            });
        }
    }

    /// The host is back on the leg below the one that ended.
    fn come_back(&mut self, field: &mut Field, index: HostIndex) {
        if let Some(Leg::Tasks { cursor, .. }) = field.legs(index).and_then(|legs| legs.last_mut())
            && let Some(host) = self.hosts.get_mut(index)
        {
            host.cursor = std::mem::take(cursor);
            host.rescued_outside = false;
            host.is_handling = false;
        }
    }

    /// A leg that the host is through with.
    fn end_leg(&mut self, field: &mut Field, index: HostIndex) {
        if let Some(legs) = field.legs(index) {
            legs.pop();
        }
    }

    /// A host that is out leaves its leg: a block around flushed handlers may rescue it. False
    /// when there is no leg left.
    fn leave_leg(&mut self, field: &mut Field, index: HostIndex) -> bool {
        let Some(legs) = field.legs(index) else { return false };
        let Some(left) = legs.pop() else { return false };
        if matches!(left, Leg::Handlers) {
            self.come_back(field, index);
            let track = field.take_track(index);
            self.rescue_flush(&track, index);
            field.put_track(index, track);
        }
        true
    }
}
