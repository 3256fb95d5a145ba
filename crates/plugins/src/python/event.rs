//! Events as callbacks in Python are told them. What `no_log` hides stays here. Must not know how they travel.

use std::collections::{HashMap, HashSet};

use nafal_base::event::{BackgroundState, Disclosure, HostCounts, HostResult, Mode};
use nafal_base::outcome::NO_TRACEBACK;
use nafal_base::{
    Dict, EmptyScope, Event, HostName, ObjectRef, Scope, Span, Status, TaskId, TaskInfo, TaskKind,
    Value,
};

use super::call::{PluginError, World};
use super::codec::{Objects, to_wire};

/// What is left of a result that is censored.
const KEPT: [&str; 4] = ["changed", "unreachable", "attempts", "retries"];
const CENSORED: &str =
    "the output has been hidden due to the fact that 'no_log: true' was specified for this result";
/// Private keys that callbacks look at.
const PRIVATE: [&str; 2] = ["_ansible_verbose_always", "_ansible_verbose_override"];

/// Where nothing is rendered, and what is encrypted stays so.
struct Nowhere;

impl World for Nowhere {
    fn scope(&self) -> &dyn Scope {
        &EmptyScope
    }

    fn render(&self, _: &Value, _: Option<&ObjectRef>) -> Result<Value, PluginError> {
        Ok(Value::from("<encrypted>"))
    }
}

/// Writes events; tasks are told whole once, then by their number.
#[derive(Debug, Default)]
pub(super) struct Teller {
    known: HashSet<TaskId>,
    /// The labels of a loop's items, until its end is told.
    labels: HashMap<(HostName, TaskId), Vec<Value>>,
    /// Keywords of tasks that weren't told yet.
    keywords: HashMap<TaskId, Dict>,
}

fn dict<const N: usize>(entries: [(&str, Value); N]) -> Dict {
    entries.into_iter().collect()
}

/// A value as it travels.
pub(super) fn wire(value: &Value) -> Value {
    to_wire(value, &mut Objects::default(), &Nowhere).unwrap_or_default()
}

fn hosts(names: &[HostName]) -> Value {
    names.iter().map(|name| Value::from(name.as_str())).collect::<Vec<_>>().into()
}

fn path(span: Option<&Span>) -> Value {
    span.map_or(Value::None, |span| Value::from(format!("{}:{}", span.source.name, span.line)))
}

fn checks(mode: Mode) -> Value {
    Value::Bool(mode == Mode::Check)
}

impl Teller {
    /// An event as it travels; None for what no callback is told.
    pub(super) fn told(&mut self, event: &Event) -> Option<Value> {
        let (name, told) = match event {
            Event::PlaybookStarted { path, .. } => {
                ("playbook", dict([("path", Value::from(path.as_str()))]))
            }
            Event::PlayStarted { name, mode, hosts: all, info, .. } => {
                let told = [
                    ("name", Value::from(name.as_str())),
                    ("check", checks(*mode)),
                    ("hosts", hosts(all)),
                    ("pattern", Value::from(info.pattern.clone())),
                    ("strategy", Value::from(info.strategy.as_str())),
                    ("tags", wire(&Value::from(info.tags.clone()))),
                    ("vars", wire(&Value::Dict(info.vars.clone()))),
                    ("path", path(info.span.as_ref())),
                ];
                ("play", dict(told))
            }
            Event::NoHostsMatched => ("no_hosts_matched", Dict::new()),
            Event::NoHostsRemaining => ("no_hosts_remaining", Dict::new()),
            Event::TaskStarted { task, name, mode } => {
                let own = Value::from(own_name(task, name));
                let told = [
                    ("task", self.task(task, *mode)),
                    ("name", Value::from(name.as_str())),
                    ("own_name", own),
                ];
                ("task", dict(told))
            }
            Event::HostStarted { host, task } => {
                let host = Value::from(host.as_str());
                ("start", dict([("host", host), ("task", self.task(task, Mode::Apply))]))
            }
            Event::ItemFinished(item) | Event::IncludeItemFinished(item) => {
                let key = (item.result.host.clone(), item.result.task.id);
                self.labels.entry(key).or_default().push(item.label.clone());
                ("item", self.result(&item.result, Some(&item.label)))
            }
            Event::HostFinished(result) | Event::IncludeFinished(result) => {
                ("result", self.result(result, None))
            }
            Event::Retrying { result, .. } => ("retry", self.result(result, None)),
            Event::Background { state, result, .. } => {
                let state = match state {
                    BackgroundState::Running => "poll",
                    BackgroundState::Ok => "ok",
                    BackgroundState::Failed => "failed",
                };
                let mut told = self.result(result, None);
                told.insert("state", Value::from(state));
                ("background", told)
            }
            Event::Included { name, hosts: all, label, task } => {
                let label = label.as_ref().map(|label| Value::Dict(dict([("value", wire(label))])));
                let told = [
                    ("name", Value::from(name.as_str())),
                    ("hosts", hosts(all)),
                    ("label", label.unwrap_or_default()),
                    ("task", self.task(task, Mode::Apply)),
                ];
                ("included", dict(told))
            }
            Event::Notified { host, handler } => {
                let host = Value::from(host.as_str());
                ("notified", dict([("host", host), ("task", self.task(handler, Mode::Apply))]))
            }
            Event::VariableAsked { name, prompt } => {
                let prompt = wire(&Value::Dict(prompt.clone()));
                ("asked", dict([("name", Value::from(name.as_str())), ("prompt", prompt)]))
            }
            Event::Finished { counts, custom } => ("stats", stats(counts, custom)),
            Event::TaskDescribed { task, keywords } => {
                self.keywords.insert(*task, keywords.clone());
                return None;
            }
            // What nafal tells whatever shows the run.
            _ => return None,
        };
        let mut told = told;
        told.insert("event", Value::from(name));
        Some(Value::Dict(told))
    }

    fn task(&mut self, task: &TaskInfo, mode: Mode) -> Value {
        let kind = match task.kind {
            TaskKind::Task => "task",
            TaskKind::Handler => "handler",
        };
        let mut told = dict([
            ("id", Value::from(task.id.0)),
            ("kind", Value::from(kind)),
            ("resolved", Value::from(task.resolved_action.as_str())),
        ]);
        if self.known.insert(task.id) {
            let role = task.role.as_deref().map_or(Value::None, Value::from);
            let keywords = self.keywords.remove(&task.id).unwrap_or_default();
            let more = [
                ("action", Value::from(task.action.as_str())),
                ("name", Value::from(task.name.as_str())),
                ("own_name", Value::from(own_name(task, &task.name))),
                ("role", role),
                ("path", path(task.span.as_ref())),
                ("tags", Value::from(task.tags.clone())),
                ("no_log", Value::Bool(task.no_log)),
                ("check", checks(mode)),
                ("args", wire(&Value::Dict(task.args.clone()))),
                ("keywords", wire(&Value::Dict(keywords))),
            ];
            more.into_iter().for_each(|(key, value)| {
                told.insert(key, value);
            });
        }
        Value::Dict(told)
    }

    fn result(&mut self, result: &HostResult, label: Option<&Value>) -> Dict {
        let status = match result.outcome.status {
            Status::Ok => "ok",
            Status::Skipped => "skipped",
            Status::Failed => "failed",
            Status::Unreachable => "unreachable",
        };
        let values = wire(&Value::Dict(self.values(result, label)));
        let mut keywords = result.keywords.as_deref().cloned().unwrap_or_default();
        if result.disclosure == Disclosure::Censored {
            keywords.remove("args");
        }
        dict([
            ("host", Value::from(result.host.as_str())),
            ("task", self.task(&result.task, result.mode)),
            ("status", Value::from(status)),
            ("changed", Value::Bool(result.outcome.changed)),
            ("ignored", Value::Bool(result.ignored)),
            ("diff", Value::Bool(result.diff)),
            ("values", values),
            ("keywords", wire(&Value::Dict(keywords))),
        ])
    }

    /// A result's values as stock hands them to callbacks.
    fn values(&mut self, result: &HostResult, label: Option<&Value>) -> Dict {
        let mut all = result.outcome.to_registered();
        let labels = match label {
            Some(_) => None,
            None => self.labels.remove(&(result.host.clone(), result.task.id)),
        };
        if result.disclosure == Disclosure::Censored {
            return censored(&all);
        }
        if result.outcome.status == Status::Unreachable && !all.contains("exception") {
            all.insert("exception", Value::from(NO_TRACEBACK));
        }
        all.remove("failed");
        all.remove("skipped");
        if let Some(Value::List(items)) = all.get("results") {
            let labels = labels.unwrap_or_default();
            let label = |index| labels.get(index).cloned();
            let items: Vec<Value> = items
                .iter()
                .enumerate()
                .map(|(index, item)| labelled(item, label(index)))
                .collect();
            all.insert("results", Value::from(items));
        }
        let is_private = |key: &str| key.starts_with("_ansible_") && !PRIVATE.contains(&key);
        let mut all: Dict = all
            .iter()
            .filter(|(key, _)| !key.as_str().is_some_and(is_private))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        // They aren't registered.
        for key in PRIVATE {
            if let Some(value) = result.outcome.values.get(key) {
                all.insert(key, value.clone());
            }
        }
        if let Some(label) = label {
            all.insert("_ansible_item_label", label.clone());
        }
        if let Some(delegate) = &result.delegated_to
            && result.outcome.status != Status::Unreachable
        {
            let vars = dict([("ansible_delegated_host", Value::from(delegate.as_str()))]);
            all.insert("_ansible_delegated_vars", Value::Dict(vars));
        }
        all
    }
}

/// What `no_log` leaves of a result, and of each item's.
fn censored(all: &Dict) -> Dict {
    let mut kept: Dict = KEPT
        .iter()
        .filter_map(|key| all.entry(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if all.contains("exception") {
        kept.insert("exception", Value::from(NO_TRACEBACK));
    }
    kept.insert("_ansible_no_log", Value::Bool(true));
    kept.insert("censored", Value::from(CENSORED));
    if let Some(Value::List(items)) = all.get("results") {
        let items = items.iter().filter_map(Value::as_dict).map(|item| Value::Dict(censored(item)));
        kept.insert("results", Value::from(items.collect::<Vec<_>>()));
    }
    kept
}

/// An item of a loop says nothing of having failed or been skipped, but has its label.
fn labelled(item: &Value, label: Option<Value>) -> Value {
    let mut item = item.clone();
    if let Value::Dict(dict) = &mut item {
        if let Some(label) = label {
            dict.insert("_ansible_item_label", label);
        }
        dict.remove("failed");
        dict.remove("skipped");
    }
    item
}

/// A task's name without its role; nothing where it has none of its own.
fn own_name(task: &TaskInfo, shown: &str) -> String {
    let role = task.role.as_deref().and_then(|role| shown.strip_prefix(role));
    let own = role.and_then(|rest| rest.strip_prefix(" : ")).unwrap_or(shown);
    if own == task.action { String::new() } else { own.to_owned() }
}

fn stats(counts: &[(HostName, HostCounts)], custom: &[(Option<HostName>, Dict)]) -> Dict {
    let number = |count: u32| Value::from(i64::from(count));
    let counts: Vec<Value> = counts
        .iter()
        .map(|(host, counts)| {
            let told = dict([
                ("ok", number(counts.ok)),
                ("failures", number(counts.failed)),
                ("dark", number(counts.unreachable)),
                ("changed", number(counts.changed)),
                ("skipped", number(counts.skipped)),
                ("rescued", number(counts.rescued)),
                ("ignored", number(counts.ignored)),
            ]);
            Value::from(vec![Value::from(host.as_str()), Value::Dict(told)])
        })
        .collect();
    let custom: Vec<Value> = custom
        .iter()
        .map(|(host, values)| {
            let host = host.as_ref().map_or(Value::None, |host| Value::from(host.as_str()));
            Value::from(vec![host, wire(&Value::Dict(values.clone()))])
        })
        .collect();
    dict([("counts", Value::from(counts)), ("custom", Value::from(custom))])
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use nafal_base::Outcome;
    use nafal_base::ids::TaskId;

    use super::*;

    fn info() -> TaskInfo {
        TaskInfo {
            id: TaskId(3),
            kind: TaskKind::Task,
            action: "debug".to_owned(),
            resolved_action: "ansible.builtin.debug".to_owned(),
            name: "web : debug".to_owned(),
            role: Some("web".to_owned()),
            span: None,
            tags: Vec::new(),
            no_log: false,
            has_loop: false,
            args: Dict::new(),
        }
    }

    #[test]
    fn what_no_log_hides_stays_here() {
        let item = Value::Dict(Outcome::failed("secret").to_registered());
        let outcome = Outcome::failed("secret")
            .with("stdout", "secret")
            .with("attempts", 2)
            .with("results", Value::from(vec![item]));
        let mut result =
            HostResult::new(HostName::from("a"), &Arc::new(info()), outcome, (Mode::Apply, true));
        result.disclosure = Disclosure::Censored;
        let told = Teller::default().told(&Event::HostFinished(Box::new(result))).unwrap();
        assert!(!told.repr().contains("secret"));
        let values = told.as_dict().unwrap().get("values").unwrap().as_dict().unwrap();
        let keys: Vec<_> = values.keys().filter_map(|key| key.as_str()).collect();
        assert_eq!(keys, ["changed", "attempts", "_ansible_no_log", "censored", "results"]);
    }

    #[test]
    fn names_of_tasks() {
        assert_eq!(own_name(&info(), "web : debug"), "");
        assert_eq!(own_name(&info(), "web : say it"), "say it");
        assert_eq!(own_name(&TaskInfo { role: None, ..info() }, "web : it"), "web : it");
    }

    #[test]
    fn a_task_is_told_whole_once() {
        let mut teller = Teller::default();
        let event = Event::HostStarted { host: HostName::from("a"), task: Arc::new(info()) };
        let mut has = |key: &str| {
            let told = teller.told(&event).unwrap();
            told.as_dict().unwrap().get("task").unwrap().as_dict().unwrap().contains(key)
        };
        assert!(has("args"));
        assert!(!has("args"));
    }
}
