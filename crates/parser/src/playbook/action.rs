//! Which action a task has, and its arguments in any of the ways to write them. Must not know
//! what an action does.

use nafal_base::{Diagnostic, Dict, Key, Span, Text, Value};

use super::actions::ActionSyntax;
use super::ast::ActionCall;
use super::class::class;
use super::include::{Structure, short};
use super::keywords::{Place, keyword_hint};
use super::reader::{Fields, Reader};
use super::task::is_task_keyword;
use crate::error::Error;
use crate::key_values::{KeyValues, split_key_values, split_raw};
use crate::splitting;

impl Reader<'_> {
    /// The action of a task.
    pub(super) fn action(&mut self, fields: Fields<'_>) -> Option<ActionCall> {
        let candidate = self.candidate(fields)?;
        let keyword = matches!(candidate, Candidate::Keyword(..));
        let mut call = match candidate {
            Candidate::Key(key, value) => {
                let span = key.span().unwrap_or(fields.span).clone();
                self.with_arguments(fields, key.to_string(), span, value, Local::No)?
            }
            Candidate::Keyword(key, value, local) => {
                self.keyword_action(fields, key, value, local)?
            }
        };
        if short(&call.name) == "include"
            && self.actions.syntax_in(&call.name, &self.collections).is_none()
        {
            let message = "The 'ansible.builtin.include' action plugin has been removed. Use \
                           include_tasks or import_tasks instead. This feature was removed from \
                           ansible-core in a release after 2023-05-16.";
            self.errors.push(Error::general(message, fields.span.clone()));
            return None;
        }
        // What `action:` names is looked for when its task runs (case `action-forms`).
        if !keyword && !self.is_known(&call.name) {
            let names = self.actions.names();
            let hint = crate::closest(short(&call.name), names)
                .or_else(|| crate::closest(&call.name, super::keywords::of(Place::TASK)))
                .map(|meant| format!("Did you mean '{meant}'?"));
            let (name, span) = (call.name, fields.span.clone());
            self.errors.push(Error::UnknownAction { name, span, hint });
            return None;
        }
        if !keyword {
            let told = self.actions.deprecations(&call.name, &self.collections);
            let placed = |told: Diagnostic| match told.span {
                Some(_) => told,
                None => told.at(call.span.clone()),
            };
            self.warnings.extend(told.into_iter().map(placed));
        }
        self.add_args(fields, &mut call, if keyword { Form::Keyword } else { Form::Key });
        self.refuse_internal(&call);
        Some(call)
    }

    /// Stock passes settings of its own to modules under names that begin so.
    fn refuse_internal(&mut self, call: &ActionCall) {
        let internal = |key: &&Key| key.as_str().is_some_and(|key| key.starts_with("_ansible_"));
        for key in call.args.keys().filter(internal) {
            let (name, shown) = (&call.name, key.value().repr());
            let message = format!(
                "Invalid parameter specified beginning with keyword '_ansible_' for action '{name}': {shown}. \
                 The prefix '_ansible_' is reserved for internal use only."
            );
            let span = key.value().span().unwrap_or(&call.span).clone();
            self.errors.push(Error::general(message, span));
        }
    }

    fn is_known(&self, name: &str) -> bool {
        Structure::of(name).is_some() || self.syntax(name).is_some()
    }

    fn syntax(&self, name: &str) -> Option<ActionSyntax> {
        if Structure::of(name).is_some() {
            return Some(ActionSyntax::Named);
        }
        self.actions.syntax_in(name, &self.collections)
    }

    /// The one key that names the action; more than one, or none, is an error.
    fn candidate<'d>(&mut self, fields: Fields<'d>) -> Option<Candidate<'d>> {
        let mut found: Option<(Candidate<'d>, String)> = None;
        let keyword = |name: &str| {
            fields.dict.entry(name).and_then(|(key, value)| Some((key.as_text()?, value)))
        };
        if let Some((key, value)) = keyword("action") {
            let name = first_word(value);
            found = Some((Candidate::Keyword(key, value, Local::No), name));
        }
        if let Some((key, value)) = keyword("local_action") {
            if found.is_some() {
                let message = "action and local_action are mutually exclusive";
                self.invalid(message, fields.span.clone());
                return None;
            }
            let name = first_word(value);
            found = Some((Candidate::Keyword(key, value, Local::Yes), name));
        }
        for (key, value) in fields.dict {
            let Some(key) = key.as_text() else {
                self.not_a_key(key, fields.span);
                continue;
            };
            if is_task_keyword(key) || key.starts_with("with_") {
                continue;
            }
            let Some((candidate, first)) = &found else {
                found = Some((Candidate::Key(key, value), key.to_string()));
                continue;
            };
            // Stock reads the first one's arguments before it sees the second.
            if let Candidate::Key(_, value) = candidate
                && !matches!(value, Value::None | Value::Str(_) | Value::Dict(_))
            {
                self.wrong_type(value, fields);
                return None;
            }
            self.conflict(first.clone(), key, fields);
            return None;
        }
        if found.is_none() {
            self.errors.push(Error::NoAction { span: fields.span.clone() });
        }
        found.map(|(candidate, _)| candidate)
    }

    fn not_a_key(&mut self, key: &Key, span: &Span) {
        let message = format!("the key {} of a task is no text", key.value().repr());
        self.invalid(message, span.clone());
    }

    /// Of two keys that are no keywords, the one that isn't an action is probably a keyword.
    fn conflict(&mut self, first: String, second: &Text, fields: Fields<'_>) {
        let unknown = if self.is_known(second) { first.as_str() } else { second };
        let hint = if self.is_known(&first) && self.is_known(second) {
            Some("A task has one action: make two tasks of it.".to_owned())
        } else {
            keyword_hint(unknown, Place::TASK)
                .map(|hint| format!("'{unknown}' is neither a keyword nor an action. {hint}"))
        };
        let (second, span) = (second.to_string(), fields.span.clone());
        self.errors.push(Error::ConflictingActions { first, second, span, hint });
    }

    /// `action:` and `local_action:`.
    fn keyword_action(
        &mut self,
        fields: Fields<'_>,
        key: &Text,
        value: &Value,
        local: Local,
    ) -> Option<ActionCall> {
        let span = value.span().or(key.span()).unwrap_or(fields.span).clone();
        match value {
            Value::Str(text) => {
                let call = self.worded(fields, text, span, local)?;
                if call.name.is_empty() {
                    self.errors.push(Error::NoAction { span: fields.span.clone() });
                    return None;
                }
                Some(call)
            }
            Value::Dict(dict) => {
                let message = "Using a mapping for `action` is deprecated.";
                let remedy = "Use a string value for `action`.";
                self.deprecated(message, Some(span.clone()), remedy);
                self.mapped_action(fields, dict, span, local)
            }
            other => {
                self.wrong_type(other, fields);
                None
            }
        }
    }

    /// An action's name with what stands behind it.
    fn worded(
        &mut self,
        fields: Fields<'_>,
        text: &Text,
        span: Span,
        local: Local,
    ) -> Option<ActionCall> {
        let words = self.words(text, fields)?;
        let name = words.first().map(|word| word.trim().to_owned()).unwrap_or_default();
        let rest = splitting::join(words.iter().skip(1).map(String::as_str));
        let rest = Value::Str(Text::trusted(rest, text.span().cloned()));
        self.with_arguments(fields, name, span, &rest, local)
    }

    /// `action: {module: …}`: what it names itself is below the `k=v` of `module`, and both are below its `args`
    /// (case `action-forms-mapping`).
    fn mapped_action(
        &mut self,
        fields: Fields<'_>,
        dict: &Dict,
        span: Span,
        local: Local,
    ) -> Option<ActionCall> {
        let mut args = dict.clone();
        let Some(Value::Str(module)) = args.remove("module") else {
            self.errors.push(Error::NoAction { span: fields.span.clone() });
            return None;
        };
        let upper = args.remove("args");
        let span = module.span().cloned().unwrap_or(span);
        let mut call = self.worded(fields, &module, span, local)?;
        args.lay_over(&call.args);
        match upper {
            Some(Value::Dict(upper)) => args.lay_over(&upper),
            Some(Value::Str(text)) => match split_key_values(&text) {
                Ok(pairs) => {
                    let below = call.raw.take();
                    fill(&mut call, pairs, &text);
                    args.lay_over(&call.args);
                    call.raw = call.raw.or(below);
                }
                Err(unbalanced) => {
                    self.unbalanced(&unbalanced, fields);
                    return None;
                }
            },
            _ => {}
        }
        call.args = args;
        Some(call)
    }

    fn words(&mut self, text: &Text, fields: Fields<'_>) -> Option<Vec<String>> {
        match splitting::split(text) {
            Ok(words) => Some(words),
            Err(unbalanced) => {
                self.unbalanced(&unbalanced, fields);
                None
            }
        }
    }

    fn unbalanced(&mut self, unbalanced: &splitting::Unbalanced, fields: Fields<'_>) {
        let message = format!("Error loading tasks: {unbalanced}");
        let error = Error::invalid(message, fields.span.clone());
        self.errors.push(
            error.with_hint("Close the quote or the `{{`, or write the arguments as a mapping."),
        );
    }

    fn wrong_type(&mut self, value: &Value, fields: Fields<'_>) {
        let message = format!("unexpected parameter type in action: {}", class(value));
        let error = Error::invalid(message, fields.span.clone());
        self.errors.push(error.with_hint("An action takes a mapping of arguments, or text."));
    }

    /// An action with what is written behind it.
    fn with_arguments(
        &mut self,
        fields: Fields<'_>,
        name: String,
        span: Span,
        value: &Value,
        local: Local,
    ) -> Option<ActionCall> {
        let mut call = ActionCall {
            name,
            span,
            args: Dict::new(),
            raw: None,
            args_template: None,
            local: local == Local::Yes,
        };
        match value {
            Value::None => {}
            Value::Dict(dict) => call.args = dict.clone(),
            Value::Str(text) => {
                let split = match self.syntax(&call.name) {
                    Some(ActionSyntax::FreeForm) => split_raw(text),
                    _ => split_key_values(text),
                };
                match split {
                    Ok(pairs) => fill(&mut call, pairs, text),
                    Err(unbalanced) => {
                        self.unbalanced(&unbalanced, fields);
                        return None;
                    }
                }
            }
            other => {
                self.wrong_type(other, fields);
                return None;
            }
        }
        Some(call)
    }

    /// Tells of `k=v` beside `args`, for tasks that name their action by its key alone.
    fn merges(&mut self, call: &ActionCall, form: Form) {
        if form == Form::Keyword || call.args.span().is_some() || call.args.is_empty() {
            return;
        }
        let mut names: Vec<String> = call.args.keys().map(|key| key.value().repr()).collect();
        names.sort_unstable();
        let message = format!("Merging legacy k=v args ({}) into task args.", names.join(", "));
        let span = call.args.values().next().and_then(|value| value.span().cloned());
        self.deprecated(&message, span, "Include all task args in the task `args` mapping.");
    }

    /// `args:`, below what stands behind the action.
    fn add_args(&mut self, fields: Fields<'_>, call: &mut ActionCall, form: Form) {
        let Some((key, value)) = fields.written("args") else {
            return;
        };
        if value.is_none() {
            let message = "Ignoring empty task `args` keyword.";
            let remedy = "A mapping or template which resolves to a mapping is required.";
            self.deprecated(message, Some(fields.span.clone()), remedy);
        }
        match value {
            Value::None => self.merges(call, form),
            Value::Dict(more) => {
                self.merges(call, form);
                let mut args = more.clone();
                args.lay_over(&call.args);
                call.args = args;
            }
            Value::Str(text) if text.is_template() => call.args_template = Some(text.clone()),
            other => {
                let message = "The value of the task `args` keyword is invalid.";
                let error = Error::invalid(message, self.place(key, other));
                self.errors
                    .push(error.with_hint("Write a mapping, or a template that gives a mapping."));
            }
        }
    }
}

/// How a task names its action.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// By a key of its own.
    Key,
    /// By `action` or `local_action`.
    Keyword,
}

/// Where an action may stand.
enum Candidate<'d> {
    Key(&'d Text, &'d Value),
    Keyword(&'d Text, &'d Value, Local),
}

/// Whether it is `local_action`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Local {
    Yes,
    No,
}

/// The name in `action:`, for messages.
fn first_word(value: &Value) -> String {
    let text = match value {
        Value::Dict(dict) => dict.get("module").and_then(Value::as_str),
        other => other.as_str(),
    };
    text.and_then(|text| text.split_whitespace().next()).unwrap_or_default().to_owned()
}

/// `k=v` and free text, with the place of the text that they were written in.
fn fill(call: &mut ActionCall, pairs: KeyValues, text: &Text) {
    let span = text.span().cloned();
    call.args = pairs
        .args
        .into_iter()
        .map(|(key, value)| {
            // set_fact renders names.
            (Text::trusted(key, span.clone()), Value::Str(Text::trusted(value, span.clone())))
        })
        .collect();
    call.raw =
        pairs.raw.map(|raw| if raw == **text { text.clone() } else { Text::trusted(raw, span) });
}
