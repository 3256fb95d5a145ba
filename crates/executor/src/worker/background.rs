//! `async` and `poll`: a module in the background, and looking after it until it has ended or its
//! time is over.

use std::sync::atomic::Ordering;
use std::time::Duration;

use nafal_actions::foreign::performed;
use nafal_actions::{ActionContext, ActionKind, Failure, InBackground, Performed};
use nafal_base::event::{BackgroundState, HostResult};
use nafal_base::{Outcome, Scope, Status, TaskInfo, Value};
use nafal_templating::Renderer;
use nafal_variables::TaskScope;

use crate::services::RunSettings;
use crate::worker::fault::Fault;
use crate::worker::job::{Job, Message};
use crate::worker::once::Settled;
use crate::worker::{keywords, retries};

/// Actions that may run their module in the background although they do something before.
const ALLOWED: [&str; 4] = [
    "ansible.builtin.dnf",
    "ansible.builtin.package",
    "ansible.builtin.service",
    "ansible.builtin.uri",
];

/// For how long, and how often one looks. Seconds below zero are a limit too, but nobody waits.
pub(crate) struct Background {
    seconds: i64,
    poll: i64,
}

/// What the keywords say, when they say something.
pub(crate) fn plan(job: &Job, renderer: &Renderer<'_>) -> Result<Option<Background>, Fault> {
    let Some((seconds, poll)) = &job.task.node.background else { return Ok(None) };
    let seconds = keywords::optional("async_val", Some(seconds), renderer)?.unwrap_or(0);
    let poll = keywords::optional("poll", poll.as_ref(), renderer)?;
    let poll = poll.unwrap_or(job.shared.services.settings().poll_interval);
    Ok((seconds != 0).then_some(Background { seconds, poll }))
}

/// The refusal of an action that does more than run a module.
pub(crate) fn refusal(task: &TaskInfo, kind: ActionKind) -> Option<Performed> {
    let name = task.resolved_action.as_str();
    // `raw` runs without any module where stock runs it.
    let is_module = matches!(kind, ActionKind::Module) && name != "ansible.builtin.raw";
    let is_refused = !is_module && !ALLOWED.contains(&name);
    is_refused.then(|| {
        Performed::refused(&format!("This action ({}) does not support async.", task.action))
    })
}

/// What the target is asked for.
pub(crate) fn wanted(background: &Background) -> InBackground {
    InBackground { seconds: background.seconds }
}

/// The folder of jobs' files on the target, when it isn't the usual one.
pub(crate) fn job_folder(
    scope: &TaskScope,
    renderer: &Renderer<'_>,
    settings: &RunSettings,
) -> Option<String> {
    let own = scope.get("ansible_async_dir").and_then(|value| renderer.render(&value).ok());
    own.map(|value| value.to_text().into_owned()).or_else(|| settings.async_dir.clone())
}

/// From the start of a job to its end, when one waits for it.
pub(crate) fn follow(
    job: &Job,
    settled: &Settled,
    context: &ActionContext<'_>,
    background: &Background,
    started: Performed,
) -> Performed {
    let id = started.outcome.text("ansible_job_id").map(str::to_owned);
    let waits = background.seconds > 0 && background.poll > 0;
    let waits = waits && started.outcome.is_good();
    if waits && id.is_none() && started.outcome.status != Status::Skipped && has_plugin(job) {
        let outcome = Outcome::failed("No job id was returned by the async task");
        let result = Box::new(meanwhile(job, settled, outcome.clone()));
        let id = "None".to_owned();
        let _ = job.out.send(Message::Background(result, id, BackgroundState::Failed));
        return Performed { outcome, effects: Vec::new(), failure: Failure::Silent };
    }
    let Some(id) = id.filter(|_| waits) else { return started };
    let tell = |state, looked: &Outcome| {
        let result = Box::new(meanwhile(job, settled, looked.clone()));
        let _ = job.out.send(Message::Background(result, id.clone(), state));
    };
    let pause = Duration::from_secs(u64::try_from(background.poll).unwrap_or_default());
    let mut left = background.seconds;
    let mut last = started.outcome;
    while left > 0 {
        retries::wait(job, pause);
        if job.shared.services.cancelled().load(Ordering::Relaxed) {
            return Performed::module(last);
        }
        last = context.remote.status(&id, "status");
        if is_finished(&last) {
            let _ = context.remote.status(&id, "cleanup");
            let state = if failed(&last) { BackgroundState::Failed } else { BackgroundState::Ok };
            tell(state, &last);
            return performed(last, "", context.modules);
        }
        left = left.saturating_sub(background.poll);
        tell(BackgroundState::Running, &last);
    }
    tell(BackgroundState::Failed, &last);
    unfinished(last)
}

/// Whether an action plugin in Python does the task's work, which may start no job (case `action-plugin-text`).
fn has_plugin(job: &Job) -> bool {
    job.task.foreign.as_ref().is_some_and(|module| module.action_plugin.is_some())
}

fn is_finished(outcome: &Outcome) -> bool {
    outcome.values.get("finished").is_some_and(Value::is_true)
}

fn failed(outcome: &Outcome) -> bool {
    let rc = outcome.values.get("rc").and_then(Value::as_int).unwrap_or(0);
    outcome.is_failed() || outcome.is_good() && rc != 0
}

/// What stock says of a job that outlived its time: no line of an error, and these words.
fn unfinished(last: Outcome) -> Performed {
    if last.status == Status::Unreachable {
        return Performed::module(last);
    }
    let mut result = last.to_registered();
    for key in ["warnings", "deprecations"] {
        if !result.contains(key) {
            result.insert(key, Value::List(Vec::<Value>::new().into_iter().collect()));
        }
    }
    let outcome = Outcome::failed("async task produced unparsable results")
        .with("async_result", Value::Dict(result));
    Performed { outcome, effects: Vec::new(), failure: Failure::Silent }
}

/// What a task has come to before it has ended.
pub(crate) fn meanwhile(job: &Job, settled: &Settled, mut outcome: Outcome) -> HostResult {
    let helps = outcome.take_helps();
    let modes = (settled.mode, settled.diff);
    HostResult {
        delegated_to: settled.delegate.as_ref().map(|delegate| delegate.shown.clone()),
        disclosure: settled.disclosure,
        keywords: settled.keywords.clone(),
        helps,
        ..HostResult::new(job.name.clone(), &job.task.node.info, outcome, modes)
    }
}

#[cfg(test)]
mod tests {
    use nafal_base::Dict;

    use super::*;

    #[test]
    fn a_job_without_an_end() {
        let performed = unfinished(Outcome::ok().with("finished", false));
        assert!(performed.outcome.is_failed() && performed.failure == Failure::Silent);
        let result: &Dict =
            performed.outcome.values.get("async_result").unwrap().as_dict().unwrap();
        assert!(result.contains("warnings") && result.contains("failed"));
        let lost = unfinished(Outcome::unreachable("gone"));
        assert_eq!(lost.outcome.status, Status::Unreachable);
    }
}
