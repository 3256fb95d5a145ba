//! The callback itself: which event gives which lines, and in what order.

use std::collections::{HashMap, HashSet};

use nafal_base::event::{HostResult, ItemResult, Mode, Pace};
use nafal_base::{Dict, Event, EventSink, HostName, Outcome, Status, TaskId, TaskInfo, TaskKind};
use nafal_templating::FromValue;

use super::options::DefaultOptions;
use super::{custom_stats, lines, recap};
use crate::callback::Callback;
use crate::diff::{DiffStyle, render_diff};
use crate::log::Level;
use crate::results::Telling;
use crate::style::{Color, Palette};
use crate::terminal::{Stream, Terminal};
use crate::{progress, warnings};

/// The callback over a terminal.
pub struct DefaultCallback {
    terminal: Terminal,
    verbosity: u8,
    options: DefaultOptions,
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
    pub fn new(terminal: Terminal, verbosity: u8, options: DefaultOptions) -> DefaultCallback {
        DefaultCallback {
            terminal,
            verbosity,
            options,
            pending: None,
            told: HashSet::new(),
            pace: Pace::Lockstep,
            began: HashMap::new(),
            telling: None,
        }
    }

    fn results(&self) -> Telling {
        Telling {
            style: self.options.results,
            verbosity: self.verbosity,
            columns: self.terminal.columns(),
        }
    }

    fn marker(&self, mode: Mode) -> &'static str {
        let told = mode == Mode::Check && self.options.markers.are_shown();
        if told { " [CHECK MODE]" } else { "" }
    }

    /// That the run only says what it would do, at its beginning and its end.
    fn dry_run(&mut self) {
        if !self.marker(self.options.mode).is_empty() {
            self.terminal.banner("DRY RUN");
        }
    }

    fn play(&mut self, name: &str, mode: Mode) {
        let marker = self.marker(mode);
        let name = name.trim();
        let title = if name.is_empty() {
            format!("PLAY{marker}")
        } else {
            format!("PLAY [{name}]{marker}")
        };
        self.terminal.banner(&title);
    }

    fn task(&mut self, task: &TaskInfo, name: &str, mode: Mode) {
        let prefix = match task.kind {
            TaskKind::Task => "TASK",
            TaskKind::Handler => "RUNNING HANDLER",
        };
        let marker = self.marker(mode);
        let arguments = self.told_arguments(task);
        let path = path_of(task).filter(|_| self.verbosity >= 2);
        let name = name.trim();
        let banner = Banner { title: format!("{prefix} [{name}{arguments}]{marker}"), path };
        if self.pace == Pace::EachHost {
            self.began.insert(task.id, banner);
        } else {
            self.next(banner);
        }
    }

    fn next(&mut self, banner: Banner) {
        self.pending = Some(banner);
        if self.options.skipped.are_shown() && self.options.ok.are_shown() {
            self.announce();
        }
    }

    /// Where results of several tasks mix, a banner stands wherever another task's begin.
    fn turn_to(&mut self, task: &TaskInfo) {
        if self.pace == Pace::EachHost && self.telling != Some(task.id) {
            self.telling = Some(task.id);
            if let Some(banner) = self.began.get(&task.id).cloned() {
                self.next(banner);
            }
        }
    }

    fn told_arguments(&self, task: &TaskInfo) -> String {
        if !self.options.arguments.are_shown() || task.no_log {
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
            && result.outcome.is_good()
            && result.disclosure == nafal_base::event::Disclosure::Shown;
        let Some(diff) = result.outcome.values.get("diff").filter(|_| wanted) else { return };
        let style =
            DiffStyle { context: self.options.diff_context, palette: self.terminal.palette() };
        let text = render_diff(diff, style);
        if !text.is_empty() {
            self.announce();
            self.terminal.line(Stream::Out, None, &text);
        }
    }

    fn warnings(&mut self, result: &HostResult) {
        warnings::tell(&mut self.terminal, result, &self.told);
    }

    fn host(&mut self, result: &HostResult) {
        self.turn_to(&result.task);
        // Stock leaves `results` out of a failed debug before it looks for it.
        let told_alone = result.outcome.is_failed() && result.task.short_action() == "debug";
        let has_items =
            result.task.has_loop && result.outcome.values.contains("results") && !told_alone;
        self.diff(result);
        if self.is_shown(&result.outcome) {
            self.announce();
        }
        if !has_items && let Some(diagnostic) = &result.diagnostic {
            let stream = self.stream_of(&result.outcome);
            self.terminal.diagnose_result(stream, result, diagnostic);
        }
        self.warnings(result);
        // The items' own lines are enough, except where all were skipped.
        let told_by_items =
            has_items && matches!(result.outcome.status, Status::Ok | Status::Failed);
        if !told_by_items && self.is_shown(&result.outcome) {
            self.failure_path(result);
            let (color, text) = lines::host(result, &self.results());
            self.terminal.line(self.stream_of(&result.outcome), Some(color), &text);
        }
        if result.ignored {
            self.terminal.line(Stream::Out, Some(Color::Skip), "...ignoring");
        }
    }

    /// Where a failed task is written, if its banner hasn't told.
    fn failure_path(&mut self, result: &HostResult) {
        let wanted = self.options.failure_paths.are_shown() && self.verbosity < 2;
        if wanted
            && result.outcome.is_failed()
            && let Some(path) = path_of(&result.task)
        {
            self.note(Color::Debug, &path);
        }
    }

    fn is_shown(&self, outcome: &Outcome) -> bool {
        match outcome.status {
            Status::Skipped => self.options.skipped.are_shown(),
            Status::Ok => outcome.changed || self.options.ok.are_shown(),
            Status::Failed | Status::Unreachable => true,
        }
    }

    fn stream_of(&self, outcome: &Outcome) -> Stream {
        if outcome.is_good() { Stream::Out } else { self.options.failures }
    }

    fn item(&mut self, item: &ItemResult) {
        self.turn_to(&item.result.task);
        self.diff(&item.result);
        let outcome = &item.result.outcome;
        let stream = self.stream_of(outcome);
        if self.is_shown(outcome) {
            self.announce();
        }
        if let Some(diagnostic) = &item.result.diagnostic {
            self.terminal.diagnose_result(stream, &item.result, diagnostic);
        }
        self.warnings(&item.result);
        if self.is_shown(outcome) {
            let (color, text) = lines::item(item, &self.results());
            self.terminal.line(stream, Some(color), &text);
        }
    }

    /// That a task starts on a host.
    fn start(&mut self, host: &HostName, task: &TaskInfo) {
        if self.options.starts.are_shown() {
            let text = lines::start(host, task);
            self.note(Color::Ok, &text);
        }
    }

    fn progress(&mut self, event: &Event) {
        progress::tell(&mut self.terminal, event, self.verbosity);
    }

    fn note(&mut self, color: Color, text: &str) {
        self.terminal.line(Stream::Out, Some(color), text);
    }
}

/// Where a task is written.
fn path_of(task: &TaskInfo) -> Option<String> {
    let span = task.span.as_ref()?;
    Some(format!("task path: {}:{}", span.source.name, span.line))
}

impl Callback for DefaultCallback {
    fn terminal(&mut self) -> &mut Terminal {
        &mut self.terminal
    }

    /// Of stock's options, one can be a variable, as an extra var alone. Whatever isn't a yes is a
    /// no (case `display-skipped-variable`).
    fn see_extra_vars(&mut self, extra: &Dict) {
        if let Some(value) = extra.get("ansible_display_skipped_hosts") {
            self.options.skipped = bool::from_value(value.clone()).unwrap_or(false).into();
        }
    }
}

impl EventSink for DefaultCallback {
    fn event(&mut self, event: &Event) {
        match event {
            Event::PlaybookStarted { path, .. } => {
                if self.verbosity > 1 {
                    let name = path.rsplit('/').next().unwrap_or(path);
                    self.terminal.banner(&format!("PLAYBOOK: {name}"));
                }
                self.dry_run();
                self.progress(event);
            }
            Event::PlayStarted { name, mode, pace, .. } => {
                self.pace = *pace;
                self.play(name, *mode);
            }
            Event::NoHostsMatched => self.note(Color::Skip, "skipping: no hosts matched"),
            Event::NoHostsRemaining => self.terminal.banner("NO MORE HOSTS LEFT"),
            Event::TaskStarted { task, name, mode } => self.task(task, name, *mode),
            Event::HostStarted { host, task } => self.start(host, task),
            Event::ItemFinished(item) => self.item(item),
            Event::HostFinished(result) => self.host(result),
            Event::Retrying { result, left } => {
                self.turn_to(&result.task);
                let text = lines::retry(result, *left, &self.results());
                self.note(Color::Debug, &text);
            }
            Event::Background { host, job, state, .. } => {
                self.note(Color::Debug, &lines::background(host, job, *state));
            }
            Event::Included { name, hosts, label, task } => {
                self.turn_to(task);
                if self.options.included.are_shown() {
                    self.announce();
                    self.note(Color::Included, &lines::included(name, hosts, label.as_ref()));
                }
            }
            // An include's banner is shown even where nothing else of it is (ansible-core's own target
            // `callback_default` wants it so).
            Event::IncludeFinished(result) => {
                self.turn_to(&result.task);
                self.announce();
            }
            Event::TaskDescribed { .. }
            | Event::IncludeItemFinished(_)
            | Event::VariableAsked { .. } => {}
            Event::InsideCollection { .. }
            | Event::MetaRun { .. }
            | Event::ModuleChosen { .. }
            | Event::Reached { .. }
            | Event::NotificationKept { .. }
            | Event::Discovering { .. }
            | Event::Answered { .. } => self.progress(event),
            Event::Notified { host, handler } => {
                if self.verbosity > 1 {
                    self.note(
                        Color::Verbose,
                        &format!("NOTIFIED HANDLER {} for {host}", handler.name),
                    );
                }
            }
            Event::Diagnosed(diagnostic) => {
                self.told.insert(diagnostic.message.clone());
                self.progress(event);
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
                if self.options.custom_stats.are_shown() && !custom.is_empty() {
                    self.terminal.banner("CUSTOM STATS:");
                    for line in custom_stats::lines(custom, self.results()) {
                        self.terminal.line(Stream::Out, None, &line);
                    }
                }
                self.dry_run();
            }
        }
        self.terminal.flush();
    }
}
