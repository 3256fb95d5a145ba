//! Stock's `oneline` callback: a line a host.

use nafal_base::event::HostResult;
use nafal_base::value::json::{Style, to_json};
use nafal_base::{Dict, Event, EventSink, HostName, Status, Value};

use crate::callback::Callback;
use crate::clean::{Cleaned, clean_whole};
use crate::progress;
use crate::style::Color;
use crate::terminal::{Stream, Terminal};
use crate::whole::is_raw;

/// The callback over a terminal.
pub struct Oneline {
    terminal: Terminal,
    verbosity: u8,
}

impl Oneline {
    /// A callback that tells as much as `verbosity` (from 0) says.
    pub fn new(terminal: Terminal, verbosity: u8) -> Oneline {
        Oneline { terminal, verbosity }
    }

    fn host(&mut self, result: &HostResult) {
        for (color, text) in lines(result, self.verbosity) {
            self.terminal.line(Stream::Out, Some(color), &text);
        }
    }

    /// An include is a task that went well.
    fn included(&mut self, hosts: &[HostName]) {
        for host in hosts {
            let text = format!("{host} | SUCCESS => {{\"changed\": false}}");
            self.terminal.line(Stream::Out, Some(Color::Ok), &text);
        }
    }
}

impl Callback for Oneline {
    fn terminal(&mut self) -> &mut Terminal {
        &mut self.terminal
    }
}

impl EventSink for Oneline {
    fn event(&mut self, event: &Event) {
        match event {
            Event::HostFinished(result) => self.host(result),
            Event::Included { hosts, label: None, .. } => self.included(hosts),
            other => progress::tell(&mut self.terminal, other, self.verbosity),
        }
        self.terminal.flush();
    }
}

fn lines(result: &HostResult, verbosity: u8) -> Vec<(Color, String)> {
    let cleaned = clean_whole(result, verbosity);
    let host = &result.host;
    let text = |key: &str| {
        cleaned.values.get(key).map(|value| value.to_text().into_owned()).unwrap_or_default()
    };
    let (state, color) = match result.outcome.status {
        Status::Unreachable => {
            return vec![(Color::Unreachable, format!("{host} | UNREACHABLE!: {}", text("msg")))];
        }
        Status::Skipped => return vec![(Color::Skip, format!("{host} | SKIPPED"))],
        Status::Failed => return failed(result, &cleaned, verbosity),
        Status::Ok if result.outcome.changed => ("CHANGED", Color::Changed),
        Status::Ok => ("SUCCESS", Color::Ok),
    };
    let line = if is_raw(result) {
        output(host, state, &cleaned.values)
    } else {
        format!("{host} | {state} => {}", dump(&cleaned, verbosity))
    };
    vec![(color, line)]
}

/// Why it failed, then the result.
fn failed(result: &HostResult, cleaned: &Cleaned, verbosity: u8) -> Vec<(Color, String)> {
    let host = &result.host;
    let all = result.outcome.to_result();
    let mut lines = Vec::new();
    if is_raw(result) {
        lines.push((Color::Error, output(host, "FAILED", &cleaned.values)));
    } else if let Some(exception) = all.get("exception") {
        let exception = exception.to_text();
        let what = "An exception occurred during task execution.";
        let told = if verbosity < 3 {
            let last = exception.trim().lines().last().unwrap_or_default();
            format!("{what} To see the full traceback, use -vvv. The error was: {last}")
        } else {
            format!("{what} The full traceback is:\n{}", exception.replace('\n', ""))
        };
        lines.push((Color::Error, told));
    }
    lines.push((Color::Error, format!("{host} | FAILED! => {}", dump(cleaned, verbosity))));
    lines
}

/// What a command wrote.
fn output(host: &HostName, state: &str, values: &Dict) -> String {
    let text = |key: &str| {
        let text = values.get(key).map(|value| value.to_text().into_owned()).unwrap_or_default();
        text.replace('\n', "\\n").replace('\r', "\\r")
    };
    let rc = values.get("rc").map_or_else(|| "-1".to_owned(), |rc| rc.to_text().into_owned());
    let mut line = format!("{host} | {state} | rc={rc} | (stdout) {}", text("stdout"));
    let stderr = text("stderr");
    if !stderr.is_empty() {
        line.push_str(&format!(" (stderr) {stderr}"));
    }
    line
}

/// JSON of several lines, without the line ends.
fn dump(cleaned: &Cleaned, verbosity: u8) -> String {
    indented(cleaned, verbosity).replace(['\n', '\r'], "")
}

/// JSON whose lines aren't indented, but where that was asked for.
pub(crate) fn indented(cleaned: &Cleaned, verbosity: u8) -> String {
    let indent = if cleaned.always || verbosity > 2 { 4 } else { 0 };
    to_json(&Value::Dict(cleaned.values.clone()), Style::indented(indent).sorted().unicode())
}
