//! `meta`: what changes the course of the play itself.

use std::sync::Arc;

use nafal_base::event::HostResult;
use nafal_base::{Event, Outcome, Scope, Status};
use nafal_graph::TaskNode;
use nafal_templating::Renderer;
use nafal_variables::TaskScope;

use super::play_run::PlayRun;
use crate::error::Error;
use crate::prepared::Prepared;
use crate::track::{HostIndex, Track};

/// Actions that run once a host.
const EACH_HOST: &[&str] =
    &["noop", "reset_connection", "end_host", "role_complete", "flush_handlers", "end_role"];

impl PlayRun<'_> {
    /// Runs a `meta` task for these hosts.
    pub(super) fn meta(
        &mut self,
        track: &mut Track,
        node: &Arc<TaskNode>,
        hosts: &[HostIndex],
    ) -> Result<(), Error> {
        let prepared = self.prepared(node);
        let action = meta_action(node);
        // Stock runs some of them host by host and tells each, the others once, for the first
        // host, whose condition decides for all.
        let each = EACH_HOST.contains(&action.as_str());
        let asked = if each { hosts } else { hosts.get(..1).unwrap_or_default() };
        let mut wanted: Vec<HostIndex> = Vec::new();
        for &host in asked {
            self.announce(&prepared, &[host]);
            if self.meta_applies(&prepared, host) {
                self.emit(&Event::MetaRun { action: action.clone() });
                wanted.push(host);
            } else {
                self.meta_result(&prepared, host, Outcome::skipped());
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
        for &host in &wanted {
            self.advance(host);
        }
        if wanted.is_empty() {
            return Ok(());
        }
        match action.as_str() {
            "flush_handlers" => self.flush_here(track, &wanted)?,
            "noop" => {}
            "clear_facts" => {
                for host in wanted.iter().filter_map(|&host| self.name(host)) {
                    self.shared.store.clear_facts(&host);
                }
            }
            "clear_host_errors" => {
                let names: Vec<_> = self.hosts.iter().map(|host| host.name.clone()).collect();
                for name in names {
                    self.state.failed.remove(&name);
                    self.state.unreachable.remove(&name);
                }
            }
            "end_host" => {
                for host in wanted {
                    if let Some(host) = self.hosts.get_mut(host) {
                        host.out = true;
                    }
                }
            }
            "end_play" | "end_batch" => self.ended = true,
            other => self.meta_refused(track, &prepared, &wanted, other),
        }
        Ok(())
    }

    /// Failures of handlers that are flushed inside a block are the block's to rescue.
    fn flush_here(&mut self, track: &Track, hosts: &[HostIndex]) -> Result<(), Error> {
        let was_out: Vec<bool> = self.hosts.iter().map(|host| host.out).collect();
        self.flush(hosts)?;
        for &index in hosts {
            let newly = self.hosts.get(index).is_some_and(|host| host.out)
                && was_out.get(index) == Some(&false);
            if newly && self.would_rescue(index) {
                if let Some(host) = self.hosts.get_mut(index) {
                    host.out = false;
                    self.state.failed.remove(&host.name);
                }
                self.leave(track, index);
            }
        }
        Ok(())
    }

    fn meta_applies(&self, prepared: &Prepared, host: HostIndex) -> bool {
        let conditions = &prepared.node.keywords.when;
        if conditions.is_empty() {
            return true;
        }
        let Some(name) = self.name(host) else { return false };
        let scope = TaskScope::new(&self.shared.store, &name, &self.shared.play, &prepared.layers);
        let renderer = Renderer::new(&scope as &dyn Scope, &*prepared.effects);
        conditions.iter().all(|condition| renderer.condition(condition).unwrap_or(false))
    }

    fn meta_refused(
        &mut self,
        track: &Track,
        prepared: &Arc<Prepared>,
        hosts: &[HostIndex],
        action: &str,
    ) {
        let known = ["refresh_inventory", "reset_connection", "end_role"].contains(&action);
        let message = if known {
            format!("meta: {action} is not built yet in nafal")
        } else {
            format!("invalid meta action requested: {action}")
        };
        for &host in hosts {
            self.meta_result(prepared, host, Outcome::failed(message.clone()));
            self.leave(track, host);
        }
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

/// What the task asks for: its free-form text.
fn meta_action(node: &TaskNode) -> String {
    let raw = node.raw.as_ref().map(|raw| raw.trim().to_owned());
    raw.or_else(|| node.args.get("_raw_params").map(|value| value.to_text().trim().to_owned()))
        .unwrap_or_default()
}
