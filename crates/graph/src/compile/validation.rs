//! The task that a role with `argument_specs` starts with.

use std::sync::Arc;

use nafal_base::{Dict, Source, Span, Value};
use nafal_parser::playbook::ast::{Item, Task, TaskOrigin};

use super::Compiler;
use super::own_task::own_task;
use super::role_options::Validation;
use super::roles::Role;
use crate::context::Context;
use crate::error::Error;
use crate::node::Node;

/// How long the text may be that stands for the task's place, which is in no file.
const SHOWN: usize = 120;

impl Compiler<'_> {
    /// Appends the task, when the role has a spec for its entry point.
    pub(super) fn validation(&mut self, role: &Role, context: &Context, nodes: &mut Vec<Node>) {
        if role.options.validation == Validation::Off {
            return;
        }
        let entry = role.context.from.tasks.as_deref().unwrap_or("main");
        let Some(specs) = &role.files.meta.argument_specs else { return };
        let spec = match specs {
            Value::Dict(specs) => specs.get(entry),
            other => Some(other),
        };
        let spec = match spec {
            None | Some(Value::None) => return,
            Some(Value::Dict(spec)) if spec.is_empty() => return,
            Some(Value::Dict(spec)) => spec.clone(),
            Some(other) => {
                self.errors.push(Error::ArgumentSpec {
                    role: role.context.name.clone(),
                    entry: entry.to_owned(),
                    kind: other.type_name().to_owned(),
                    span: other.span().cloned(),
                });
                return;
            }
        };
        let task = task(role, entry, &spec);
        self.items(&[Item::Task(Box::new(task))], context, nodes);
    }
}

fn task(role: &Role, entry: &str, spec: &Dict) -> Task {
    let mut args = Dict::new();
    let options = spec.get("options").cloned().unwrap_or(Value::Dict(Dict::new()));
    args.insert("argument_spec", options);
    args.insert("provided_arguments", Value::Dict(role.params.clone()));
    let mut about = Dict::new();
    about.insert("type", Value::from("role"));
    about.insert("name", Value::from(role.context.short_name()));
    about.insert("argument_spec_name", Value::from(entry));
    about.insert("path", Value::from(role.context.folder.display().to_string()));
    args.insert("validate_args_context", Value::Dict(about));
    let mut name = format!("Validating arguments against arg spec '{entry}'");
    if let Some(description) = spec.get("short_description") {
        name.push_str(&format!(" - {}", description.to_text()));
    }
    let mut told = Dict::new();
    told.insert("action", Value::from("ansible.builtin.validate_argument_spec"));
    told.insert("args", Value::Dict(args.clone()));
    let span = place(told);
    own_task(
        TaskOrigin::RoleValidation,
        span,
        &name,
        "ansible.builtin.validate_argument_spec",
        args,
    )
}

/// The task itself as its place, shortened at a word as stock shows it.
pub(super) fn place(told: Dict) -> Span {
    let whole = Value::Dict(told).repr();
    let mut text = String::new();
    for word in whole.split_whitespace() {
        if text.chars().count() + 1 + word.chars().count() + " [...]".len() > SHOWN {
            break;
        }
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    if text.len() < whole.len() {
        text.push_str(" [...]");
    }
    let source: Arc<Source> = Source::new("<unknown>", text);
    Span::whole(&source)
}
