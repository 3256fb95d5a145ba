//! Handlers: flushed in the order of their definition, each on the hosts that were notified.

use std::collections::HashSet;
use std::sync::Arc;

use nafal_base::{Diagnostic, Event, Scope};
use nafal_graph::{Flush, Handlers, Node, TaskNode};
use nafal_templating::Renderer;
use nafal_variables::TaskScope;

use super::play_run::PlayRun;
use crate::cursor::Cursor;
use crate::error::Error;
use crate::prepared::Prepared;
use crate::track::{HostIndex, Track};
use crate::worker::Report;

impl PlayRun<'_> {
    /// Runs what is notified on these hosts. A handler that an earlier one notifies runs too; one
    /// that stands before its notifier waits for the next flush.
    pub(super) fn flush(&mut self, hosts: &[HostIndex]) -> Result<(), Error> {
        if self.flushing || self.notified.is_empty() {
            return Ok(());
        }
        self.flushing = true;
        for &host in hosts {
            self.find_notified(host);
            self.tell_notified(host);
        }
        let result = self.flush_each(hosts);
        self.flushing = false;
        result
    }

    fn flush_each(&mut self, hosts: &[HostIndex]) -> Result<(), Error> {
        let taking_part: HashSet<HostIndex> = hosts.iter().copied().collect();
        loop {
            let place = |index: HostIndex| {
                let host = self.hosts.get(index).filter(|host| !host.out)?;
                taking_part.contains(&index).then_some(host.next_handler)
            };
            let Some(index) = self.notified.next(place) else {
                hosts.iter().for_each(|&host| self.end_flush(host));
                return Ok(());
            };
            let due: Vec<HostIndex> = hosts
                .iter()
                .copied()
                .filter(|&host| place(host).is_some_and(|at| at <= index))
                .collect();
            let notified = self.notified.take(index, &due);
            for &host in &notified {
                if let Some(host) = self.hosts.get_mut(host) {
                    host.next_handler = index + 1;
                }
            }
            if let Some(handler) = self.handlers.get(index).cloned() {
                let id = handler.info.id;
                self.run_handler(Node::Task(handler), &notified)?;
                // Who doesn't want it now is asked again at the next flush (case `step`).
                if self.declined.take_if(|declined| *declined == id).is_some() {
                    for host in notified {
                        self.notified.add(index, host);
                    }
                }
            }
        }
    }

    /// A name means what it means when the flush begins: a role that came since may have taken it
    /// over (case `handlers-scopes`).
    pub(super) fn find_notified(&mut self, host: HostIndex) {
        for name in self.notified.take_names(host) {
            self.notify_handlers(&name, host);
        }
    }

    /// Notes the handlers of this name for a host; nobody is told of them yet.
    pub(super) fn notify_handlers(&mut self, name: &str, host: HostIndex) {
        let listening = self.handlers.listening(name);
        for handler in self.handlers.named(name).into_iter().chain(listening) {
            if self.notified.add(handler, host) {
                self.notified.hold(handler, host);
            }
        }
    }

    /// The host has come to the end of its flush; one that failed on the way stays where it was:
    /// its next flush goes on behind that handler (case `handlers-flush-blocks`).
    pub(super) fn end_flush(&mut self, host: HostIndex) {
        if let Some(host) = self.hosts.get_mut(host).filter(|host| !host.out) {
            host.next_handler = 0;
        }
    }

    /// Which handlers are about to run on this host, as far as nobody was told. Stock says it of all
    /// of them, host by host, before the first runs (case `handlers-notified-words`).
    pub(super) fn tell_notified(&mut self, index: HostIndex) {
        let Some(host) = self.name(index) else { return };
        for handler in self.notified.take_untold(index) {
            if let Some(handler) = self.handlers.get(handler).cloned() {
                self.describe(&handler);
                let handler = Arc::clone(&handler.info);
                self.emit(&Event::Notified { host: host.clone(), handler });
            }
        }
    }

    /// Walks a track of the handler alone (and of what it includes) with these hosts; their own
    /// places are put aside meanwhile.
    fn run_handler(&mut self, node: Node, hosts: &[HostIndex]) -> Result<(), Error> {
        let running: HashSet<HostIndex> = hosts.iter().copied().collect();
        let mut aside: Vec<(HostIndex, Cursor, bool)> = Vec::with_capacity(self.hosts.len());
        for (index, host) in self.hosts.iter_mut().enumerate() {
            host.rescued_outside = host.cursor.would_rescue();
            aside.push((index, std::mem::take(&mut host.cursor), host.out));
            host.out |= !running.contains(&index);
        }
        let mut track = Track::single(node);
        let result = self.walk(&mut track);
        for (index, cursor, was_out) in aside {
            if let Some(host) = self.hosts.get_mut(index) {
                host.cursor = cursor;
                host.rescued_outside = false;
                host.out = if running.contains(&index) { host.out } else { was_out };
            }
        }
        result
    }

    /// Adds the handlers that an include brings, and finds the names of those that are templates.
    pub(super) fn add_handlers(&mut self, handlers: &Handlers) {
        let is_flushing = self.flushing || self.hosts.iter().any(|host| host.is_handling);
        let when = if is_flushing { Flush::UnderWay } else { Flush::No };
        self.handlers.extend(handlers, when);
        self.name_handlers();
    }

    /// Handlers may have templates for names: they see what the play's first host does.
    pub(super) fn name_handlers(&mut self) {
        if !self.handlers.has_unnamed() {
            return;
        }
        let mut handlers = std::mem::take(&mut self.handlers);
        handlers.name_templates(|node| self.name_of(node)?.ok());
        self.handlers = handlers;
    }

    /// A handler's name as the play's first host sees it; None where there is neither.
    fn name_of(&self, node: &Arc<TaskNode>) -> Option<Result<String, nafal_templating::Error>> {
        let (name, host) = (node.name.as_ref()?, self.name(0)?);
        let prepared = Prepared::new(node, &self.play_layers, &*self.shared.services);
        let (store, play) = (&self.shared.store, &self.shared.play);
        let scope = TaskScope::new(store, &host, play, &prepared.layers);
        let renderer = Renderer::new(&scope as &dyn Scope, &*prepared.effects);
        Some(renderer.render_to::<String>(name))
    }

    /// Names that no handler has end the run before the result is told.
    pub(super) fn check_handlers(&mut self, report: &Report) {
        if !report.notify.is_empty() {
            self.warn_of_unnamed();
        }
        for name in &report.notify {
            if self.handlers.named(name).is_none() && self.handlers.listening(name).is_empty() {
                self.missing_handler(name);
            }
        }
    }

    /// Handlers that nobody can notify yet, told when somebody is looked for (case `handlers-unusable`).
    fn warn_of_unnamed(&mut self) {
        if !self.handlers.has_unnamed() {
            return;
        }
        for node in self.handlers.unnamed().filter(|node| node.listen.is_empty()) {
            let (Some(name), Some(Err(error))) = (&node.name, self.name_of(node)) else { continue };
            let message = format!(
                "Handler '{}' is unusable because it has no listen topics and the name could not be templated (host-specific variables are not supported in handler names). The error: {}",
                name.source.to_text(),
                error.chain()
            );
            let effects = self.shared.services.effects(&node.context);
            effects.tell(Diagnostic::warning(message));
        }
        self.tell_warnings();
    }

    /// A name that no handler has: an error, as stock's setting says.
    fn missing_handler(&mut self, name: &str) {
        let message = format!(
            "The requested handler '{name}' was not found in either the main handlers list nor in the listening handlers list"
        );
        let strict = self.shared.services.settings().missing_handler_is_error;
        let diagnostic =
            if strict { Diagnostic::error(message) } else { Diagnostic::warning(message) };
        if strict {
            self.broken = Some(Error::Fatal(Box::new(diagnostic)));
        } else {
            self.emit(&Event::Diagnosed(Box::new(diagnostic)));
        }
    }
}
