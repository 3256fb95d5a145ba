//! The callback itself: what becomes a test, and when the report is written.

use std::path::Path;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use nafal_base::event::HostResult;
use nafal_base::value::json::{Style, to_json};
use nafal_base::{Diagnostic, Dict, Event, HostName, Status, TaskInfo, Value};

use super::options::JunitOptions;
use super::report::{Test, Verdict, xml};
use super::{fault, place};
use crate::callback::{Listener, in_words};
use crate::clean::clean_whole;
use crate::context::headline;
use crate::oneline::indented;
use crate::report_file::write_report_below;

/// What stock calls the playbook of an ad hoc run.
const ADHOC: &str = "__adhoc_playbook__";

/// The callback over a folder.
pub struct Junit {
    options: JunitOptions,
    verbosity: u8,
    playbook: String,
    play: String,
    /// The tasks in the order in which they began.
    tasks: Vec<Begun>,
}

/// A task that began, with its tests so far.
struct Begun {
    info: Arc<TaskInfo>,
    play: String,
    name: String,
    at: Instant,
    tests: Vec<Test>,
    included: Vec<Included>,
}

/// An include of a loop, or the only one.
struct Included {
    line: String,
    label: Option<Value>,
    hosts: Vec<HostName>,
}

impl Junit {
    /// A callback with these options.
    pub fn new(options: JunitOptions, verbosity: u8) -> Junit {
        let (playbook, play) = (ADHOC.to_owned(), String::new());
        Junit { options, verbosity, playbook, play, tasks: Vec::new() }
    }

    fn begin(&mut self, info: &Arc<TaskInfo>, name: &str) {
        let is_setup = info.short_action() == "setup";
        if is_setup && !self.options.setup {
            return;
        }
        self.tasks.push(Begun {
            info: Arc::clone(info),
            play: self.play.clone(),
            name: name.to_owned(),
            at: Instant::now(),
            tests: Vec::new(),
            included: Vec::new(),
        });
    }

    fn end(&mut self, result: &HostResult) {
        let Some(begun) = self.tasks.iter_mut().rev().find(|begun| begun.info.id == result.task.id)
        else {
            return;
        };
        if result.outcome.status == Status::Unreachable {
            return;
        }
        let verdict = verdict(result, &begun.name, self.verbosity, &self.options);
        begun.add(result.host.as_str(), verdict, &self.options);
    }

    fn include(&mut self, task: &TaskInfo, included: Included) {
        let found = self.tasks.iter_mut().rev().find(|begun| begun.info.id == task.id);
        if let Some(begun) = found {
            begun.included.push(included);
        }
    }

    fn report(&mut self) -> Vec<Diagnostic> {
        let options = self.options.clone();
        let mut tests = Vec::new();
        for mut begun in std::mem::take(&mut self.tasks) {
            begun.end_includes(&options);
            tests.append(&mut begun.tests);
        }
        let text = xml(&self.playbook, &tests);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let name = format!("{}-{now}.xml", self.playbook);
        match write_report_below(&options.folder, &name, text.as_bytes()) {
            Ok(()) => Vec::new(),
            Err(error) => vec![Diagnostic::warning(format!(
                "Callback dispatch 'v2_playbook_on_stats' failed for plugin 'junit': {}: '{}'",
                in_words(&error),
                options.folder.join(name).display()
            ))],
        }
    }
}

impl Begun {
    fn add(&mut self, host: &str, verdict: Verdict, options: &JunitOptions) {
        let is_bad = matches!(verdict, Verdict::Failed(..) | Verdict::Broken(..));
        if !is_bad && !self.name.starts_with(&options.prefix) {
            return;
        }
        let span = self.info.span.as_ref();
        let class = span.map(|span| place::class(&span.source.name, span.line, options));
        let name = format!("[{host}] {}: {}{}", self.play, self.name, self.arguments(options));
        let seconds = self.at.elapsed().as_secs_f64();
        self.tests.push(Test { class: class.unwrap_or_default(), name, seconds, verdict });
    }

    fn arguments(&self, options: &JunitOptions) -> String {
        if options.hide_arguments || self.info.no_log || self.info.args.is_empty() {
            return String::new();
        }
        let pairs = self.info.args.iter();
        let told: Vec<String> = pairs
            .map(|(key, value)| format!("{}={}", key.value().to_text(), value.to_text()))
            .collect();
        format!(" {}", told.join(", "))
    }

    /// An include is a test of every host's, and one of its own.
    fn end_includes(&mut self, options: &JunitOptions) {
        let included = std::mem::take(&mut self.included);
        let mut hosts: Vec<&HostName> = included.iter().flat_map(|one| &one.hosts).collect();
        hosts.sort_unstable();
        hosts.dedup();
        for &host in &hosts {
            let own = included.iter().filter(|one| one.hosts.contains(host));
            let items: Vec<Value> =
                own.filter_map(|one| one.label.clone()).map(|label| item(&label)).collect();
            let mut values: Dict = [("changed", Value::Bool(false))].into_iter().collect();
            if !items.is_empty() {
                values.insert("msg", Value::from("All items completed"));
                values.insert("results", Value::from(items));
            }
            let text = to_json(&Value::Dict(values), Style::indented(0).sorted().unicode());
            self.add(host.as_str(), Verdict::Passed(text), options);
        }
        if !included.is_empty() {
            let lines: Vec<&str> = included.iter().map(|one| one.line.as_str()).collect();
            self.add("include", Verdict::Passed(lines.join("\n")), options);
        }
    }
}

/// What an item of an include gives.
fn item(label: &Value) -> Value {
    let values = [
        ("ansible_loop_var", Value::from("item")),
        ("changed", Value::Bool(false)),
        ("item", label.clone()),
    ];
    Value::Dict(values.into_iter().collect())
}

fn include_line(path: &str, hosts: &[HostName], label: Option<&Value>) -> String {
    let vars = label.map(Value::repr).map_or_else(String::new, |label| {
        format!("'item': {label}, 'ansible_loop_var': 'item', '_ansible_item_label': {label}")
    });
    let hosts: Vec<&str> = hosts.iter().map(HostName::as_str).collect();
    format!("{path} (args={{}} vars={{{vars}}}): [{}]", hosts.join(", "))
}

fn verdict(result: &HostResult, name: &str, verbosity: u8, options: &JunitOptions) -> Verdict {
    let cleaned = clean_whole(result, verbosity);
    let text = |key: &str| cleaned.values.get(key).map(|value| value.to_text().into_owned());
    let outcome = &result.outcome;
    if outcome.status == Status::Skipped {
        return Verdict::Skipped(text("skip_reason").unwrap_or_else(|| "skipped".to_owned()));
    }
    let mut is_bad = outcome.is_failed() && (!result.ignored || options.ignored_is_failure);
    is_bad |= !is_bad && options.change_is_failure && outcome.changed;
    if name.contains("EXPECTED FAILURE") {
        is_bad = false;
    } else if name.contains("TOGGLE RESULT") {
        is_bad = !is_bad;
    }
    let output = indented(&cleaned, verbosity);
    if !is_bad {
        return Verdict::Passed(output);
    }
    if let Some(diagnostic) = result.diagnostic.as_deref().filter(|_| !has_items(result)) {
        let message = headline(diagnostic);
        let tracebacks = fault::tracebacks(&message);
        return Verdict::Broken(message, tracebacks);
    }
    let rc = || format!("rc={}", text("rc").unwrap_or_else(|| "0".to_owned()));
    Verdict::Failed(text("msg").unwrap_or_else(rc), output)
}

fn has_items(result: &HostResult) -> bool {
    result.task.has_loop && result.outcome.values.contains("results")
}

impl Listener for Junit {
    fn hear(&mut self, event: &Event) -> Vec<Diagnostic> {
        match event {
            Event::PlaybookStarted { path, .. } => {
                let name = Path::new(path).file_stem().map(|name| name.to_string_lossy());
                self.playbook = name.unwrap_or_default().into_owned();
            }
            Event::PlayStarted { name, .. } => self.play = name.trim().to_owned(),
            Event::TaskStarted { task, name, .. } => self.begin(task, name),
            Event::HostFinished(result) => self.end(result),
            Event::Included { name, hosts, label, task } => {
                let line = include_line(name, hosts, label.as_ref());
                let included = Included { line, label: label.clone(), hosts: hosts.clone() };
                self.include(task, included);
            }
            Event::Finished { .. } => return self.report(),
            _ => {}
        }
        Vec::new()
    }
}
