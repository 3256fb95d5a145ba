//! Stock's `minimal` callback, which ad hoc runs use: a block a host.

use nafal_base::event::HostResult;
use nafal_base::{Event, EventSink, Status, Value};

use crate::clean::clean;
use crate::diff::{DiffStyle, render_diff};
use crate::results::{ResultStyle, Telling};
use crate::style::Color;
use crate::terminal::{Stream, Terminal};

/// Modules whose output is shown as a terminal would have shown it.
const RAW_OUTPUT: &[&str] = &[
    "ansible.builtin.command",
    "ansible.builtin.shell",
    "ansible.builtin.raw",
    "ansible.builtin.script",
];

/// The callback over a terminal.
pub struct Minimal {
    terminal: Terminal,
    verbosity: u8,
    diff_context: usize,
    style: ResultStyle,
}

impl Minimal {
    /// A callback that tells as much as `verbosity` (from 0) says.
    pub fn new(terminal: Terminal, verbosity: u8, style: ResultStyle) -> Minimal {
        // It has no setting for the indentation, unlike the default callback.
        let style = ResultStyle { indentation: ResultStyle::default().indentation, ..style };
        Minimal { terminal, verbosity, diff_context: 3, style }
    }

    /// The same, with this many lines around a change in diffs.
    #[must_use]
    pub fn with_diff_context(mut self, lines: usize) -> Minimal {
        self.diff_context = lines;
        self
    }

    /// The terminal, for what is said outside of events.
    pub fn terminal(&mut self) -> &mut Terminal {
        &mut self.terminal
    }

    fn host(&mut self, result: &HostResult) {
        if result.diff
            && result.outcome.changed
            && let Some(diff) = result.outcome.values.get("diff")
        {
            let style = DiffStyle { context: self.diff_context, palette: self.terminal.palette() };
            let text = render_diff(diff, style);
            self.terminal.line(Stream::Out, None, &text);
        }
        if let Some(diagnostic) = &result.diagnostic
            && !result.outcome.is_good()
        {
            self.terminal.diagnose(Stream::Out, diagnostic);
        }
        let (color, text) = self.block(result);
        self.terminal.line(Stream::Out, Some(color), &text);
    }

    fn block(&self, result: &HostResult) -> (Color, String) {
        let mut cleaned = clean(result, self.verbosity);
        cleaned.always = true;
        let host = &result.host;
        let telling = Telling {
            style: self.style,
            verbosity: self.verbosity,
            columns: self.terminal.columns(),
        };
        let raw = RAW_OUTPUT.contains(&result.task.resolved_action.as_str())
            && match result.outcome.status {
                Status::Failed => true,
                _ => !result.outcome.values.contains("ansible_job_id"),
            };
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
            return (color, self.raw_block(result, state));
        }
        (color, format!("{host} | {state} => {}", telling.dump(&cleaned)))
    }

    fn raw_block(&self, result: &HostResult, state: &str) -> String {
        let values = &result.outcome.values;
        let text = |key: &str| values.get(key).map(|value| value.to_text().into_owned());
        let rc = values.get("rc").map_or_else(|| "-1".to_owned(), |rc| rc.to_text().into_owned());
        let mut block = format!("{} | {state} | rc={rc} >>\n", result.host);
        for key in ["stdout", "stderr", "msg"] {
            if let Some(part) = text(key).filter(|part| !part.is_empty()) {
                block.push_str(&part);
            }
        }
        block.push('\n');
        block
    }
}

impl EventSink for Minimal {
    fn event(&mut self, event: &Event) {
        match event {
            Event::HostFinished(result)
                if !result.task.has_loop
                    || !matches!(result.outcome.values.get("results"), Some(Value::List(_))) =>
            {
                self.host(result);
            }
            Event::Diagnosed(diagnostic) => self.terminal.diagnose(Stream::Err, diagnostic),
            _ => {}
        }
        self.terminal.flush();
    }
}
