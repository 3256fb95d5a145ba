//! Stock's `minimal` callback, which ad hoc runs have: a block a host.

use std::collections::HashSet;

use nafal_base::event::{Disclosure, HostResult};
use nafal_base::{Dict, Event, EventSink, HostName, Status, Value};

use crate::callback::Callback;
use crate::clean::{Cleaned, clean, clean_whole};
use crate::diff::{DiffStyle, render_diff};
use crate::results::{ResultStyle, Telling};
use crate::style::Color;
use crate::terminal::{Stream, Terminal};
use crate::{progress, warnings};

/// Modules whose output is shown as a terminal would have shown it.
const RAW_OUTPUT: &[&str] = &["command", "raw", "shell", "win_command", "win_shell"];

/// The callback over a terminal.
pub struct Minimal {
    terminal: Terminal,
    verbosity: u8,
    diff_context: usize,
    style: ResultStyle,
    /// What was told with its place.
    told: HashSet<String>,
}

impl Minimal {
    /// A callback that tells as much as `verbosity` (from 0) says.
    pub fn new(terminal: Terminal, verbosity: u8, style: ResultStyle) -> Minimal {
        // It has no setting for the indentation, unlike the default callback.
        let style = ResultStyle { indentation: ResultStyle::default().indentation, ..style };
        Minimal { terminal, verbosity, diff_context: 3, style, told: HashSet::new() }
    }

    /// The same, with this many lines around a change in diffs.
    #[must_use]
    pub fn with_diff_context(mut self, lines: usize) -> Minimal {
        self.diff_context = lines;
        self
    }

    fn host(&mut self, result: &HostResult) {
        self.diffs(result);
        let has_items = matches!(result.outcome.values.get("results"), Some(Value::List(_)));
        if let Some(diagnostic) = &result.diagnostic
            && !(result.task.has_loop && has_items)
            && !result.outcome.is_good()
        {
            self.terminal.diagnose_result(Stream::Out, result, diagnostic);
        }
        warnings::tell(&mut self.terminal, result, &self.told);
        let (color, text) = self.block(result);
        self.terminal.line(Stream::Out, Some(color), &text);
    }

    /// What changed, of every item of a loop; what failed isn't asked (case `diff-own`).
    fn diffs(&mut self, result: &HostResult) {
        if !result.diff || result.disclosure != Disclosure::Shown || !result.outcome.is_good() {
            return;
        }
        let values = &result.outcome.values;
        let items = values.get("results").and_then(Value::as_list).filter(|_| result.task.has_loop);
        let of_items = items.into_iter().flat_map(|items| items.iter());
        let of_items = of_items.filter_map(|item| item.as_dict()?.get("diff"));
        let style = DiffStyle { context: self.diff_context, palette: self.terminal.palette() };
        for diff in values.get("diff").into_iter().chain(of_items).filter(|diff| diff.is_true()) {
            let text = render_diff(diff, style);
            self.terminal.line(Stream::Out, None, &text);
        }
    }

    fn block(&self, result: &HostResult) -> (Color, String) {
        // A debug that failed isn't reduced.
        let mut cleaned = match result.outcome.status {
            Status::Failed => clean_whole(result, self.verbosity),
            _ => clean(result, self.verbosity),
        };
        cleaned.always = true;
        let host = &result.host;
        let telling = self.telling();
        let raw = is_raw(result);
        let (state, color) = match result.outcome.status {
            Status::Unreachable => {
                return (
                    Color::Unreachable,
                    format!("{host} | UNREACHABLE! => {}", telling.dump(&cleaned)),
                );
            }
            Status::Skipped => {
                cleaned.always = false;
                return (Color::Skip, format!("{host} | SKIPPED"));
            }
            Status::Failed if raw => ("FAILED", Color::Error),
            Status::Failed => ("FAILED!", Color::Error),
            Status::Ok if result.outcome.changed => ("CHANGED", Color::Changed),
            Status::Ok => ("SUCCESS", Color::Ok),
        };
        if raw {
            return (color, raw_block(host, &cleaned.values, state));
        }
        (color, format!("{host} | {state} => {}", telling.dump(&cleaned)))
    }

    /// An include is a task that went well.
    fn included(&mut self, hosts: &[HostName]) {
        let values = [("changed", Value::Bool(false))].into_iter().collect();
        let text = self.telling().dump(&Cleaned { values, always: true, never: false });
        for host in hosts {
            self.terminal.line(
                Stream::Out,
                Some(Color::Ok),
                &format!("{host} | SUCCESS => {text}"),
            );
        }
    }

    fn telling(&self) -> Telling {
        Telling { style: self.style, verbosity: self.verbosity, columns: self.terminal.columns() }
    }
}

/// Whether what a command wrote is shown instead of its result.
pub(crate) fn is_raw(result: &HostResult) -> bool {
    RAW_OUTPUT.contains(&result.task.short_action())
        && (result.outcome.status == Status::Failed
            || !result.outcome.values.contains("ansible_job_id"))
}

/// Of the cleaned values: what `no_log` hides isn't shown here either.
fn raw_block(host: &HostName, values: &Dict, state: &str) -> String {
    let text = |key: &str| values.get(key).map(|value| value.to_text().into_owned());
    let rc = text("rc").unwrap_or_else(|| "-1".to_owned());
    let mut block = format!("{host} | {state} | rc={rc} >>\n");
    for key in ["stdout", "stderr", "msg"] {
        if let Some(part) = text(key).filter(|part| !part.is_empty()) {
            block.push_str(&part);
        }
    }
    block.push('\n');
    block
}

impl Callback for Minimal {
    fn terminal(&mut self) -> &mut Terminal {
        &mut self.terminal
    }
}

impl EventSink for Minimal {
    fn event(&mut self, event: &Event) {
        match event {
            Event::HostFinished(result) => self.host(result),
            Event::Included { hosts, label: None, .. } => self.included(hosts),
            other => {
                if let Event::Diagnosed(diagnostic) = other {
                    self.told.insert(diagnostic.message.clone());
                }
                progress::tell(&mut self.terminal, other, self.verbosity);
            }
        }
        self.terminal.flush();
    }
}
