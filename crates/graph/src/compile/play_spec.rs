//! The task that a play with `validate_argspec` starts with (case `play-argument-specs`).

use std::path::Path;

use nafal_base::{Cause, Diagnostic, Dict, Span, Value};
use nafal_parser::playbook::ast::{Item, Play, TaskOrigin};

use super::Compiler;
use super::own_task::{own_task, task_of_play};
use super::validation::place;
use crate::context::Context;
use crate::error::Error;
use crate::node::Node;

const NAMELESS: &str = "A play name is required when validate_argspec is True. Alternatively, set validate_argspec to the name of an argument spec.";

/// A fault of a keyword's template, told as the keyword's.
pub(super) fn of_keyword(keyword: &str, place: &Option<Span>, error: Error) -> Error {
    let Error::Template(inner) = error else { return error };
    let inner = *inner;
    let mut told =
        Diagnostic::error(format!("Error processing keyword '{keyword}'")).at(place.clone());
    told.causes.push(Cause { message: inner.message, span: inner.span, hint: inner.hint });
    told.causes.extend(inner.causes);
    Error::Template(Box::new(told))
}

const ACTION: &str = "ansible.builtin.validate_argument_spec";

impl Compiler<'_> {
    /// Appends the task, when the play wants its variables to be looked at.
    pub(super) fn play_spec(&mut self, play: &Play, context: &Context, nodes: &mut Vec<Node>) {
        let Some(keyword) = &play.validate_argspec else { return };
        let wanted = match self.settings.library.render(&keyword.source, context) {
            Err(Error::Omitted(_)) => return,
            wanted => {
                let wanted =
                    wanted.map_err(|error| of_keyword("validate_argspec", &keyword.span, error));
                self.keep(wanted)
            }
        };
        let wrong = |message: String, place: Option<Span>| {
            let told = Diagnostic::error("Error processing keyword 'validate_argspec'")
                .at(keyword.span.clone())
                .caused_by(message, place);
            Error::Template(Box::new(told))
        };
        if matches!(wanted, None | Some(Value::None | Value::Bool(false))) {
            return;
        }
        let Some(title) = self.play_name(play, context) else { return };
        let name = match wanted {
            Some(Value::Bool(true)) | None => title.clone().filter(|name| !name.is_empty()),
            Some(other) => Some(other.to_text().into_owned()),
        };
        let playbook = Path::new(&play.span.source.name);
        let meta = self.settings.library.playbook_meta(playbook, &play.span);
        let Some(meta) = self.keep(meta) else { return };
        let mut wanting = Vec::new();
        if name.is_none() {
            wanting.push(NAMELESS.to_owned());
        }
        if meta.found.is_none() {
            let places: Vec<String> =
                meta.considered.iter().map(|path| format!("\n  - {}", path.display())).collect();
            wanting
                .push(format!("A playbook meta file is required. Considered:{}", places.concat()));
        }
        let (Some(name), Some((path, value))) = (name, meta.found) else {
            self.errors.push(wrong(wanting.join(" "), Some(play.span.clone())));
            return;
        };
        let specs = value.as_dict().and_then(|meta| meta.get("argument_specs"));
        let spec = specs.and_then(|specs| specs.as_dict()?.get(&name)?.as_dict());
        let Some(spec) = spec else {
            let message = format!(
                "No argument spec named '{name}' in {}. Minimally expected:\nargument_specs:\n  {name}:\n    options: {{}}\n",
                path.display()
            );
            self.errors.push(wrong(message, specs.unwrap_or(&value).span().cloned()));
            return;
        };
        let mut about = Dict::new();
        about.insert("type", Value::from("play"));
        about.insert("argument_spec_name", Value::from(name.as_str()));
        about.insert("name", title.map_or(Value::None, Value::from));
        about.insert("path", Value::from(path.display().to_string()));
        let mut args = Dict::new();
        let options = spec.get("options").cloned();
        args.insert("argument_spec", options.unwrap_or(Value::Dict(Dict::new())));
        args.insert("validate_args_context", Value::Dict(about));
        let title = format!("Validating arguments against arg spec {name}");
        let mut told = Dict::new();
        told.insert("name", Value::from(title.as_str()));
        told.insert("action", Value::from(ACTION));
        told.insert("args", Value::Dict(args.clone()));
        let task = own_task(TaskOrigin::PlayValidation, place(told), &title, ACTION, args);
        self.items(&[Item::Task(Box::new(task_of_play(play, task)))], context, nodes);
    }

    /// The play's name; none within when it has none, none at all when it is wrong.
    fn play_name(&mut self, play: &Play, context: &Context) -> Option<Option<String>> {
        let Some(name) = &play.keywords.name else { return Some(None) };
        let rendered = match self.settings.library.render(&name.source, context) {
            Err(Error::Omitted(_)) => return Some(None),
            rendered => rendered.map_err(|error| of_keyword("name", &name.span, error)),
        };
        self.keep(rendered).map(|name| Some(name.to_text().into_owned()))
    }
}
