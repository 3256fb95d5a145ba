//! `meta`: what changes the course of the play itself.

use std::sync::Arc;

use nafal_base::event::HostResult;
use nafal_base::{Diagnostic, Event, Outcome, Scope, TaskKind};
use nafal_graph::TaskNode;
use nafal_templating::Renderer;
use nafal_variables::TaskScope;

use super::meta_words::{self, Meta};
use super::play_run::{PlayRun, PlayVerdict};
use crate::error::Error;
use crate::prepared::Prepared;
use crate::track::{HostIndex, Track};
use crate::worker::target_keywords;

impl PlayRun<'_> {
    /// Runs a `meta` task for these hosts.
    pub(super) fn meta(
        &mut self,
        track: &mut Track,
        node: &Arc<TaskNode>,
        hosts: &[HostIndex],
    ) -> Result<(), Error> {
        let prepared = self.prepared(node);
        let name = meta_action(node);
        let Some(meta) = Meta::named(&name) else {
            self.announce(&prepared, hosts);
            let message = format!("invalid meta action requested: {name}");
            return Err(refused(node, message));
        };
        if meta == Meta::FlushHandlers && node.info.kind == TaskKind::Handler {
            self.announce(&prepared, hosts);
            return Err(refused(node, "flush_handlers cannot be used as a handler".to_owned()));
        }
        let wanted = self.wanting(&prepared, meta, &name, hosts)?;
        for &host in &wanted {
            self.advance(host);
        }
        if wanted.is_empty() { Ok(()) } else { self.perform_meta(track, &prepared, meta, wanted) }
    }

    /// The hosts that it runs for; the others go on.
    fn wanting(
        &mut self,
        prepared: &Arc<Prepared>,
        meta: Meta,
        name: &str,
        hosts: &[HostIndex],
    ) -> Result<Vec<HostIndex>, Error> {
        let each = meta.is_for_each();
        let asked = if each { hosts } else { hosts.get(..1).unwrap_or_default() };
        let mut wanted: Vec<HostIndex> = Vec::new();
        for &host in asked {
            // In lockstep its name's templates stay as they are (case `meta-words`).
            if self.is_lockstep() {
                self.announce_as_written(prepared);
            } else {
                self.announce(prepared, &[host]);
            }
            let conditional = !prepared.node.keywords.when.is_empty();
            if conditional && !meta.takes_conditions() {
                let message = format!("{name} task does not support when conditional");
                self.emit(&Event::Diagnosed(Box::new(Diagnostic::warning(message))));
            }
            if !meta.takes_conditions() || self.meta_applies(prepared, host)? {
                if meta == Meta::FlushHandlers {
                    self.find_notified(host);
                    self.tell_notified(host);
                }
                let told = self.name(host).and_then(|host| meta_words::done(meta, host.as_str()));
                told.into_iter().for_each(|told| self.emit(&Event::MetaRun { told }));
                wanted.push(host);
            } else {
                self.skip_meta(prepared, meta, name, host);
                self.advance(host);
            }
        }
        if !each {
            let others = hosts.get(1..).unwrap_or_default();
            if wanted.is_empty() {
                others.iter().for_each(|&host| self.advance(host));
            } else {
                wanted.extend(others);
            }
        }
        Ok(wanted)
    }

    fn perform_meta(
        &mut self,
        track: &mut Track,
        prepared: &Arc<Prepared>,
        meta: Meta,
        hosts: Vec<HostIndex>,
    ) -> Result<(), Error> {
        match meta {
            Meta::FlushHandlers => self.flush_here(track, &hosts)?,
            Meta::Noop => {}
            Meta::RefreshInventory => {
                let services = Arc::clone(&self.shared.services);
                let inventory = services
                    .refreshed_inventory()
                    .map_err(|diagnostic| Error::Fatal(Box::new(diagnostic)))?;
                self.refresh_inventory(inventory);
            }
            Meta::ClearFacts => {
                for host in hosts.iter().filter_map(|&host| self.name(host)) {
                    self.shared.store.clear_facts(&host);
                }
            }
            Meta::ClearHostErrors => {
                self.state.failed.clear();
                self.state.unreachable.clear();
                // In an `always`, the failure that led there is forgotten too.
                self.hosts.iter_mut().for_each(|host| host.cursor.forgive());
            }
            Meta::EndHost => {
                for host in hosts {
                    if let Some(host) = self.hosts.get_mut(host) {
                        host.out = true;
                        self.gone.insert(host.name.clone());
                        self.stale = true;
                    }
                }
            }
            Meta::EndRole => self.end_role(track, prepared, &hosts),
            Meta::EndPlay => self.ended = Some(PlayVerdict::PlayEnded),
            Meta::EndBatch => self.ended = Some(PlayVerdict::GoOn),
            Meta::ResetConnection => {
                for host in hosts {
                    self.reset_connection(prepared, host)?;
                }
            }
        }
        Ok(())
    }

    /// What is open to a host's machine is closed; the next task opens it anew.
    fn reset_connection(&mut self, prepared: &Prepared, index: HostIndex) -> Result<(), Error> {
        let Some(name) = self.name(index) else { return Ok(()) };
        let scope = TaskScope::new(&self.shared.store, &name, &self.shared.play, &prepared.layers);
        let renderer = Renderer::new(&scope as &dyn Scope, &*prepared.effects);
        let services = &self.shared.services;
        let keywords = target_keywords(&prepared.node.keywords, &renderer).map_err(|fault| {
            let (_, told) = fault.alone();
            Error::Fatal(Box::new(told))
        })?;
        let defaults = &services.settings().defaults;
        let target = nafal_actions::target_of(&name, &scope, &renderer, &keywords, defaults)
            .map_err(|error| refused(&prepared.node, error.to_string()))?;
        services.connections().forget(&target.kind);
        Ok(())
    }

    /// Hosts go on at the end of the role that they are in, out of its blocks.
    fn end_role(&mut self, track: &Track, prepared: &Prepared, hosts: &[HostIndex]) {
        let Some(role) = prepared.node.context.role.as_ref().map(|role| role.id) else { return };
        for &index in hosts {
            let Some(host) = self.hosts.get_mut(index) else { continue };
            host.cursor.leave_role(track, role);
        }
    }

    /// Failures of handlers that are flushed inside a block are the block's to rescue.
    fn flush_here(&mut self, track: &Track, hosts: &[HostIndex]) -> Result<(), Error> {
        if !self.is_lockstep() {
            self.to_flush.extend(hosts);
            return Ok(());
        }
        self.flush(hosts)?;
        for &index in hosts {
            self.rescue_flush(track, index);
        }
        Ok(())
    }

    /// A host whose handler failed goes on in the rescue of the block that the flush is in, if
    /// there is one.
    pub(super) fn rescue_flush(&mut self, track: &Track, index: HostIndex) {
        if !self.would_rescue(index) {
            return;
        }
        let Some(host) = self.hosts.get_mut(index) else { return };
        if host.out && self.state.failed.remove(&host.name) {
            host.out = false;
            self.leave(track, index);
        }
    }

    fn meta_applies(&self, prepared: &Prepared, host: HostIndex) -> Result<bool, Error> {
        let conditions = &prepared.node.keywords.when;
        let Some(name) = self.name(host) else { return Ok(false) };
        let scope = TaskScope::new(&self.shared.store, &name, &self.shared.play, &prepared.layers);
        let renderer = Renderer::new(&scope as &dyn Scope, &*prepared.effects);
        for condition in conditions {
            let holds = renderer.condition(condition).map_err(|error| {
                let mut told = error.to_diagnostic();
                told.message = format!("Error while evaluating conditional: {}", told.message);
                told.span = told.span.or_else(|| condition.span().cloned());
                Error::Fatal(Box::new(told))
            })?;
            if !holds {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Tells of a host whose condition isn't met; it doesn't count as skipped.
    fn skip_meta(&mut self, prepared: &Prepared, meta: Meta, name: &str, index: HostIndex) {
        let Some(host) = self.name(index) else { return };
        let role = prepared.node.info.role.as_deref().unwrap_or_default();
        let (message, reason) = meta_words::skipped(meta, name, host.as_str(), role);
        self.emit(&Event::MetaRun { told: reason.clone() });
        let outcome = Outcome::skipped().with("msg", message).with("skip_reason", reason);
        let settings = self.shared.services.settings();
        let modes = (settings.mode, settings.diff);
        let result = HostResult::new(host, &prepared.node.info, outcome, modes);
        self.emit(&Event::HostFinished(Box::new(result)));
    }
}

/// A task that ends the run.
fn refused(node: &TaskNode, message: String) -> Error {
    Error::Fatal(Box::new(Diagnostic::error(message).at(node.info.span.clone())))
}

/// What the task asks for: its free-form text.
fn meta_action(node: &TaskNode) -> String {
    let raw = node.raw.as_ref().map(|raw| raw.trim().to_owned());
    raw.or_else(|| node.args.get("_raw_params").map(|value| value.to_text().trim().to_owned()))
        .unwrap_or_else(|| "None".to_owned())
}
