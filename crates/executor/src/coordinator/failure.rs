//! Where a failed host goes on, and what its failure means to the others.

use std::collections::HashSet;
use std::sync::Arc;

use nafal_base::{Event, Status, Value};
use nafal_graph::Node;

use super::failed_task::failed_task;
use super::play_run::PlayRun;
use crate::cursor::AfterFailure;
use crate::error::Error;
use crate::prepared::Prepared;
use crate::track::{HostIndex, Track};
use crate::worker::Report;

impl PlayRun<'_> {
    /// Whether a failure of this host now would be rescued.
    pub(super) fn would_rescue(&self, host: HostIndex) -> bool {
        self.hosts.get(host).is_some_and(|host| host.rescued_outside || host.cursor.would_rescue())
    }

    /// Takes a host's failure: into a rescue, through `always`, or out.
    pub(super) fn fail(
        &mut self,
        track: &Track,
        prepared: &Arc<Prepared>,
        report: &Report,
        index: HostIndex,
    ) {
        let Some(name) = self.name(index) else { return };
        if report.result.outcome.status == Status::Unreachable {
            if let Some(host) = self.hosts.get_mut(index) {
                host.out = true;
            }
            self.state.unreachable.insert(name);
            self.stale = true;
            return;
        }
        if self.would_rescue(index) {
            self.tell_rescue(prepared, report, index);
        }
        self.leave(track, index);
    }

    /// Moves a failed host to where its failure leads.
    pub(super) fn leave(&mut self, track: &Track, index: HostIndex) {
        let Some(host) = self.hosts.get_mut(index) else { return };
        let name = host.name.clone();
        match host.cursor.fail(track) {
            AfterFailure::Rescued => {}
            AfterFailure::Unwinding => {
                self.state.failed.insert(name);
                self.stale = true;
            }
            AfterFailure::Out => {
                host.out = true;
                self.state.failed.insert(name);
                self.stale = true;
            }
        }
    }

    /// A task that ran for the first host alone failed: the others can't be rescued, as if they
    /// had failed once more in their rescue (case `play-fatal`).
    pub(super) fn fail_with_first(&mut self, track: &Track, index: HostIndex) {
        self.leave_with_others(track, index);
        if self.hosts.get(index).is_some_and(|host| !host.out) {
            self.leave(track, index);
        }
    }

    /// A host that others' failure takes along: later plays leave it out, whatever rescues it in
    /// this one (case `play-any-errors-fatal`).
    fn leave_with_others(&mut self, track: &Track, index: HostIndex) {
        self.leave(track, index);
        if let Some(name) = self.name(index) {
            self.state.failed.insert(name);
            self.stale = true;
        }
    }

    /// `ansible_failed_task` and `ansible_failed_result`, for the rescue.
    fn tell_rescue(&mut self, prepared: &Prepared, report: &Report, index: HostIndex) {
        let Some(host) = self.name(index) else { return };
        let task = failed_task(&prepared.node, self.shared.services.settings());
        let store = &self.shared.store;
        store.set_nonpersistent(&host, "ansible_failed_task", task);
        let mut result = report.result.outcome.to_registered();
        result.remove("_ansible_verbose_always");
        store.set_nonpersistent(&host, "ansible_failed_result", Value::Dict(result));
    }

    /// `any_errors_fatal`, `max_fail_percentage`: everybody fails where somebody failed.
    pub(super) fn stop_others(
        &mut self,
        track: &Track,
        prepared: &Arc<Prepared>,
        bad: &HashSet<HostIndex>,
    ) -> Result<(), Error> {
        // Hosts that go on by themselves stop nobody.
        if bad.is_empty() || !self.is_lockstep() {
            return Ok(());
        }
        let live: Vec<HostIndex> = self
            .hosts
            .iter()
            .enumerate()
            .filter(|(index, host)| !host.out && !bad.contains(index))
            .map(|(index, _)| index)
            .collect();
        if self.is_fatal(prepared, bad)? {
            live.iter().for_each(|&index| self.leave_with_others(track, index));
        } else if self.too_many_failed(track, bad) {
            self.broken_off = true;
            self.emit(&Event::NoHostsRemaining);
            live.iter().for_each(|&index| self.leave_with_others(track, index));
        }
        Ok(())
    }

    /// Whether their failure takes all others along.
    pub(super) fn is_fatal(
        &self,
        prepared: &Prepared,
        bad: &HashSet<HostIndex>,
    ) -> Result<bool, Error> {
        let setting = self.shared.services.settings().any_errors_fatal;
        let keyword = prepared.node.keywords.any_errors_fatal.as_ref();
        let hosts: Vec<HostIndex> = bad.iter().copied().collect();
        Ok(self.keyword(prepared, keyword, &hosts)?.unwrap_or(setting))
    }

    /// Asked only when a host is out for good: one that still runs its `always` doesn't count yet.
    fn too_many_failed(&self, track: &Track, bad: &HashSet<HostIndex>) -> bool {
        let Some(most) = self.rules.max_fail_percentage else { return false };
        if !bad.iter().any(|&index| self.is_as_good_as_out(track, index)) {
            return false;
        }
        let failed = self.hosts.iter().filter(|host| self.state.failed.contains(&host.name));
        let share = failed.count() as f64 * 100.0 / self.rules.batch_size.max(1) as f64;
        share > most
    }

    /// Whether a host is out, or has nothing left but to run handlers of which it notified none (case
    /// `play-fail-percentage-forced`).
    fn is_as_good_as_out(&self, track: &Track, index: HostIndex) -> bool {
        let Some(host) = self.hosts.get(index) else { return false };
        if host.out {
            return true;
        }
        if !self.state.failed.contains(&host.name) || self.notified.is_waiting(index) {
            return false;
        }
        let mut cursor = host.cursor.clone();
        loop {
            match track.node(cursor.position) {
                None => return true,
                Some(Node::Task(_)) => return false,
                Some(Node::Flush) => cursor.advance(),
                Some(_) if cursor.cross(track) == Some(AfterFailure::Out) => return true,
                Some(_) => {}
            }
        }
    }
}
