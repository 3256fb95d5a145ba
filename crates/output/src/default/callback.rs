//! The callback itself: which event gives which lines, and in what order.

use std::collections::{HashMap, HashSet};

use nafal_base::event::{HostResult, ItemResult, Mode, Pace};
use nafal_base::{Event, EventSink, Severity, Status, TaskId, TaskKind, Value};

use super::{custom_stats, deprecation, lines, recap};
use crate::diff::{DiffStyle, render_diff};
use crate::log::Level;
use crate::style::{Color, Palette};
use crate::terminal::{Stream, Terminal};

/// Whether check mode is named in banners.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Markers {
    /// It isn't.
    #[default]
    Off,
    /// It is.
    On,
}

/// Whether banners of tasks tell their arguments, as they are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BannerArguments {
    /// They don't.
    #[default]
    Hidden,
    /// They do (`display_args_to_stdout`), except where `no_log` stands.
    Shown,
}

/// Whether the recap tells what `set_stats` gathered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CustomStats {
    /// It doesn't.
    #[default]
    Hidden,
    /// It does (`show_custom_stats`).
    Shown,
}

/// The callback over a terminal.
pub struct DefaultCallback {
    terminal: Terminal,
    verbosity: u8,
    markers: Markers,
    diff_context: usize,
    /// Whether hosts of skipped tasks get a line.
    show_skipped: bool,
    /// Whether hosts that are fine get a line.
    show_ok: bool,
    arguments: BannerArguments,
    custom_stats: CustomStats,
    /// The banner of a task that has shown nothing yet: where some hosts get no line, a task
    /// without any gets no banner.
    pending: Option<Banner>,
    /// What was told with its place: results carry some of it again, as text.
    told: HashSet<String>,
    pace: Pace,
    /// Where each host goes on by itself: the banners of the tasks that began, and whose results
    /// are being told.
    began: HashMap<TaskId, Banner>,
    telling: Option<TaskId>,
}

/// A task's banner, and its place when that is told.
#[derive(Clone)]
struct Banner {
    title: String,
    path: Option<String>,
}

impl DefaultCallback {
    /// A callback that tells as much as `verbosity` (from 0) says.
    pub fn new(terminal: Terminal, verbosity: u8) -> DefaultCallback {
        DefaultCallback {
            terminal,
            verbosity,
            markers: Markers::Off,
            diff_context: 3,
            show_skipped: true,
            show_ok: true,
            arguments: BannerArguments::Hidden,
            custom_stats: CustomStats::Hidden,
            pending: None,
            told: HashSet::new(),
            pace: Pace::Lockstep,
            began: HashMap::new(),
            telling: None,
        }
    }

    /// The same, with or without lines for skipped hosts (`display_skipped_hosts`) and for hosts
    /// that are fine (`display_ok_hosts`).
    #[must_use]
    pub fn shows(mut self, skipped: Option<bool>, ok: Option<bool>) -> DefaultCallback {
        self.show_skipped = skipped.unwrap_or(self.show_skipped);
        self.show_ok = ok.unwrap_or(self.show_ok);
        self
    }

    /// The same, with or without arguments in the banners of tasks.
    #[must_use]
    pub fn with_arguments(mut self, arguments: BannerArguments) -> DefaultCallback {
        self.arguments = arguments;
        self
    }

    /// The same, with or without what `set_stats` gathered.
    #[must_use]
    pub fn with_custom_stats(mut self, custom_stats: CustomStats) -> DefaultCallback {
        self.custom_stats = custom_stats;
        self
    }

    /// The same, with this many lines around a change in diffs.
    #[must_use]
    pub fn with_diff_context(mut self, lines: usize) -> DefaultCallback {
        self.diff_context = lines;
        self
    }

    /// The terminal, for what is said outside of events.
    pub fn terminal(&mut self) -> &mut Terminal {
        &mut self.terminal
    }

    fn play(&mut self, name: &str, mode: Mode) {
        let marker =
            if mode == Mode::Check && self.markers == Markers::On { " [CHECK MODE]" } else { "" };
        let name = name.trim();
        let title = if name.is_empty() {
            format!("PLAY{marker}")
        } else {
            format!("PLAY [{name}]{marker}")
        };
        self.terminal.banner(&title);
    }

    fn task(&mut self, task: &nafal_base::TaskInfo, name: &str, mode: Mode) {
        let prefix = match task.kind {
            TaskKind::Task => "TASK",
            TaskKind::Handler => "RUNNING HANDLER",
        };
        let marker =
            if mode == Mode::Check && self.markers == Markers::On { " CHECK MODE" } else { "" };
        let arguments = self.told_arguments(task);
        let path = task
            .span
            .as_ref()
            .filter(|_| self.verbosity >= 2)
            .map(|span| format!("task path: {}:{}", span.source.name, span.line));
        let banner = Banner { title: format!("{prefix} [{name}{arguments}]{marker}"), path };
        if self.pace == Pace::EachHost {
            self.began.insert(task.id, banner);
        } else {
            self.next(banner);
        }
    }

    fn next(&mut self, banner: Banner) {
        self.pending = Some(banner);
        if self.show_skipped && self.show_ok {
            self.announce();
        }
    }

    /// Where results of several tasks mix, a banner stands wherever another task's begin.
    fn turn_to(&mut self, task: &nafal_base::TaskInfo) {
        if self.pace == Pace::EachHost && self.telling != Some(task.id) {
            self.telling = Some(task.id);
            if let Some(banner) = self.began.get(&task.id).cloned() {
                self.next(banner);
            }
        }
    }

    fn told_arguments(&self, task: &nafal_base::TaskInfo) -> String {
        if self.arguments == BannerArguments::Hidden || task.no_log {
            return String::new();
        }
        let told: Vec<String> = task
            .args
            .iter()
            .map(|(key, value)| format!("{}={}", key.value().to_text(), value.to_text()))
            .collect();
        format!(" {}", told.join(", "))
    }

    /// The banner that is due before anything is shown of a task.
    fn announce(&mut self) {
        let Some(banner) = self.pending.take() else { return };
        self.terminal.banner(&banner.title);
        if let Some(path) = banner.path {
            self.terminal.line(Stream::Out, Some(Color::Debug), &path);
        }
    }

    fn diff(&mut self, result: &HostResult) {
        let wanted = result.diff
            && result.outcome.changed
            && result.disclosure == nafal_base::event::Disclosure::Shown;
        let Some(diff) = result.outcome.values.get("diff").filter(|_| wanted) else { return };
        let style = DiffStyle { context: self.diff_context, palette: self.terminal.palette() };
        let text = render_diff(diff, style);
        if !text.is_empty() {
            self.announce();
            self.terminal.line(Stream::Out, None, &text);
        }
    }

    /// Warnings that a module returned.
    fn warnings(&mut self, result: &HostResult) {
        for (key, severity) in
            [("warnings", Severity::Warning), ("deprecations", Severity::Deprecation)]
        {
            let Some(Value::List(items)) = result.outcome.values.get(key) else { continue };
            for item in items {
                let text = match item {
                    Value::Dict(dict) => Some(deprecation::sentence(dict)),
                    other => Some(other.to_text().into_owned()),
                };
                if let Some(text) = text.filter(|text| !self.told.contains(text)) {
                    let diagnostic = nafal_base::Diagnostic::new(severity, text);
                    self.terminal.diagnose(Stream::Err, &diagnostic);
                }
            }
        }
    }

    fn host(&mut self, result: &HostResult) {
        self.turn_to(&result.task);
        // Stock leaves `results` out of a failed debug before it looks for it.
        let told_alone =
            result.outcome.is_failed() && result.task.resolved_action == "ansible.builtin.debug";
        let has_items =
            result.task.has_loop && result.outcome.values.contains("results") && !told_alone;
        let hidden = match result.outcome.status {
            Status::Skipped => !self.show_skipped,
            Status::Ok => !self.show_ok && !result.outcome.changed,
            Status::Failed | Status::Unreachable => false,
        };
        self.diff(result);
        if !hidden {
            self.announce();
        }
        if !has_items && let Some(diagnostic) = &result.diagnostic {
            self.terminal.diagnose(Stream::Out, diagnostic);
        }
        self.warnings(result);
        let line = match result.outcome.status {
            // The items' own lines are enough, except where all were skipped.
            Status::Ok | Status::Failed if has_items => None,
            _ if hidden => None,
            _ => Some(lines::host(result, self.verbosity)),
        };
        if let Some((color, text)) = line {
            self.terminal.line(Stream::Out, Some(color), &text);
        }
        if result.ignored {
            self.terminal.line(Stream::Out, Some(Color::Skip), "...ignoring");
        }
    }

    fn item(&mut self, item: &ItemResult) {
        self.turn_to(&item.result.task);
        self.diff(&item.result);
        let outcome = &item.result.outcome;
        if match outcome.status {
            Status::Skipped => self.show_skipped,
            Status::Ok => self.show_ok || outcome.changed,
            Status::Failed | Status::Unreachable => true,
        } {
            self.announce();
        }
        if let Some(diagnostic) = &item.result.diagnostic {
            self.terminal.diagnose(Stream::Out, diagnostic);
        }
        self.warnings(&item.result);
        if item.result.outcome.status == Status::Skipped && !self.show_skipped {
            return;
        }
        let (color, text) = lines::item(item, self.verbosity);
        self.terminal.line(Stream::Out, Some(color), &text);
    }

    fn note(&mut self, color: Color, text: &str) {
        self.terminal.line(Stream::Out, Some(color), text);
    }
}

impl EventSink for DefaultCallback {
    fn event(&mut self, event: &Event) {
        match event {
            Event::PlaybookStarted { path, plays } => {
                if self.verbosity > 1 {
                    let name = path.rsplit('/').next().unwrap_or(path);
                    self.terminal.banner(&format!("PLAYBOOK: {name}"));
                    self.note(Color::Verbose, &format!("{plays} plays in {path}"));
                }
            }
            Event::PlayStarted { name, mode, pace, .. } => {
                self.pace = *pace;
                self.play(name, *mode);
            }
            Event::NoHostsMatched => self.note(Color::Skip, "skipping: no hosts matched"),
            Event::NoHostsRemaining => self.terminal.banner("NO MORE HOSTS LEFT"),
            Event::TaskStarted { task, name, mode } => self.task(task, name, *mode),
            Event::MetaRun { told } => {
                if self.verbosity > 1 {
                    self.note(Color::Verbose, &format!("META: {told}"));
                }
            }
            Event::HostStarted { .. } => {}
            Event::ItemFinished(item) => self.item(item),
            Event::HostFinished(result) => self.host(result),
            Event::Retrying { result, left } => {
                self.turn_to(&result.task);
                self.announce();
                let text = lines::retry(result, *left, self.verbosity);
                self.note(Color::Debug, &text);
            }
            Event::Background { host, job, state } => {
                self.announce();
                self.note(Color::Debug, &lines::background(host, job, *state));
            }
            Event::Included { name, hosts, label, task } => {
                self.turn_to(task);
                self.note(Color::Skip, &lines::included(name, hosts, label.as_ref()));
            }
            Event::Notified { host, handler } => {
                if self.verbosity > 1 {
                    self.note(Color::Verbose, &format!("NOTIFIED HANDLER {handler} for {host}"));
                }
            }
            Event::Answered { question } => self.terminal.banner(question),
            Event::Diagnosed(diagnostic) => {
                self.told.insert(diagnostic.message.clone());
                self.terminal.diagnose(Stream::Err, diagnostic);
            }
            Event::Finished { counts, custom } => {
                self.terminal.banner("PLAY RECAP");
                let mut counts: Vec<_> = counts.iter().collect();
                counts.sort_by(|a, b| a.0.cmp(&b.0));
                for (host, counts) in counts {
                    let line = |palette| recap::line(host.as_str(), counts, palette);
                    let shown = line(self.terminal.palette());
                    let logged = (Level::Info, line(Palette::Plain));
                    self.terminal.logged_as(Stream::Out, &shown, (logged.0, &logged.1));
                }
                self.terminal.line(Stream::Out, None, "");
                if self.custom_stats == CustomStats::Shown && !custom.is_empty() {
                    self.terminal.banner("CUSTOM STATS:");
                    for line in custom_stats::lines(custom) {
                        self.terminal.line(Stream::Out, None, &line);
                    }
                }
            }
        }
        self.terminal.flush();
    }
}
