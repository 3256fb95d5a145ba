//! Notifications that mean nothing.

use std::collections::HashSet;
use std::sync::Arc;

use nafal_base::{Span, Value};

use super::finding::{Finding, Rule, did_you_mean};
use super::program::Program;
use crate::node::TaskNode;

/// Every notification that no handler is named by and none listens to, each place once. Nothing when it isn't known
/// which handlers there are.
pub fn unknown_handlers(program: &Program) -> Vec<Finding> {
    if !program.is_whole() {
        return Vec::new();
    }
    let Some(known) = Known::of(program) else { return Vec::new() };
    let mut told: HashSet<(String, String)> = HashSet::new();
    let mut found = Vec::new();
    for task in program.all() {
        for (name, span) in notified(task) {
            if known.has(&name) || !told.insert((name.clone(), place(&span))) {
                continue;
            }
            let message = format!("no handler is named '{name}', and none listens to it");
            let hint = did_you_mean(&name, known.names());
            found.push(Finding::new(Rule::UnknownHandler, message, span).hint(hint));
        }
    }
    found
}

/// The handlers that some task surely means when it notifies.
pub(super) fn notified_handlers(program: &Program) -> Vec<Arc<TaskNode>> {
    let names: HashSet<String> =
        program.all().flat_map(|task| notified(task)).map(|(name, _)| name).collect();
    let handlers = program.handlers.all().iter();
    let is_meant = |handler: &&Arc<TaskNode>| {
        let mut own = Known { names: HashSet::new(), plain: Vec::new() };
        own.add(handler).is_some()
            && own.names.iter().chain(&own.plain).any(|name| names.contains(name))
    };
    handlers.filter(is_meant).cloned().collect()
}

fn place(span: &Option<Span>) -> String {
    span.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// What a task notifies, as far as it is no template.
fn notified(task: &TaskNode) -> Vec<(String, Option<Span>)> {
    let mut all = Vec::new();
    let mut values: Vec<&Value> = task.notify.iter().collect();
    while let Some(value) = values.pop() {
        match value {
            Value::List(items) | Value::Tuple(items) => values.extend(items.iter()),
            Value::Str(text) if !value.has_template() && !text.is_vault() && !text.is_empty() => {
                let span = text.span().cloned().or_else(|| task.info.span.clone());
                all.push((text.to_string(), span));
            }
            _ => {}
        }
    }
    all
}

/// What can be notified.
struct Known {
    names: HashSet<String>,
    /// Without the role before it, and topics: what somebody may have meant.
    plain: Vec<String>,
}

impl Known {
    /// None when a handler's name or topic is only known while running.
    fn of(program: &Program) -> Option<Known> {
        let mut known = Known { names: HashSet::new(), plain: Vec::new() };
        for handler in program.handlers.all().iter().chain(&program.nested_handlers) {
            known.add(handler)?;
        }
        Some(known)
    }

    fn add(&mut self, handler: &Arc<TaskNode>) -> Option<()> {
        if let Some(name) = &handler.name {
            if name.is_dynamic() {
                return None;
            }
            let name = name.source.to_text().into_owned();
            if let Some(role) = &handler.context.role {
                self.names.insert(format!("{} : {name}", role.name));
                self.names.insert(format!("{} : {name}", role.short_name()));
            }
            self.plain.push(name);
        }
        for topic in &handler.listen {
            if topic.has_template() {
                return None;
            }
            match topic {
                Value::List(items) => {
                    self.plain.extend(items.iter().map(|item| item.to_text().into_owned()));
                }
                other => self.plain.push(other.to_text().into_owned()),
            }
        }
        Some(())
    }

    fn has(&self, name: &str) -> bool {
        self.names.contains(name) || self.plain.iter().any(|known| known == name)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.plain.iter().map(String::as_str)
    }
}
