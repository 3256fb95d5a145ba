//! From a performed action to what is registered and shown: `changed_when`, `failed_when`, `until`.

use nafal_actions::{Failure, Performed};
use nafal_base::outcome::NO_TRACEBACK;
use nafal_base::{Outcome, Status, Value};
use nafal_templating::Renderer;
use nafal_variables::TaskScope;

use crate::prepared::Prepared;
use crate::worker::conditions::{self, Verdict};
use crate::worker::fault::Fault;
use crate::worker::projections::with_result;

/// A result as conditions see it: what it warned of is there even when it is nothing, which nobody
/// registers (case `register-warnings`).
pub(crate) fn judged(outcome: &Outcome) -> Outcome {
    let mut outcome = outcome.clone();
    for key in ["warnings", "deprecations"] {
        if !outcome.values.contains(key) {
            outcome.values.insert(key, Value::from(Vec::<Value>::new()));
        }
    }
    outcome
}

/// The scope in which conditions judge a result.
fn while_judged(scope: &TaskScope, task: &Prepared, outcome: &Outcome) -> TaskScope {
    with_result(scope, task, &judged(outcome))
}

/// What a module's result says of itself beside its keys: a non-zero `rc` is a failure.
pub(crate) fn judge(performed: &mut Performed) {
    let outcome = &mut performed.outcome;
    if outcome.status == Status::Ok
        && let Some(rc) = outcome.values.get("rc")
        && !matches!(rc.as_int(), Some(0) | None)
    {
        outcome.status = Status::Failed;
        if !outcome.values.contains("msg") {
            outcome.values.insert("msg", Value::from("non-zero return code"));
        }
    }
}

/// Whether there is no result that conditions and retries could be about: the time was over, or an error
/// ended the action before it had one (case `failed-when-raised`).
pub(crate) fn is_beyond_conditions(performed: &Performed) -> bool {
    let outcome = &performed.outcome;
    let is_raised = match &performed.failure {
        Failure::Raised(causes) => {
            causes.first().is_some_and(|cause| !cause.message.starts_with("Module failed: "))
        }
        _ => false,
    };
    outcome.is_failed() && (is_raised || outcome.values.contains("timedout"))
}

/// Applies `changed_when` and `failed_when`.
pub(crate) fn apply(task: &Prepared, scope: &TaskScope, performed: &mut Performed) {
    let node = &task.node;
    // Conditions aren't asked about what did nothing: a command in check mode would fail for an `rc` that
    // nobody has seen (case module-shell).
    if matches!(performed.outcome.status, Status::Unreachable | Status::Skipped) {
        return;
    }
    if let Some(conditions) = &node.changed_when {
        let scope = while_judged(scope, task, &performed.outcome);
        let renderer = Renderer::new(&scope, &*task.effects);
        match conditions::all("changed_when", conditions, &node.keywords, &renderer) {
            Ok(verdict) => {
                let changed = matches!(verdict, Verdict::Holds);
                performed.outcome.changed = changed;
                performed.outcome.values.insert("changed_when_result", Value::Bool(changed));
            }
            Err(fault) => return broken("changed_when", fault, performed),
        }
    }
    if let Some(conditions) = &node.failed_when {
        let scope = while_judged(scope, task, &performed.outcome);
        let renderer = Renderer::new(&scope, &*task.effects);
        let failed = match conditions::all("failed_when", conditions, &node.keywords, &renderer) {
            Ok(verdict) => matches!(verdict, Verdict::Holds),
            Err(fault) => return broken("failed_when", fault, performed),
        };
        let outcome = &mut performed.outcome;
        outcome.values.insert("failed_when_result", Value::Bool(failed));
        if outcome.status == Status::Failed {
            suppress("failed_when", outcome);
        } else if failed {
            performed.failure = Failure::Action;
        }
        outcome.status = if failed { Status::Failed } else { Status::Ok };
    }
}

/// Stock keeps where the error came from; so do we, as far as somebody wants to know.
fn suppress(keyword: &str, outcome: &mut Outcome) {
    let traceback = outcome.take_traceback();
    let told = traceback.as_deref().unwrap_or(NO_TRACEBACK);
    outcome.values.remove("exception");
    outcome.values.insert(format!("{keyword}_suppressed_exception"), Value::from(told));
}

/// A condition that can't be evaluated fails the task, which keeps what its action returned.
fn broken(keyword: &str, fault: Fault, performed: &mut Performed) {
    let told: Vec<&str> = fault.0.iter().map(|cause| cause.message.trim_end_matches('.')).collect();
    let told = told.join(": ");
    let told = told.split_once("failed: ").map_or(told.as_str(), |(_, rest)| rest).to_owned();
    let outcome = &mut performed.outcome;
    let failed = outcome.status == Status::Failed;
    if failed {
        suppress(keyword, outcome);
        let _ = outcome.take_raised();
    }
    let who = if failed && performed.failure == Failure::Module { "Module" } else { "Action" };
    outcome.status = Status::Failed;
    outcome.values.insert(format!("{keyword}_result"), Value::from(told));
    performed.failure = Failure::Raised(fault.below(format!("{who} failed"), None).0);
}

/// Whether `until` is met; without one, whether the task succeeded (`retries` alone).
pub(crate) fn is_met(task: &Prepared, scope: &TaskScope, outcome: &Outcome) -> Result<bool, Fault> {
    if task.node.until.is_empty() {
        return Ok(outcome.status != Status::Failed);
    }
    let scope = while_judged(scope, task, outcome);
    let renderer = Renderer::new(&scope, &*task.effects);
    conditions::all("until", &task.node.until, &task.node.keywords, &renderer)
        .map(|verdict| matches!(verdict, Verdict::Holds))
}
