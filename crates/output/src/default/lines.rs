//! The lines of hosts, items, retries and includes.

use nafal_base::event::{BackgroundState, Disclosure, HostResult, ItemResult};
use nafal_base::{HostName, Status, Value};

use crate::clean::{Cleaned, clean, dump};
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
fn told(cleaned: &Cleaned, verbosity: u8) -> String {
    if is_verbose(cleaned, verbosity) {
        format!(" => {}", dump(cleaned, verbosity))
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

/// A host's line.
pub(super) fn host(result: &HostResult, verbosity: u8) -> (Color, String) {
    let cleaned = clean(result, verbosity);
    let label = label(result);
    match result.outcome.status {
        Status::Ok if result.outcome.changed => {
            (Color::Changed, format!("changed: [{label}]{}", told(&cleaned, verbosity)))
        }
        Status::Ok => (Color::Ok, format!("ok: [{label}]{}", told(&cleaned, verbosity))),
        Status::Skipped => {
            (Color::Skip, format!("skipping: [{}]{}", result.host, told(&cleaned, verbosity)))
        }
        Status::Failed => {
            (Color::Error, format!("fatal: [{label}]: FAILED! => {}", dump(&cleaned, verbosity)))
        }
        Status::Unreachable => (
            Color::Unreachable,
            format!("fatal: [{label}]: UNREACHABLE! => {}", dump(&cleaned, verbosity)),
        ),
    }
}

/// An item's label as Python prints it.
fn item_label(item: &ItemResult) -> String {
    if item.result.disclosure == Disclosure::Censored {
        return "(censored due to no_log)".to_owned();
    }
    item.label.to_text().into_owned()
}

/// An item's line.
pub(super) fn item(item: &ItemResult, verbosity: u8) -> (Color, String) {
    let result = &item.result;
    let cleaned = clean(result, verbosity);
    let (host, shown) = (label(result), item_label(item));
    let told = told(&cleaned, verbosity);
    match result.outcome.status {
        Status::Ok if result.outcome.changed => {
            (Color::Changed, format!("changed: [{host}] => (item={shown}){told}"))
        }
        Status::Ok => (Color::Ok, format!("ok: [{host}] => (item={shown}){told}")),
        Status::Skipped => {
            (Color::Skip, format!("skipping: [{}] => (item={shown}) {told}", result.host))
        }
        Status::Failed => (
            Color::Error,
            format!("failed: [{host}] (item={shown}) => {}", dump(&cleaned, verbosity)),
        ),
        Status::Unreachable => (
            Color::Unreachable,
            format!("failed: [{host}] (item={shown}) => {}", dump(&cleaned, verbosity)),
        ),
    }
}

/// A retry's line.
pub(super) fn retry(result: &HostResult, left: u32, verbosity: u8) -> String {
    let mut text = format!(
        "FAILED - RETRYING: [{}]: {} ({left} retries left).",
        label(result),
        result.task.name
    );
    if verbosity > 2 {
        text.push_str(" Result was: ");
        text.push_str(&dump(&clean(result, verbosity), verbosity));
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
