//! Results as they are shown: without what is not meant for eyes. Must not know how they are written.

use nafal_base::event::{Disclosure, HostResult};
use nafal_base::{Dict, Value};

/// A result that may be shown.
pub struct Cleaned {
    /// What is left.
    pub values: Dict,
    /// Whether it is always shown, on several lines (`debug`, `assert`).
    pub always: bool,
    /// Whether it is shown only when asked for loudly (facts).
    pub never: bool,
}

/// What `debug` shows beside its message.
const DEBUG_KEPT: &[&str] = &["msg"];
/// What `debug: var=` doesn't show.
const DEBUG_HIDDEN: &[&str] = &[
    "changed",
    "failed",
    "skipped",
    "invocation",
    "skip_reason",
    "exception",
    "warnings",
    "deprecations",
    "ansible_loop_var",
    "ansible_loop",
    "ansible_index_var",
];

/// Whether a `debug` is only its message.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Debugs {
    Reduced,
    Whole,
}

/// A result without private keys, diff and what `no_log` hides, and a `debug` without what nobody
/// asked it.
pub(crate) fn clean(result: &HostResult, verbosity: u8) -> Cleaned {
    cleaned(result, verbosity, Debugs::Reduced)
}

/// The same, with all of a `debug`.
pub(crate) fn clean_whole(result: &HostResult, verbosity: u8) -> Cleaned {
    cleaned(result, verbosity, Debugs::Whole)
}

fn cleaned(result: &HostResult, verbosity: u8, debugs: Debugs) -> Cleaned {
    let all = result.outcome.to_result();
    let flag = |key: &str| all.get(key).is_some_and(Value::is_true);
    let (always, never) = (flag("_ansible_verbose_always"), flag("_ansible_verbose_override"));
    let is_debug = debugs == Debugs::Reduced && result.task.short_action() == "debug";
    if result.disclosure == Disclosure::Censored {
        // A debug's own keys are left out before the rest is hidden. Whether it is to be shown at all is hidden, too.
        let kept: &[&str] = match is_debug {
            true => &["unreachable", "attempts"],
            false => &["changed", "unreachable", "attempts"],
        };
        return Cleaned { values: censored(&all, kept), always: false, never: false };
    }
    let has_message = all.contains("msg");
    let values = all
        .iter()
        .filter(|(key, _)| {
            let Some(key) = key.as_str() else { return true };
            if key.starts_with("_ansible_") {
                return false;
            }
            if is_debug {
                return if has_message {
                    DEBUG_KEPT.contains(&key) && !all.get(key).is_some_and(Value::is_none)
                } else {
                    !DEBUG_HIDDEN.contains(&key)
                };
            }
            match key {
                "diff" | "invocation" => verbosity >= 3,
                "failed" | "skipped" | "exception" | "warnings" | "deprecations" => false,
                _ => true,
            }
        })
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    Cleaned { values: without_verdicts(values), always, never }
}

/// Items of a loop say nothing of having failed or been skipped (case `callback-others`).
fn without_verdicts(mut values: Dict) -> Dict {
    if let Some(Value::List(items)) = values.get("results") {
        let plain = |item: &Value| {
            let mut item = item.clone();
            if let Value::Dict(dict) = &mut item {
                dict.remove("failed");
                dict.remove("skipped");
            }
            item
        };
        let items: Vec<Value> = items.iter().map(plain).collect();
        values.insert("results", Value::from(items));
    }
    values
}

/// What `no_log` leaves.
fn censored(all: &Dict, kept_keys: &[&str]) -> Dict {
    let mut kept = Dict::new();
    kept.insert(
        "censored",
        Value::from("the output has been hidden due to the fact that 'no_log: true' was specified for this result"),
    );
    for &key in kept_keys {
        if let Some(value) = all.get(key) {
            kept.insert(key, value.clone());
        }
    }
    kept
}
