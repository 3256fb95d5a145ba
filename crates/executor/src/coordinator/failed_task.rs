//! `ansible_failed_task`: what a rescue may ask of the task that failed. Templates stay as they are
//! written: each is rendered where somebody reads it, in the rescue's own scope (case
//! `block-unreachable`). Must not know why it failed.

use nafal_base::event::Mode;
use nafal_base::{Dict, Template, Value};
use nafal_graph::TaskNode;
use nafal_parser::playbook::ast::{LoopSource, Register};

use crate::services::RunSettings;

/// A keyword as it is written, or what counts without it.
fn written<T>(keyword: Option<&Template<T>>, default: impl Into<Value>) -> Value {
    keyword.map_or_else(|| default.into(), |keyword| keyword.source.clone())
}

/// A list that may be written as its only text.
fn one_or_list(values: &[Value]) -> Value {
    match values {
        [one @ Value::Str(_)] => one.clone(),
        values => Value::from(values.to_vec()),
    }
}

/// The task, key by key in stock's order.
pub(super) fn failed_task(node: &TaskNode, settings: &RunSettings) -> Value {
    let mut task = Dict::new();
    of_all(&mut task, node, settings);
    of_tasks(&mut task, node);
    Value::Dict(task)
}

/// What blocks have too.
fn of_all(task: &mut Dict, node: &TaskNode, settings: &RunSettings) {
    let keywords = &node.keywords;
    let none = || Value::None;
    task.insert("delegate_to", written(keywords.delegate_to.as_ref(), none()));
    task.insert("delegate_facts", written(keywords.delegate_facts.as_ref(), none()));
    let notify = if node.notify.is_empty() { Value::None } else { one_or_list(&node.notify) };
    task.insert("notify", notify);
    let collections: Vec<Value> = keywords.collections.iter().cloned().map(Value::Str).collect();
    task.insert("collections", Value::from(collections));
    // Its own come before those around it.
    let (own, around) = node.info.tags.iter().partition::<Vec<_>, _>(|tag| {
        !node.context.keywords.tags.iter().any(|outer| outer.as_str() == Some(tag.as_str()))
    });
    let tags: Vec<String> = own.into_iter().chain(around).cloned().collect();
    task.insert("tags", Value::from(tags));
    task.insert("when", Value::from(keywords.when.clone()));
    task.insert("name", node.name.as_ref().map_or(Value::from(""), |name| name.source.clone()));
    let defaults = &settings.defaults;
    let connection = nafal_actions::full_name(defaults.connection.as_deref().unwrap_or("ssh"));
    task.insert("connection", written(keywords.connection.as_ref(), connection));
    task.insert("port", written(keywords.port.as_ref(), none()));
    let user = defaults.user.as_deref().map_or(Value::None, Value::from);
    task.insert("remote_user", written(keywords.remote_user.as_ref(), user));
    task.insert("vars", Value::Dict(keywords.vars.clone()));
    task.insert("module_defaults", Value::from(keywords.module_defaults.clone()));
    task.insert("environment", Value::from(keywords.environment.clone()));
    task.insert("no_log", written(keywords.no_log.as_ref(), settings.no_log));
    task.insert("run_once", written(keywords.run_once.as_ref(), none()));
    task.insert("ignore_errors", written(keywords.ignore_errors.as_ref(), false));
    task.insert("ignore_unreachable", written(keywords.ignore_unreachable.as_ref(), false));
    let checks = settings.mode == Mode::Check;
    task.insert("check_mode", written(keywords.check_mode.as_ref(), checks));
    task.insert("diff", written(keywords.diff.as_ref(), settings.diff));
    let fatal = settings.any_errors_fatal;
    task.insert("any_errors_fatal", written(keywords.any_errors_fatal.as_ref(), fatal));
    task.insert("throttle", written(keywords.throttle.as_ref(), 0_i64));
    task.insert("timeout", written(keywords.timeout.as_ref(), 0_i64));
    task.insert("debugger", written(keywords.debugger.as_ref(), none()));
    task.insert("become", written(keywords.r#become.as_ref(), defaults.becomes));
    let method = defaults.become_method.as_deref().unwrap_or("sudo");
    task.insert("become_method", written(keywords.become_method.as_ref(), method));
    let user = defaults.become_user.as_deref().map_or(Value::None, Value::from);
    task.insert("become_user", written(keywords.become_user.as_ref(), user));
    task.insert("become_flags", written(keywords.become_flags.as_ref(), none()));
    task.insert("become_exe", written(keywords.become_exe.as_ref(), none()));
}

/// What only tasks have.
fn of_tasks(task: &mut Dict, node: &TaskNode) {
    let mut args = node.args.clone();
    if let Some(raw) = &node.raw {
        args.insert("_raw_params", Value::Str(raw.clone()));
    }
    task.insert("args", Value::Dict(args));
    task.insert("action", Value::from(node.info.action.as_str()));
    let (seconds, poll) = node
        .background
        .as_ref()
        .map_or((None, None), |(seconds, poll)| (Some(seconds), poll.as_ref()));
    let seconds = written(seconds, 0_i64);
    task.insert("async_val", seconds.clone());
    task.insert("async", seconds);
    let conditions = |list: Option<&Vec<Value>>| match list {
        Some(list) => one_or_list(list),
        None => Value::from(Vec::<Value>::new()),
    };
    task.insert("changed_when", conditions(node.changed_when.as_ref()));
    task.insert("delay", written(node.delay.as_ref(), 5_i64));
    task.insert("failed_when", conditions(node.failed_when.as_ref()));
    let (items, lookup) = match node.repeat.as_ref().map(|repeat| &repeat.source) {
        Some(LoopSource::Items(items)) => (items.clone(), Value::None),
        Some(LoopSource::Lookup { name, terms }) => (terms.clone(), Value::from(name.as_str())),
        None => (Value::None, Value::None),
    };
    task.insert("loop", items);
    task.insert("loop_control", loop_control(node));
    task.insert("poll", written(poll, 15_i64));
    task.insert("register", node.register.as_ref().map_or(Value::None, register));
    task.insert("retries", written(node.retries.as_ref(), Value::None));
    task.insert("until", one_or_list(&node.until));
    task.insert("loop_with", lookup);
    task.insert("_resolved_action", Value::from(node.info.resolved_action.as_str()));
}

fn register(register: &Register) -> Value {
    let mut names = Dict::new();
    match register {
        Register::Whole(name) => {
            names.insert(name.as_str(), Value::from("_task.polymorphic_result"));
        }
        Register::Projections(projections) => {
            for (name, expression) in projections {
                names.insert(name.as_str(), expression.clone());
            }
        }
    }
    Value::Dict(names)
}

fn loop_control(node: &TaskNode) -> Value {
    let control = &node.loop_control;
    let none = || Value::None;
    let mut dict = Dict::new();
    dict.insert("loop_var", written(control.loop_var.as_ref(), "item"));
    dict.insert("index_var", written(control.index_var.as_ref(), none()));
    dict.insert("label", control.label.clone().unwrap_or_default());
    dict.insert("pause", written(control.pause.as_ref(), 0.0));
    dict.insert("extended", written(control.extended.as_ref(), none()));
    dict.insert("extended_allitems", written(control.extended_allitems.as_ref(), true));
    dict.insert("break_when", Value::from(control.break_when.clone()));
    Value::Dict(dict)
}
