//! The lines of hosts, items, retries and includes.

use nafal_base::event::{BackgroundState, Disclosure, HostResult, ItemResult};
use nafal_base::{HostName, Status, TaskInfo, TaskKind, Value};

use crate::clean::{Cleaned, clean};
use crate::results::Telling;
use crate::style::Color;

/// `host`, or `host -> delegate`.
fn label(result: &HostResult) -> String {
    match &result.delegated_to {
        Some(delegate) if delegate != result.host.as_str() => {
            format!("{} -> {delegate}", result.host)
        }
        _ => result.host.to_string(),
    }
}

fn is_verbose(cleaned: &Cleaned, verbosity: u8) -> bool {
    (verbosity > 0 || cleaned.always) && !(cleaned.never && verbosity < 3)
}

/// What follows a line when the result is told.
fn told(cleaned: &Cleaned, telling: &Telling) -> String {
    if is_verbose(cleaned, telling.verbosity) {
        format!(" => {}", telling.dump(cleaned))
    } else {
        String::new()
    }
}

/// What is said of a job in the background.
pub(super) fn background(host: &HostName, job: &str, state: BackgroundState) -> String {
    match state {
        BackgroundState::Running => {
            format!("ASYNC POLL on {host}: jid={job} started=True finished=False")
        }
        BackgroundState::Ok => format!("ASYNC OK on {host}: jid={job}"),
        BackgroundState::Failed => format!("ASYNC FAILED on {host}: jid={job}"),
    }
}

/// That a task starts on a host.
pub(super) fn start(host: &HostName, task: &TaskInfo) -> String {
    let kind = match task.kind {
        TaskKind::Task => "TASK",
        TaskKind::Handler => "HANDLER",
    };
    format!(" [started {kind}: {} on {host}]", task.name)
}

/// A host's line.
pub(super) fn host(result: &HostResult, telling: &Telling) -> (Color, String) {
    let mut cleaned = clean(result, telling.verbosity);
    let label = label(result);
    match result.outcome.status {
        Status::Ok if result.outcome.changed => {
            (Color::Changed, format!("changed: [{label}]{}", told(&cleaned, telling)))
        }
        Status::Ok => (Color::Ok, format!("ok: [{label}]{}", told(&cleaned, telling))),
        Status::Skipped => {
            // The items told theirs (case `callback-loops`).
            if result.task.has_loop {
                cleaned.values.remove("results");
            }
            (Color::Skip, format!("skipping: [{}]{}", result.host, told(&cleaned, telling)))
        }
        Status::Failed => {
            (Color::Error, format!("fatal: [{label}]: FAILED! => {}", telling.dump(&cleaned)))
        }
        Status::Unreachable => (
            Color::Unreachable,
            format!("fatal: [{label}]: UNREACHABLE! => {}", telling.dump(&cleaned)),
        ),
    }
}

/// An item's label as Python prints it.
fn item_label(item: &ItemResult) -> String {
    // What is hidden before anything was rendered has no label at all (case `no-log-skipped`).
    if item.result.disclosure == Disclosure::Censored && !item.label.is_none() {
        return "(censored due to no_log)".to_owned();
    }
    item.label.to_text().into_owned()
}

/// An item's line.
pub(super) fn item(item: &ItemResult, telling: &Telling) -> (Color, String) {
    let result = &item.result;
    let cleaned = clean(result, telling.verbosity);
    let (host, shown) = (label(result), item_label(item));
    let told = told(&cleaned, telling);
    match result.outcome.status {
        Status::Ok if result.outcome.changed => {
            (Color::Changed, format!("changed: [{host}] => (item={shown}){told}"))
        }
        Status::Ok => (Color::Ok, format!("ok: [{host}] => (item={shown}){told}")),
        Status::Skipped => {
            (Color::Skip, format!("skipping: [{}] => (item={shown}) {told}", result.host))
        }
        Status::Failed => {
            (Color::Error, format!("failed: [{host}] (item={shown}) => {}", telling.dump(&cleaned)))
        }
        Status::Unreachable => (
            Color::Unreachable,
            format!("failed: [{host}] (item={shown}) => {}", telling.dump(&cleaned)),
        ),
    }
}

/// A retry's line.
pub(super) fn retry(result: &HostResult, left: u32, telling: &Telling) -> String {
    let mut text = format!(
        "FAILED - RETRYING: [{}]: {} ({left} retries left).",
        label(result),
        result.task.name
    );
    let cleaned = clean(result, telling.verbosity);
    if (telling.verbosity > 2 || cleaned.always) && !cleaned.never {
        text.push_str("Result was: ");
        text.push_str(&telling.dump(&cleaned));
    }
    text
}

/// An include's line.
pub(super) fn included(name: &str, hosts: &[HostName], label: Option<&Value>) -> String {
    let hosts: Vec<&str> = hosts.iter().map(HostName::as_str).collect();
    let mut text = format!("included: {name} for {}", hosts.join(", "));
    if let Some(label) = label {
        text.push_str(&format!(" => (item={})", label.to_text()));
    }
    text
}
