//! What a task did on a host (or for one item of its loop). A failed task is an outcome, not an
//! error.

use serde::{Deserialize, Serialize};

use crate::value::json_read::LoneSurrogate;
use crate::value::{Dict, Key, Value};

/// How it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// It did what it should.
    #[default]
    Ok,
    /// A condition said no.
    Skipped,
    /// The module, the action or a condition said that it failed.
    Failed,
    /// The host could not be reached: a fault of transport, never of the module.
    Unreachable,
}

/// How a task ended, whether it changed anything, and what it returns.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// Whether it changed something.
    pub changed: bool,
    /// Everything else that it returns, under stock's keys (`msg`, `rc`, `stdout`, `diff`,
    /// `ansible_facts`, `warnings`, …). Never `changed`, `failed`, `skipped`, `unreachable`.
    pub values: Dict,
}

/// The key under which an unexpected error travels.
const RAISED: &str = "_ansible_raised";
/// The key under which half a character travels: its code and its place.
const NOT_TEXT: &str = "_ansible_not_text";
/// The key under which travels what to do about warnings and deprecations.
const HELPS: &str = "_ansible_helps";
/// The key of a result whose diff is shown, whoever asked for one.
pub const SHOWS_DIFF: &str = "_ansible_shows_diff";
/// The key under which a module's traceback travels.
const TRACEBACK: &str = "_ansible_traceback";
/// What a failed result's `exception` says where there is no traceback, as stock has it.
pub const NO_TRACEBACK: &str = "(traceback unavailable)";
/// The keys that a registered result starts with, as far as it has them.
const FIRST: &[&str] = &[
    "changed",
    "failed",
    "unreachable",
    "skipped",
    "skip_reason",
    "skipped_reason",
    "false_condition",
    "warnings",
    "deprecations",
    "ansible_facts",
    "exception",
    "finished",
    "msg",
    "rc",
    "attempts",
    "diff",
    "changed_when_result",
    "failed_when_result",
    "failed_when_suppressed_exception",
    "break_when_result",
    "ansible_job_id",
    "ansible_loop_var",
    "ansible_index_var",
];

impl Outcome {
    /// It did what it should and changed nothing.
    pub fn ok() -> Outcome {
        Outcome::default()
    }

    /// It did what it should and changed something.
    pub fn changed() -> Outcome {
        Outcome { changed: true, ..Outcome::default() }
    }

    /// Puts entries before those that one of its lists has (`warnings`, `deprecations`); none make no list.
    pub fn put_before(&mut self, key: &str, mut entries: Vec<Value>) {
        if entries.is_empty() {
            return;
        }
        if let Some(Value::List(known)) = self.values.get(key) {
            entries.extend(known.iter().cloned());
        }
        self.values.insert(key, Value::from(entries));
    }

    /// It failed, and why.
    pub fn failed(message: impl Into<Box<str>>) -> Outcome {
        Outcome { status: Status::Failed, ..Outcome::default() }.with("msg", Value::text(message))
    }

    /// It ended by an error that it didn't expect (a Python module's exception): the result's
    /// `msg` is the whole chain of who failed, which the executor writes. A list is an error with
    /// its causes, outermost first.
    pub fn raised(error: impl Into<Value>) -> Outcome {
        Outcome { status: Status::Failed, ..Outcome::default() }.with(RAISED, error)
    }

    /// The error that [`Outcome::raised`] was made with, taken out.
    pub fn take_raised(&mut self) -> Option<Value> {
        if self.values.contains(RAISED) { self.values.remove(RAISED) } else { None }
    }

    /// Notes what to do about a warning or deprecation of its own.
    pub fn note_help(&mut self, message: &str, help: &str) {
        let mut all = match self.values.remove(HELPS) {
            Some(Value::Dict(all)) => all,
            _ => Dict::new(),
        };
        all.insert(message, Value::from(help));
        self.values.insert(HELPS, Value::Dict(all));
    }

    /// What was noted to do about messages, taken out.
    pub fn take_helps(&mut self) -> Dict {
        if !self.values.contains(HELPS) {
            return Dict::new();
        }
        match self.values.remove(HELPS) {
            Some(Value::Dict(all)) => all,
            _ => Dict::new(),
        }
    }

    /// Notes the traceback of a module in Python, which was asked for.
    pub fn note_traceback(&mut self, text: impl Into<Value>) {
        self.values.insert(TRACEBACK, text.into());
    }

    /// The traceback that was noted, taken out.
    pub fn take_traceback(&mut self) -> Option<String> {
        if !self.values.contains(TRACEBACK) {
            return None;
        }
        self.values.remove(TRACEBACK).map(|text| text.to_text().into_owned())
    }

    /// The same, with a note of the first of these bytes that is no text, unless there is one. Python keeps
    /// such a byte as half a character.
    #[must_use]
    pub fn noting(self, bytes: &[u8]) -> Outcome {
        let Err(error) = std::str::from_utf8(bytes) else { return self };
        if self.values.contains(NOT_TEXT) {
            return self;
        }
        let (text, rest) = bytes.split_at(error.valid_up_to());
        let position = String::from_utf8_lossy(text).chars().count();
        let code = 0xdc00 + i64::from(rest.first().copied().unwrap_or_default());
        let note = [code, i64::try_from(position).unwrap_or(i64::MAX)].map(Value::Int);
        self.with(NOT_TEXT, Vec::from(note))
    }

    /// The note of [`Outcome::noting`], taken out.
    pub fn take_noted(&mut self) -> Option<LoneSurrogate> {
        let note =
            self.values.contains(NOT_TEXT).then(|| self.values.remove(NOT_TEXT)).flatten()?;
        let mut numbers = note.as_list()?.iter().filter_map(Value::as_int);
        let code = u32::try_from(numbers.next()?).ok()?;
        let position = usize::try_from(numbers.next()?).ok()?;
        Some(LoneSurrogate { code, position })
    }

    /// The host could not be reached, and why.
    pub fn unreachable(message: impl Into<Box<str>>) -> Outcome {
        Outcome { status: Status::Unreachable, ..Outcome::default() }
            .with("msg", Value::text(message))
    }

    /// It was skipped.
    pub fn skipped() -> Outcome {
        Outcome { status: Status::Skipped, ..Outcome::default() }
    }

    /// The same, with one value more.
    #[must_use]
    pub fn with(mut self, key: impl Into<Key>, value: impl Into<Value>) -> Outcome {
        self.values.insert(key, value.into());
        self
    }

    /// The same, changed if `changed` says so.
    #[must_use]
    pub fn changed_if(mut self, changed: bool) -> Outcome {
        self.changed |= changed;
        self
    }

    /// Whether it failed (unreachable is not failed).
    pub fn is_failed(&self) -> bool {
        self.status == Status::Failed
    }

    /// Whether it ended well or was skipped.
    pub fn is_good(&self) -> bool {
        matches!(self.status, Status::Ok | Status::Skipped)
    }

    /// A text among its values.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.values.get(key).and_then(Value::as_str)
    }

    /// What `register` stores: the values with `changed`, `failed` and, where they hold,
    /// `skipped` and `unreachable`. What every result may have comes first, as templates that
    /// print a whole result show it.
    pub fn to_registered(&self) -> Dict {
        let mut all = self.to_result();
        let failed = self.status == Status::Failed;
        all.insert("failed", Value::Bool(failed));
        // A loop's failure is its items'.
        if failed && !all.contains("exception") && !all.contains("results") {
            all.insert("exception", Value::from(NO_TRACEBACK));
        }
        let mut ordered = Dict::with_capacity(all.len());
        // An item's variables have names of their own choice.
        let named = ["ansible_loop_var", "ansible_index_var"].map(|key| all.get(key)?.as_str());
        let first =
            FIRST.iter().copied().chain(named.into_iter().flatten()).chain(["ansible_loop"]);
        for key in first {
            if let Some((key, value)) = all.entry(key) {
                ordered.insert(key.clone(), value.clone());
            }
        }
        for (key, value) in &all {
            // What is for who shows the result alone, nobody registers.
            let is_private = key.as_str().is_some_and(|key| key.starts_with("_ansible_verbose_"));
            if !is_private && ordered.lookup(key.value()).is_none() {
                ordered.insert(key.clone(), value.clone());
            }
        }
        ordered
    }

    /// What a callback shows: the values with `changed` and, where they hold, `failed`, `skipped`
    /// and `unreachable`.
    pub fn to_result(&self) -> Dict {
        let mut dict = self.values.clone();
        dict.insert("changed", Value::Bool(self.changed));
        match self.status {
            Status::Ok => {}
            Status::Skipped => {
                dict.insert("skipped", Value::Bool(true));
            }
            Status::Failed => {
                dict.insert("failed", Value::Bool(true));
            }
            Status::Unreachable => {
                dict.insert("unreachable", Value::Bool(true));
            }
        }
        dict
    }

    /// The outcome that a result dict says, as modules in other languages give it.
    pub fn from_result(mut values: Dict) -> Outcome {
        let mut flag = |key: &str| values.remove(key).is_some_and(|value| value.is_true());
        let (changed, failed) = (flag("changed"), flag("failed"));
        let (skipped, unreachable) = (flag("skipped"), flag("unreachable"));
        let status = match (unreachable, failed, skipped) {
            (true, ..) => Status::Unreachable,
            (_, true, _) => Status::Failed,
            (.., true) => Status::Skipped,
            _ => Status::Ok,
        };
        Outcome { status, changed, values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let outcome = Outcome::failed("no").changed_if(true).with("rc", 2);
        let back = Outcome::from_result(outcome.to_result());
        assert_eq!(back.status, Status::Failed);
        assert!(back.changed);
        assert_eq!(back.values, outcome.values);
    }
}
