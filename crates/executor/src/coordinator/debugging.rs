//! When the debugger comes up, and how a task runs again from there. Must not know what is typed.

use std::sync::Arc;

use nafal_base::Status;
use nafal_templating::Renderer;
use nafal_variables::TaskScope;

use super::play_run::PlayRun;
use crate::debugger::{DebuggedTask, Decision, Session};
use crate::error::Error;
use crate::prepared::Prepared;
use crate::strategy::Strategy;
use crate::worker::{self, Message, Relations, Report};

/// What somebody reads who ended the run from here.
const ENDED: &str = "User interrupted execution";

impl PlayRun<'_> {
    /// Lets the last of these reports be debugged if one came in since there were `before`.
    pub(super) fn debug_last(
        &mut self,
        prepared: &Arc<Prepared>,
        reports: &mut Vec<Report>,
        before: usize,
    ) -> Result<(), Error> {
        if reports.len() > before
            && let Some(report) = reports.pop()
        {
            let report = self.debugged(prepared, report)?;
            reports.push(report);
        }
        Ok(())
    }

    /// A task's report, or that of its last run if it was run again.
    fn debugged(&mut self, prepared: &Arc<Prepared>, report: Report) -> Result<Report, Error> {
        let mut report = report;
        let mut prepared = Arc::clone(prepared);
        let mut task = DebuggedTask::new(&prepared.node);
        while self.is_to_debug(&prepared, &report)? {
            match self.sit(&prepared, &report, &mut task)? {
                Decision::Continue => break,
                Decision::Quit => {
                    self.shared.services.console().show(ENDED);
                    return Err(Error::Quit);
                }
                Decision::Redo => {
                    self.take_back(&report);
                    let services = Arc::clone(&self.shared.services);
                    prepared = Arc::new(task.prepared(&self.play_layers, &*services));
                    report = self.again(&prepared, report);
                }
            }
        }
        Ok(report)
    }

    fn is_to_debug(&self, prepared: &Prepared, report: &Report) -> Result<bool, Error> {
        let settings = self.shared.services.settings();
        let keyword = prepared.node.keywords.debugger.as_ref();
        let status = report.result.outcome.status;
        let failed = status == Status::Failed
            && !(report.result.ignored && settings.debugger_honours_ignored);
        let unreachable = status == Status::Unreachable;
        let always_on = settings.debugger || self.rules.strategy == Strategy::Debug;
        let word = self.keyword(prepared, keyword, &[report.host])?;
        Ok(match word.as_deref() {
            Some("always") => true,
            Some("never") => false,
            Some("on_failed") if failed => true,
            Some("on_unreachable") if unreachable => true,
            Some("on_skipped") if status == Status::Skipped => true,
            _ => always_on && (failed || unreachable),
        })
    }

    fn sit(
        &mut self,
        prepared: &Prepared,
        report: &Report,
        task: &mut DebuggedTask,
    ) -> Result<Decision, Error> {
        let Some(name) = self.name(report.host) else { return Ok(Decision::Continue) };
        let scope = TaskScope::new(&self.shared.store, &name, &self.shared.play, &prepared.layers);
        let outcome = &report.result.outcome;
        // What never ran, or ran for each item, keeps its templates.
        if outcome.status != Status::Skipped && prepared.node.repeat.is_none() {
            let scope = prepared.with_overrides(scope.clone());
            let services = &*self.shared.services;
            task.take_arguments(prepared, services, &Renderer::new(&scope, &*prepared.effects));
        }
        self.tell_warnings();
        let services = Arc::clone(&self.shared.services);
        Session { services: &*services, task, outcome, scope: &scope, effects: &*prepared.effects }
            .run()
    }

    /// Stock takes a run that is done again back from all counts, also from those that a failure
    /// or a skip never came to.
    fn take_back(&mut self, report: &Report) {
        let Some(name) = self.name(report.host) else { return };
        let outcome = &report.result.outcome;
        if outcome.status != Status::Ok && !report.result.ignored {
            let counts = self.state.counts(&name);
            counts.ok = counts.ok.saturating_sub(1);
            counts.changed = counts.changed.saturating_sub(u32::from(outcome.changed));
        }
    }

    /// Runs a task once more on the host of this report.
    fn again(&mut self, prepared: &Arc<Prepared>, report: Report) -> Report {
        let relations = Arc::new(Relations::default());
        let (out, messages) = crossbeam_channel::unbounded();
        let Some(job) = self.job(prepared, report.host, &out, &relations) else { return report };
        drop(out);
        let done = worker::finish(&job);
        drop(job);
        let mut reports = Vec::new();
        for message in messages.iter().chain([Message::Done(done)]) {
            self.take(Some(prepared), message, &mut reports);
        }
        reports.pop().unwrap_or(report)
    }
}
