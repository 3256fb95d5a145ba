//! What a worker is given and what it sends back.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crossbeam_channel::Sender;
use nafal_actions::Effect;
use nafal_base::event::{BackgroundState, HostResult, ItemResult};
use nafal_base::{HostName, Outcome, Text, Value};
use nafal_variables::{PlayContext, Store, TaskScope};

use crate::error::Error;
use crate::prepared::Prepared;
use crate::services::Services;
use crate::track::HostIndex;
use crate::worker::membership::Relations;
use crate::worker::once::Done;
use crate::worker::{current_task, loops, once, projections};

/// What results tell of their tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// No more than what they are.
    Plain,
    /// Their keywords as they were rendered.
    Keywords,
}

/// What all jobs of a play share.
pub(crate) struct Shared {
    pub detail: Detail,
    pub services: Arc<dyn Services>,
    pub store: Arc<Store>,
    pub play: Arc<PlayContext>,
}

/// A task on a host.
pub(crate) struct Job {
    pub host: HostIndex,
    pub name: HostName,
    pub task: Arc<Prepared>,
    pub shared: Arc<Shared>,
    pub out: Sender<Message>,
    /// What this task asked of the inventory so far, item by item.
    pub earlier: RefCell<Vec<Effect>>,
    /// The Pythons that its items found on targets.
    pub discovered: RefCell<Vec<(HostName, String)>>,
    /// What all its hosts asked of groups.
    pub relations: Arc<Relations>,
}

/// What a worker says.
pub(crate) enum Message {
    /// It takes the task up.
    Started(HostIndex),
    /// An item of a loop ended.
    Item(Box<ItemResult>),
    /// `until` isn't met yet.
    Retrying(Box<HostResult>, u32),
    /// A job in the background, by its name, was looked at.
    Background(Box<HostResult>, String, BackgroundState),
    /// A Python is looked for on a host.
    Discovering(HostName),
    /// It ended.
    Done(Box<Report>),
}

/// How it ended, and what it wants of the run.
pub(crate) struct Report {
    pub host: HostIndex,
    pub result: HostResult,
    pub effects: Vec<Effect>,
    /// Names and topics to notify, rendered.
    pub notify: Vec<String>,
    /// Facts of the hosts that the task was delegated to with `delegate_facts`.
    pub elsewhere: Vec<(HostName, Effect)>,
    /// What `register` as a mapping gives.
    pub registered: Vec<(Text, Value)>,
    /// Why the run can't go on.
    pub fault: Option<Error>,
}

/// Runs a job and tells its beginning and its end.
pub(crate) fn run(job: Job) {
    let _ = job.out.send(Message::Started(job.host));
    let report = finish(&job);
    let _ = job.out.send(Message::Done(report));
}

/// Runs a job; a panic in it is a failed outcome, never a lost host.
pub(crate) fn finish(job: &Job) -> Box<Report> {
    let report = catch_unwind(AssertUnwindSafe(|| perform(job))).unwrap_or_else(|_| crashed(job));
    Box::new(report)
}

fn perform(job: &Job) -> Report {
    let scope = TaskScope::new(&job.shared.store, &job.name, &job.shared.play, &job.task.layers);
    if let Some(fault) = scope.files_fault() {
        let fault = Some(Error::from(fault.clone()));
        return Report { fault, ..Report::bare(job, Outcome::ok()) };
    }
    let mut scope = job.task.with_overrides(scope);
    current_task::begin(&mut scope);
    if job.task.node.repeat.is_some() {
        return loops::perform(job, &scope);
    }
    if job.task.is_include() {
        scope = scope.unadvised();
    }
    scope = scope.reached();
    let done = once::perform(job, &scope, None);
    if !projections::are_wanted(job) {
        return Report::of(job, done);
    }
    loops::see_facts(job, &mut scope, &done.effects);
    let projected = projections::project(job, &scope, &done.result.outcome);
    let mut report = Report::of(job, done);
    projections::settle(job, &scope, &mut report, projected);
    report
}

impl Report {
    /// What a task without a loop came to.
    pub(crate) fn of(job: &Job, done: Done) -> Report {
        Report {
            host: job.host,
            result: done.result,
            effects: done.effects,
            notify: done.notify,
            elsewhere: done.elsewhere,
            registered: Vec::new(),
            fault: None,
        }
    }

    /// An outcome that wants nothing of the run.
    pub(crate) fn bare(job: &Job, outcome: Outcome) -> Report {
        let settings = job.shared.services.settings();
        let modes = (settings.mode, settings.diff);
        Report {
            host: job.host,
            result: HostResult::new(job.name.clone(), &job.task.node.info, outcome, modes),
            effects: Vec::new(),
            notify: Vec::new(),
            elsewhere: Vec::new(),
            registered: Vec::new(),
            fault: None,
        }
    }
}

fn crashed(job: &Job) -> Report {
    let message = "nafal itself failed while it ran this task; please report it";
    Report::bare(job, Outcome::failed(message))
}
