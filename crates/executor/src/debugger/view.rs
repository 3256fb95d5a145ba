//! What expressions at the debugger see: the task, its host, its variables, its result.

use nafal_base::{Dict, EmptyScope, Outcome, Scope, TaskKind, Text, Value};
use nafal_parser::playbook::ast::{LoopSource, Register};
use nafal_templating::{Effects, Renderer};
use nafal_variables::TaskScope;

use super::paths::{Path, Step, item};
use super::pretty::pretty;
use super::python_error::PythonError;
use super::task::{DebuggedTask, plain};

/// What a result has a place for, whether or not it says it.
const OF_RESULT: &[&str] = &[
    "msg",
    "rc",
    "exception",
    "attempts",
    "skip_reason",
    "false_condition",
    "diff",
    "registered_values",
];

/// What a name at the debugger stands for.
enum Thing {
    Task,
    Variables,
    Host,
    Result,
    Unified,
    Value(Value),
}

/// A task's state at one moment.
pub(super) struct View<'a> {
    pub task: &'a DebuggedTask,
    pub outcome: &'a Outcome,
    /// The task's variables, those that were set included.
    pub scope: &'a TaskScope,
    pub effects: &'a dyn Effects,
}

impl View<'_> {
    /// `p`: what an expression is, as it is shown.
    pub(super) fn shown(&self, expression: &str) -> Result<String, PythonError> {
        Ok(match self.thing(expression)? {
            Thing::Task => self.task_line(),
            Thing::Host => self.scope.host().to_string(),
            Thing::Variables => pretty(&self.variables()),
            Thing::Result => format!(
                "HostTaskResult(host={},\n               task={},\n               utr={})",
                self.scope.host(),
                self.task_line(),
                pretty(&Value::Dict(self.result()))
            ),
            Thing::Unified => pretty(&Value::Dict(self.result())),
            Thing::Value(value) => pretty(&value),
        })
    }

    /// An expression's value.
    pub(super) fn value(&self, expression: &str) -> Result<Value, PythonError> {
        Ok(match self.thing(expression)? {
            Thing::Task => Value::Dict(self.task()),
            Thing::Host => Value::from(self.scope.host().as_str()),
            Thing::Variables => self.variables(),
            Thing::Result | Thing::Unified => Value::Dict(self.result()),
            Thing::Value(value) => value,
        })
    }

    /// The task with its kind, as prompts name it.
    pub(super) fn task_line(&self) -> String {
        let info = &self.task.original.info;
        let kind = if info.kind == TaskKind::Handler { "HANDLER" } else { "TASK" };
        format!("{kind}: {}", info.name)
    }

    /// The keys of a path's items.
    pub(super) fn keys(&self, steps: &[Step]) -> Result<Vec<Value>, PythonError> {
        let key = |step: &Step| match step {
            Step::Item(expression) => self.value(expression),
            Step::Attribute(name) => Err(PythonError::attribute("dict", name)),
        };
        steps.iter().map(key).collect()
    }

    fn thing(&self, expression: &str) -> Result<Thing, PythonError> {
        match Path::parse(expression) {
            Some((path, "")) if is_ours(&path.root) => self.at(&path, expression),
            _ => self.evaluated(expression),
        }
    }

    fn at(&self, path: &Path, expression: &str) -> Result<Thing, PythonError> {
        let mut thing = match path.root.as_str() {
            "task" => Thing::Task,
            "task_vars" => Thing::Variables,
            "host" => Thing::Host,
            _ => Thing::Result,
        };
        for step in &path.steps {
            thing = match (step, thing) {
                (Step::Item(key), Thing::Value(value)) => {
                    Thing::Value(item(&value, &self.value(key)?)?)
                }
                (Step::Item(key), Thing::Variables) => {
                    let key = self.value(key)?;
                    let found = key.as_str().and_then(|name| self.scope.get(name));
                    Thing::Value(plain(&found.ok_or_else(|| PythonError::key(&key))?))
                }
                (Step::Attribute(name), Thing::Task) => {
                    let found = self.task().get(name).cloned();
                    Thing::Value(found.ok_or_else(|| PythonError::attribute("Task", name))?)
                }
                (Step::Attribute(name), Thing::Host) if name == "name" => {
                    Thing::Value(Value::from(self.scope.host().as_str()))
                }
                (Step::Attribute(name), Thing::Result) => self.of_result(name)?,
                (Step::Attribute(name), Thing::Unified) => Thing::Value(self.of_unified(name)?),
                (Step::Attribute(name), Thing::Host) => {
                    return Err(PythonError::attribute("Host", name));
                }
                // Methods of values are the evaluator's.
                (Step::Attribute(_), Thing::Variables | Thing::Value(_)) => {
                    return self.evaluated(expression);
                }
                (Step::Item(_), _) => {
                    return Err(PythonError::type_of("this object is not subscriptable"));
                }
            };
        }
        Ok(thing)
    }

    fn of_result(&self, name: &str) -> Result<Thing, PythonError> {
        match name {
            "host" => Ok(Thing::Host),
            "task" => Ok(Thing::Task),
            "utr" => Ok(Thing::Unified),
            _ => Err(PythonError::attribute("HostTaskResult", name)),
        }
    }

    fn of_unified(&self, name: &str) -> Result<Value, PythonError> {
        if name == "result_data" {
            return Ok(plain(&Value::Dict(self.outcome.values.clone())));
        }
        match self.result().get(name) {
            Some(value) => Ok(value.clone()),
            None if OF_RESULT.contains(&name) => Ok(Value::None),
            None => Err(PythonError::attribute("UnifiedTaskResult", name)),
        }
    }

    /// Anything else is an expression of templates, which know most of Python's.
    fn evaluated(&self, expression: &str) -> Result<Thing, PythonError> {
        if expression.trim().is_empty() {
            return Err(PythonError::new("SyntaxError", "invalid syntax"));
        }
        let names = Names(self);
        let uses_ours = OURS.iter().any(|name| expression.contains(name));
        let scope: &dyn Scope = if uses_ours { &names } else { &EmptyScope };
        let renderer = Renderer::new(scope, self.effects);
        let text = Text::trusted(guarded(expression), None);
        let value = renderer.expression(&text).map_err(|error| PythonError::of(&error))?;
        Ok(Thing::Value(plain(&unguarded(&value))))
    }

    fn result(&self) -> Dict {
        match plain(&Value::Dict(self.outcome.to_result())) {
            Value::Dict(result) => result,
            _ => Dict::new(),
        }
    }

    fn variables(&self) -> Value {
        let mut all = Dict::new();
        self.scope.names(&mut |name| {
            // It would hold itself.
            if name.as_str() != "vars"
                && let Some(value) = self.scope.get(name)
            {
                all.insert(name.clone(), plain(&value));
            }
        });
        Value::Dict(all)
    }

    fn task(&self) -> Dict {
        let node = &self.task.original;
        let repeat = node.repeat.as_ref().map(|repeat| match &repeat.source {
            LoopSource::Items(items) => items.clone(),
            LoopSource::Lookup { terms, .. } => terms.clone(),
        });
        let name = node.name.as_ref().map_or(Value::from(""), |name| name.source.clone());
        let entries = [
            ("name", name),
            ("action", Value::from(self.task.action())),
            ("args", self.task.args.clone()),
            ("tags", Value::from(node.info.tags.clone())),
            ("register", node.register.as_ref().map_or(Value::None, registered)),
            ("loop", repeat.unwrap_or_default()),
            ("when", Value::from(node.keywords.when.clone())),
            ("notify", Value::from(node.notify.clone())),
            ("vars", Value::Dict(node.keywords.vars.clone())),
        ];
        entries.into_iter().map(|(name, value)| (name, plain(&value))).collect()
    }
}

fn registered(register: &Register) -> Value {
    match register {
        Register::Whole(name) => Value::Str(name.clone()),
        Register::Projections(all) => Value::Dict(all.iter().cloned().collect()),
    }
}

/// Stands inside what would begin a template in a constant: here it is text (case `debugger`).
const GUARD: char = '\u{f8ff}';

fn guarded(expression: &str) -> String {
    let mut text = expression.to_owned();
    for begin in ["{", "%", "#"] {
        text = text.replace(&format!("{{{begin}"), &format!("{{{GUARD}{begin}"));
    }
    text
}

fn unguarded(value: &Value) -> Value {
    match value {
        Value::Str(text) if text.contains(GUARD) => Value::from(text.replace(GUARD, "")),
        Value::List(items) => Value::List(items.iter().map(unguarded).collect()),
        Value::Tuple(items) => Value::Tuple(items.iter().map(unguarded).collect()),
        Value::Dict(dict) => {
            Value::Dict(dict.iter().map(|(key, value)| (key.clone(), unguarded(value))).collect())
        }
        other => other.clone(),
    }
}

const OURS: &[&str] = &["task", "host", "result"];

fn is_ours(name: &str) -> bool {
    matches!(name, "task" | "task_vars" | "host" | "result")
}

/// The names as the evaluator of templates sees them.
struct Names<'a, 'b>(&'a View<'b>);

impl Scope for Names<'_, '_> {
    fn get(&self, name: &str) -> Option<Value> {
        let view = self.0;
        match name {
            "task" => Some(Value::Dict(view.task())),
            "task_vars" => Some(view.variables()),
            "host" => Some(Value::from(view.scope.host().as_str())),
            "result" => {
                let mut result = Dict::new();
                result.insert("utr", Value::Dict(view.result()));
                Some(Value::Dict(result))
            }
            _ => None,
        }
    }

    fn names(&self, each: &mut dyn FnMut(&Text)) {
        ["task", "task_vars", "host", "result"].map(Text::new).iter().for_each(each);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_in_constants_are_text() {
        let text = guarded("{'a': '{{ b }}{% c %}'}");
        assert!(!text.contains("{{") && !text.contains("{%") && text.starts_with("{'a'"));
        assert_eq!(unguarded(&Value::from(text)), Value::from("{'a': '{{ b }}{% c %}'}"));
    }
}
