//! A task: its keywords, its loop, its conditions. Must not know what its action does.

use std::borrow::Cow;

use nafal_base::{Diagnostic, Dict, Span, Value};

use super::actions::WrongKeywords;
use super::ast::{Loop, LoopControl, LoopSource, Register, Task, TaskOrigin};
use super::class::class;
use super::include::Structure;
use super::items::TasksKind;
use super::keywords::{Place, is_keyword, keyword_hint};
use super::names;
use super::reader::{Fields, Reader};
use crate::error::Error;

impl Reader<'_> {
    pub(super) fn task(&mut self, mut fields: Fields<'_>, kind: TasksKind) -> Option<Task> {
        let action = self.searching(fields, |reader| reader.action(fields));
        let structure = action.as_ref().and_then(|action| Structure::of(&action.name));
        let mut place = match kind {
            TasksKind::Tasks => Place::TASK,
            TasksKind::Handlers => Place::HANDLER,
        };
        if let Some(structure) = structure.filter(|structure| structure.is_include()) {
            place = match (structure.is_role(), kind) {
                (false, TasksKind::Handlers) => Place::HANDLER_INCLUDE,
                _ => Place::INCLUDE,
            };
            fields.owner = structure.owner(kind);
        }
        let repeat = self.repeat(fields);
        // An import's keywords are a task's, and wrong ones are told of as the import's.
        let owner = structure.map_or(fields.owner, |structure| structure.owner(kind));
        let own = self.check_task_keywords(Fields { owner, ..fields }, place);
        let fields = Fields { dict: &own, ..fields };
        let local = action.as_ref().is_some_and(|action| action.local);
        if place.is_include() && local {
            // Stock makes a `delegate_to` of it, which an include doesn't take.
            self.unknown_keyword("delegate_to", None, Fields { owner, ..fields }, place);
        }
        let keywords = self.keywords(fields);
        if let (Some(structure), Some(action)) = (structure, &action) {
            self.check_structure(structure, action, fields, repeat.is_some(), kind);
        }
        let register = self.register(fields);
        let task = Task {
            span: fields.span.clone(),
            keywords,
            action: action?,
            register,
            repeat,
            loop_control: self.loop_control(fields),
            until: self.list(fields, "until"),
            retries: self.template(fields, "retries"),
            delay: self.template(fields, "delay"),
            changed_when: fields.get("changed_when").map(|_| self.list(fields, "changed_when")),
            failed_when: fields.get("failed_when").map(|_| self.list(fields, "failed_when")),
            notify: self.list(fields, "notify"),
            listen: self.texts(fields, "listen").into_iter().map(Value::Str).collect(),
            r#async: self.template(fields, "async"),
            poll: self.template(fields, "poll"),
            delegate_to: self.text_quietly(fields, "delegate_to"),
            delegate_facts: self.template(fields, "delegate_facts"),
            origin: TaskOrigin::Written,
        };
        Some(task)
    }

    /// A text keyword that was checked already with the shared ones.
    fn text_quietly<T>(&self, fields: Fields<'_>, name: &str) -> Option<nafal_base::Template<T>> {
        let (_, value) = fields.get(name)?;
        if matches!(value, Value::List(_) | Value::Dict(_)) {
            return None;
        }
        self.template(fields, name)
    }

    /// The task without the keys that are no keyword there. One that is a keyword nowhere in tasks
    /// was taken for an action before.
    fn check_task_keywords<'d>(&mut self, fields: Fields<'d>, place: Place) -> Cow<'d, Dict> {
        let mut own = Cow::Borrowed(fields.dict);
        for key in fields.dict.keys().filter_map(|key| key.as_text()) {
            // An include among handlers is a handler all the same (case `handlers-includes`).
            if &**key == "listen" && fields.owner == "HandlerTaskInclude" {
                continue;
            }
            let wrong = match key.strip_prefix("with_") {
                Some(name) => !self.actions.is_lookup(name),
                None => is_task_keyword(key) && !is_keyword(key, place),
            };
            if wrong {
                own.to_mut().remove(key);
                self.unknown_keyword(key, key.span(), fields, place);
            }
        }
        own
    }

    fn unknown_keyword(
        &mut self,
        key: &str,
        span: Option<&Span>,
        fields: Fields<'_>,
        place: Place,
    ) {
        if self.actions.wrong_keywords() == WrongKeywords::LeftOut {
            let message = format!("Ignoring invalid attribute: {key}");
            self.warnings.push(Diagnostic::warning(message));
            return;
        }
        self.errors.push(Error::UnknownKeyword {
            keyword: key.to_owned(),
            owner: fields.owner,
            // Stock shows the task for an include's, the key for others'.
            span: match place {
                place if place.is_include() => fields.span.clone(),
                _ => span.unwrap_or(fields.span).clone(),
            },
            hint: match key.strip_prefix("with_") {
                Some(name) => Some(format!("There is no lookup '{name}'.")),
                None if place.is_include() => Some(format!(
                    "An include takes it below `apply:`, for the tasks that it brings: \
                     `apply: {{{key}: …}}`."
                )),
                None => keyword_hint(key, place),
            },
        });
    }

    /// `loop`, or one of `with_*`.
    fn repeat(&mut self, fields: Fields<'_>) -> Option<Loop> {
        let mut found: Option<Loop> = None;
        for (key, value) in fields.dict {
            let Some(key) = key.as_text() else { continue };
            let name = match key.strip_prefix("with_") {
                Some(name) if self.actions.is_lookup(name) => Some(name),
                None if &**key == "loop" && !value.is_none() => None,
                _ => continue,
            };
            if name.is_some() && value.is_none() {
                let message = format!("you must specify a value when using {key}");
                self.errors.push(Error::general(message, fields.span.clone()));
                continue;
            }
            if let Some(first) = &found {
                let name = name.or(match &first.source {
                    LoopSource::Lookup { name, .. } => Some(name.as_str()),
                    LoopSource::Items(_) => None,
                });
                let message = format!("duplicate loop in task: {}", name.unwrap_or("items"));
                let error = Error::general(message, fields.span.clone());
                self.errors.push(error.with_hint("A task loops over one thing."));
                continue;
            }
            let mut span = key.span().unwrap_or(fields.span).clone();
            if name.is_none() && value.span().is_none() {
                span = self.place(key, value).unwrap_or(span);
            }
            let source = match name {
                Some(name) => LoopSource::Lookup { name: name.to_owned(), terms: value.clone() },
                None => LoopSource::Items(value.clone()),
            };
            found = Some(Loop { span, source });
        }
        found
    }

    fn loop_control(&mut self, fields: Fields<'_>) -> LoopControl {
        const KEYS: [&str; 7] = [
            "break_when",
            "extended",
            "extended_allitems",
            "index_var",
            "label",
            "loop_var",
            "pause",
        ];
        let Some((key, value)) = fields.written("loop_control") else {
            return LoopControl::default();
        };
        let Value::Dict(dict) = value else {
            let message = "the `loop_control` value must be specified as a dictionary and cannot \
                           be a variable itself (though it can contain variables)";
            self.invalid(message, self.place(key, value));
            return LoopControl::default();
        };
        let span = self.span_of(value);
        let inner = Fields { dict, owner: "LoopControl", span: &span };
        for key in dict.keys() {
            let name = key.value().to_text();
            if !KEYS.contains(&&*name) {
                let hint = crate::closest(&name, KEYS).map(|key| format!("Did you mean '{key}'?"));
                self.errors.push(Error::UnknownKeyword {
                    keyword: name.into_owned(),
                    owner: inner.owner,
                    span: key.value().span().unwrap_or(&span).clone(),
                    hint,
                });
            }
        }
        LoopControl {
            loop_var: self.text(inner, "loop_var"),
            index_var: self.text(inner, "index_var"),
            label: self.label(inner),
            pause: self.template(inner, "pause"),
            extended: self.template(inner, "extended"),
            extended_allitems: self.template(inner, "extended_allitems"),
            break_when: self.list(inner, "break_when"),
        }
    }

    fn label(&mut self, fields: Fields<'_>) -> Option<Value> {
        let (key, value) = fields.get("label")?;
        if matches!(value, Value::Dict(_) | Value::List(_)) {
            let message = format!(
                "The field 'label' is supposed to be a string type, however the incoming data \
                 structure is a {}",
                class(value)
            );
            self.invalid(message, self.place(key, value));
        }
        Some(value.clone())
    }

    fn register(&mut self, fields: Fields<'_>) -> Option<Register> {
        let (key, value) = fields.get("register")?;
        let span = self.place(key, value);
        if let Value::Dict(projections) = value {
            let mut all = Vec::with_capacity(projections.len());
            for (name, expression) in projections {
                let place = name.value().span().cloned().or_else(|| span.clone());
                if let Some(error) = names::check_register(name.value(), span.clone(), place) {
                    self.errors.push(error);
                    return None;
                }
                all.extend(name.as_text().map(|name| (name.clone(), expression.clone())));
            }
            return Some(Register::Projections(all));
        }
        if let Some(error) = names::check_register(value, span.clone(), span) {
            self.errors.push(error);
            return None;
        }
        match value {
            Value::Str(name) => Some(Register::Whole(name.clone())),
            _ => None,
        }
    }
}

/// Whether a key of a task is a keyword of tasks at all, allowed or not: else it names an action.
pub(super) fn is_task_keyword(key: &str) -> bool {
    is_keyword(key, Place::TASK) || is_keyword(key, Place::HANDLER)
}
