//! `meta`: what changes the course of the play itself.

use std::sync::Arc;

use nafal_base::event::HostResult;
use nafal_base::{Diagnostic, Event, Outcome, Scope, Status, TaskKind};
use nafal_graph::TaskNode;
use nafal_templating::Renderer;
use nafal_variables::TaskScope;

use super::play_run::{PlayRun, PlayVerdict};
use crate::error::Error;
use crate::prepared::Prepared;
use crate::track::{HostIndex, Track};
use crate::worker::target_keywords;

/// What a `meta` task asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meta {
    Noop,
    FlushHandlers,
    RefreshInventory,
    ClearFacts,
    ClearHostErrors,
    EndPlay,
    EndBatch,
    EndHost,
    EndRole,
    ResetConnection,
}

impl Meta {
    const ALL: [(&'static str, Meta); 10] = [
        ("noop", Meta::Noop),
        ("flush_handlers", Meta::FlushHandlers),
        ("refresh_inventory", Meta::RefreshInventory),
        ("clear_facts", Meta::ClearFacts),
        ("clear_host_errors", Meta::ClearHostErrors),
        ("end_play", Meta::EndPlay),
        ("end_batch", Meta::EndBatch),
        ("end_host", Meta::EndHost),
        ("end_role", Meta::EndRole),
        ("reset_connection", Meta::ResetConnection),
    ];

    fn named(name: &str) -> Option<Meta> {
        Meta::ALL.iter().find(|(known, _)| *known == name).map(|(_, meta)| *meta)
    }

    /// Whether each host runs it and is told of; the others run once, for the first host, whose
    /// condition decides for all.
    fn is_for_each(self) -> bool {
        use Meta::{EndHost, EndRole, FlushHandlers, Noop, ResetConnection};
        matches!(self, Noop | ResetConnection | EndHost | FlushHandlers | EndRole)
    }

    fn takes_conditions(self) -> bool {
        !matches!(self, Meta::Noop | Meta::RefreshInventory | Meta::ResetConnection)
    }
}

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
            self.announce(prepared, &[host]);
            if !meta.takes_conditions() && !prepared.node.keywords.when.is_empty() {
                let message = format!("{name} task does not support when conditional");
                self.emit(&Event::Diagnosed(Box::new(Diagnostic::warning(message))));
                self.emit(&Event::MetaRun { action: shown(name) });
                wanted.push(host);
            } else if self.meta_applies(prepared, host)? {
                self.emit(&Event::MetaRun { action: shown(name) });
                wanted.push(host);
            } else {
                self.meta_result(prepared, host, Outcome::skipped());
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
                self.shared.store.set_inventory(&inventory);
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

    fn meta_result(&mut self, prepared: &Prepared, index: HostIndex, outcome: Outcome) {
        let Some(host) = self.name(index) else { return };
        // A meta task that is skipped doesn't count.
        let counts = self.state.counts(&host);
        counts.failed += u32::from(outcome.status == Status::Failed);
        let settings = self.shared.services.settings();
        let modes = (settings.mode, settings.diff);
        let result = HostResult::new(host, &prepared.node.info, outcome, modes);
        self.emit(&Event::HostFinished(Box::new(result)));
    }
}

/// How a `meta` task is called while it runs.
fn shown(name: &str) -> String {
    if name == "reset_connection" { "reset connection".to_owned() } else { name.to_owned() }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_actions() {
        assert_eq!(Meta::named("end_role"), Some(Meta::EndRole));
        assert_eq!(Meta::named("end_world"), None);
        assert!(Meta::EndHost.is_for_each() && !Meta::EndPlay.is_for_each());
        assert!(Meta::EndPlay.takes_conditions() && !Meta::Noop.takes_conditions());
    }
}
