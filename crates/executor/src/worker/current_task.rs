//! `_task`: what a task knows of its own results while it runs (case `register-projections`).

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use nafal_base::value::{Undefined, UndefinedReason};
use nafal_base::{Dict, Object, ObjectKind, ObjectRef, Outcome, Scope, Status, Text, Value};
use nafal_variables::TaskScope;

/// Its name.
const NAME: &str = "_task";

/// What the items of a loop have come to so far.
#[derive(Clone, Default)]
pub(crate) struct Progress {
    changed: bool,
    failed: bool,
    unreachable: bool,
    ran: bool,
    warnings: Vec<Value>,
    deprecations: Vec<Value>,
    results: Vec<Value>,
}

impl Progress {
    /// Adds an item with its loop's variables.
    pub(crate) fn add(&mut self, outcome: &Outcome, local: &Dict) {
        self.changed |= outcome.changed;
        self.failed |= outcome.is_failed();
        self.unreachable |= outcome.status == Status::Unreachable;
        self.ran |= outcome.status != Status::Skipped;
        let warned = [("warnings", &mut self.warnings), ("deprecations", &mut self.deprecations)];
        for (key, all) in warned {
            let of_item = outcome.values.get(key).and_then(Value::as_list);
            all.extend(of_item.into_iter().flatten().cloned());
        }
        let mut entry = outcome.to_registered();
        for (name, value) in local.iter().filter(|(_, value)| !value.is_none()) {
            entry.insert(name.clone(), value.clone());
        }
        entry.remove("_ansible_verbose_always");
        self.results.push(Value::Dict(entry));
    }

    /// Whether something failed.
    pub(crate) fn is_bad(&self) -> bool {
        self.failed || self.unreachable
    }

    /// Whether a host wasn't reached.
    pub(crate) fn is_unreachable(&self) -> bool {
        self.unreachable
    }

    /// The loop's outcome.
    pub(crate) fn outcome(self) -> Outcome {
        let (status, message) = match (self.unreachable, self.failed, self.ran) {
            (true, true, _) => (Status::Unreachable, "One or more items failed"),
            (true, ..) => (Status::Unreachable, "All items completed"),
            (_, true, _) => (Status::Failed, "One or more items failed"),
            (_, _, true) => (Status::Ok, "All items completed"),
            _ => (Status::Skipped, "All items skipped"),
        };
        let mut outcome = Outcome { status, changed: self.changed, values: Dict::new() }
            .with("msg", message)
            .with("results", self.results);
        for (key, all) in [("warnings", self.warnings), ("deprecations", self.deprecations)] {
            if !all.is_empty() {
                outcome.values.insert(key, Value::from(all));
            }
        }
        outcome
    }
}

/// A loop's progress, which its items see.
pub(crate) type SharedProgress = Arc<Mutex<Progress>>;

/// `_task` at one moment.
#[derive(Clone, Default)]
struct CurrentTask {
    /// What the action (or the item, or the one before it) came to last.
    result: Option<Outcome>,
    /// Whether that is among the loop's results.
    counted: bool,
    /// What the items before came to.
    progress: Option<SharedProgress>,
}

/// Gives a scope the `_task` of a task that hasn't run.
pub(crate) fn begin(scope: &mut TaskScope) {
    static UNRUN: OnceLock<(Text, Value)> = OnceLock::new();
    let (name, value) = UNRUN.get_or_init(|| (Text::new(NAME), object(CurrentTask::default())));
    scope.with_local(name.clone(), value.clone());
}

/// Gives it that of a loop's item.
pub(crate) fn begin_item(
    scope: &mut TaskScope,
    progress: &SharedProgress,
    before: Option<&Outcome>,
) {
    let (result, progress) = (before.cloned(), Some(Arc::clone(progress)));
    scope.with_local(NAME, object(CurrentTask { result, counted: true, progress }));
}

/// Gives it that of a task (or an item) with this outcome.
pub(crate) fn record(scope: &mut TaskScope, outcome: &Outcome) {
    let known = match scope.get(NAME) {
        Some(Value::Obj(object)) => object.downcast::<CurrentTask>().cloned(),
        _ => None,
    };
    let progress = known.and_then(|known| known.progress);
    scope.with_local(
        NAME,
        object(CurrentTask { result: Some(outcome.clone()), counted: false, progress }),
    );
}

fn object(task: CurrentTask) -> Value {
    Value::Obj(ObjectRef::new(task))
}

fn unavailable(name: &str, reason: &str) -> Value {
    let message = format!("The _task.{name} property is unavailable: {reason}");
    Value::Undef(Arc::new(Undefined { reason: UndefinedReason::Message(message), span: None }))
}

impl CurrentTask {
    fn loop_result(&self) -> Option<Value> {
        let progress = self.progress.as_ref()?;
        let mut progress = progress.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(outcome) = self.result.as_ref().filter(|_| !self.counted) {
            progress.add(outcome, &Dict::new());
        }
        Some(Value::Dict(progress.outcome().to_registered()))
    }
}

impl fmt::Debug for CurrentTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CurrentTask()")
    }
}

impl Object for CurrentTask {
    fn type_name(&self) -> &str {
        "CurrentTask"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Plain
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        match name {
            "result" => Some(match &self.result {
                Some(outcome) => Value::Dict(outcome.to_registered()),
                None => unavailable(name, "No task result has been recorded."),
            }),
            "polymorphic_result" => match self.loop_result() {
                Some(result) => Some(result),
                None => self.attribute("result"),
            },
            "loop_result" => Some(
                self.loop_result()
                    .unwrap_or_else(|| unavailable(name, "The current task is not a loop.")),
            ),
            _ => None,
        }
    }

    fn to_text(&self) -> String {
        "CurrentTask()".to_owned()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_add_up() {
        let mut progress = Progress::default();
        let local: Dict = [("item", Value::from(1))].into_iter().collect();
        progress.add(&Outcome::skipped(), &local);
        assert_eq!(progress.clone().outcome().status, Status::Skipped);
        progress.add(&Outcome::changed(), &local);
        let outcome = progress.clone().outcome();
        assert!(outcome.changed && outcome.status == Status::Ok && !progress.is_bad());
        progress.add(&Outcome::failed("no"), &local);
        let outcome = progress.outcome();
        assert_eq!(outcome.text("msg"), Some("One or more items failed"));
        assert_eq!(
            outcome.values.get("results").and_then(Value::as_list).map(|l| l.len()),
            Some(3)
        );
    }
}
