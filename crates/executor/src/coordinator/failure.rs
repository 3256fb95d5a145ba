//! Where a failed host goes on, and what its failure means to the others.

use std::collections::HashSet;
use std::sync::Arc;

use nafal_base::{Dict, Status, Value};

use super::play_run::{FailurePolicy, PlayRun};
use crate::cursor::AfterFailure;
use crate::prepared::Prepared;
use crate::track::{HostIndex, Track};
use crate::worker::Report;

impl PlayRun<'_> {
    /// Whether a failure of this host now would be rescued.
    pub(super) fn would_rescue(&self, host: HostIndex) -> bool {
        self.hosts.get(host).is_some_and(|host| host.cursor.would_rescue())
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
            }
            AfterFailure::Out => {
                host.out = true;
                self.state.failed.insert(name);
            }
        }
    }

    /// `ansible_failed_task` and `ansible_failed_result`, for the rescue.
    fn tell_rescue(&mut self, prepared: &Prepared, report: &Report, index: HostIndex) {
        let Some(host) = self.name(index) else { return };
        let node = &prepared.node;
        let mut task = Dict::new();
        let name = node.name.as_ref().map(|name| name.source.clone());
        task.insert("name", name.unwrap_or_else(|| Value::from("")));
        task.insert("action", Value::from(node.info.action.as_str()));
        task.insert("args", Value::Dict(node.args.clone()));
        task.insert("tags", Value::from(node.info.tags.clone()));
        let store = &self.shared.store;
        store.set_nonpersistent(&host, "ansible_failed_task", Value::Dict(task));
        let mut result = report.result.outcome.to_registered();
        result.remove("_ansible_verbose_always");
        store.set_nonpersistent(&host, "ansible_failed_result", Value::Dict(result));
    }

    /// `any_errors_fatal`: everybody fails where somebody failed.
    pub(super) fn stop_others(
        &mut self,
        track: &Track,
        prepared: &Arc<Prepared>,
        bad: &HashSet<HostIndex>,
    ) {
        if bad.is_empty() {
            return;
        }
        let all: Vec<HostIndex> = (0..self.hosts.len()).collect();
        let keyword = prepared.node.keywords.any_errors_fatal.as_ref();
        let fatal = self.keyword(prepared, keyword, &all).unwrap_or(
            self.fatal == FailurePolicy::All || self.shared.services.settings().any_errors_fatal,
        );
        if !fatal {
            return;
        }
        self.emit(&nafal_base::Event::NoHostsRemaining);
        for index in all {
            let live = self.hosts.get(index).is_some_and(|host| !host.out);
            if live && !bad.contains(&index) {
                self.leave(track, index);
            }
        }
    }
}
