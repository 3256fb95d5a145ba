//! A playbook's entries. Must not know tasks.

use std::sync::Arc;

use nafal_base::{Source, Span, Template, Value};

use super::actions::Actions;
use super::ast::{Entry, ImportPlaybook, Play, Playbook};
use super::class::class;
use super::items::TasksKind;
use super::keywords::Place;
use super::reader::{Fields, Parsed, Reader};
use super::role::named_role;
use crate::error::Error;

const IMPORTS: [&str; 3] =
    ["import_playbook", "ansible.builtin.import_playbook", "ansible.legacy.import_playbook"];

/// The plays of a playbook, or everything that is wrong with it.
pub fn parse_playbook(source: &Arc<Source>, actions: &dyn Actions) -> Parsed<Playbook> {
    let (mut reader, content) = Reader::open(source, actions)?;
    let whole = || Span::whole(source);
    let entries = match content {
        None | Some((Value::None, _)) => {
            let message = format!("Empty playbook, nothing to do: {}", source.name);
            return Err(vec![Error::invalid(message, whole())]);
        }
        Some((Value::List(entries), _)) if entries.is_empty() => {
            let message = format!("A playbook must contain at least one play: {}", source.name);
            return Err(vec![Error::invalid(message, whole())]);
        }
        Some((Value::List(entries), _)) => entries,
        Some((other, span)) => {
            let message = format!(
                "A playbook must be a list of plays, got a {} instead: {}",
                class(&other),
                source.name
            );
            let error = Error::invalid(message, span);
            return Err(vec![error.with_hint("Each play starts with `- hosts:`.")]);
        }
    };
    let parsed = entries.iter().filter_map(|entry| reader.entry(entry)).collect();
    let playbook = Playbook { source: Arc::clone(source), entries: parsed };
    reader.finish(playbook)
}

/// The roles of a play, as far as they are named.
fn names_of_roles(fields: Fields<'_>) -> Vec<&str> {
    match fields.dict.get("roles") {
        Some(Value::List(roles)) => roles.iter().filter_map(named_role).collect(),
        _ => Vec::new(),
    }
}

impl Reader<'_> {
    fn entry(&mut self, entry: &Value) -> Option<Entry> {
        let Value::Dict(dict) = entry else {
            let message =
                "playbook entries must be either valid plays or 'import_playbook' statements";
            self.invalid(message, self.span_of(entry));
            return None;
        };
        let span = self.span_of(entry);
        match IMPORTS.iter().find(|name| dict.contains(name)) {
            Some(name) => {
                let fields = Fields { dict, owner: "PlaybookInclude", span: &span };
                self.import_playbook(fields, name).map(Box::new).map(Entry::Import)
            }
            None => {
                let fields = Fields { dict, owner: "Play", span: &span };
                Some(Entry::Play(Box::new(self.play(fields))))
            }
        }
    }

    fn import_playbook(&mut self, fields: Fields<'_>, name: &str) -> Option<ImportPlaybook> {
        self.check_keywords(fields, Place::IMPORT_PLAYBOOK, &[name]);
        let keywords = self.keywords(fields);
        if fields.get(name).is_none() {
            let message = format!("The field '{name}' is required but was not set.");
            self.invalid(message, fields.span.clone());
            return None;
        }
        let file = self.text(fields, name)?;
        Some(ImportPlaybook { span: fields.span.clone(), file, keywords })
    }

    fn play(&mut self, fields: Fields<'_>) -> Play {
        self.check_keywords(fields, Place::PLAY, &[]);
        let hosts = self.hosts(fields);
        let mut keywords = self.keywords(fields);
        if fields.get("user").is_some() {
            if keywords.remote_user.is_some() {
                let message = "both 'user' and 'remote_user' are set for this play. The use of \
                               'user' is deprecated, and should be removed";
                self.invalid(message, fields.span.clone());
            }
            keywords.remote_user = self.text(fields, "user");
        }
        self.actions.uses_roles(&names_of_roles(fields), &keywords.collections);
        self.searching(fields, |reader| Play {
            span: fields.span.clone(),
            hosts,
            keywords,
            vars_files: reader.vars_files(fields),
            vars_prompt: reader.vars_prompt(fields),
            validate_argspec: reader.text(fields, "validate_argspec"),
            gather_facts: reader.gather_facts(fields),
            gather_subset: fields.get("gather_subset").map(|(_, value)| value.clone()),
            gather_timeout: reader.template(fields, "gather_timeout"),
            fact_path: reader.text(fields, "fact_path"),
            roles: reader.roles(fields),
            // The order in which stock reads them: what is wrong is told in it.
            handlers: reader.section(fields, "handlers", TasksKind::Handlers),
            pre_tasks: reader.section(fields, "pre_tasks", TasksKind::Tasks),
            post_tasks: reader.section(fields, "post_tasks", TasksKind::Tasks),
            tasks: reader.section(fields, "tasks", TasksKind::Tasks),
            strategy: reader.text(fields, "strategy"),
            serial: reader.list(fields, "serial"),
            order: reader.text(fields, "order"),
            max_fail_percentage: reader.template(fields, "max_fail_percentage"),
            force_handlers: reader.template(fields, "force_handlers"),
        })
    }

    fn hosts(&mut self, fields: Fields<'_>) -> Template<Value> {
        let Some((key, value)) = fields.dict.entry("hosts") else {
            self.invalid("The field 'hosts' is required but was not set.", fields.span.clone());
            return Template::new(Value::None, Some(fields.span.clone()));
        };
        let span = key.as_text().and_then(|key| self.place(key, value));
        match value {
            Value::None => self.no_hosts(span.clone()),
            Value::Str(text) if text.is_empty() => self.no_hosts(span.clone()),
            Value::List(items) if items.is_empty() => self.no_hosts(span.clone()),
            Value::Str(_) => {}
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    let message = match item {
                        Value::Str(_) => continue,
                        Value::None => "Hosts list cannot contain values of 'None'. Please check \
                                        your playbook"
                            .to_owned(),
                        other => format!(
                            "Hosts list contains an invalid host value: '{}'",
                            other.to_text()
                        ),
                    };
                    let place = self.places.of_item(value, index).or_else(|| span.clone());
                    self.invalid(message, place);
                }
            }
            _ => {
                let message =
                    "Hosts list must be a sequence or string. Please check your playbook.";
                self.invalid(message, span.clone());
            }
        }
        Template::new(value.clone(), span)
    }

    fn no_hosts(&mut self, span: Option<Span>) {
        self.invalid("Hosts list cannot be empty. Please check your playbook", span);
    }

    fn vars_files(&mut self, fields: Fields<'_>) -> Vec<Value> {
        let Some((key, value)) = fields.get("vars_files") else {
            return Vec::new();
        };
        let wrong = |value: &Value| !matches!(value, Value::Str(_) | Value::List(_));
        let items = self.list(fields, "vars_files");
        for item in items.iter().filter(|item| wrong(item)) {
            let message = format!("Invalid `vars_files` value of type '{}'.", item.type_name());
            let span = item.span().cloned().or_else(|| self.place(key, value));
            let error = Error::invalid(message, span);
            self.errors.push(error.with_hint("Write one path, or a list of paths."));
        }
        items
    }

    fn vars_prompt(&mut self, fields: Fields<'_>) -> Vec<Value> {
        const KEYS: [&str; 9] = [
            "name",
            "prompt",
            "default",
            "private",
            "confirm",
            "encrypt",
            "salt_size",
            "salt",
            "unsafe",
        ];
        let Some((key, value)) = fields.get("vars_prompt") else {
            return Vec::new();
        };
        let items = self.list(fields, "vars_prompt");
        let span = self.place(key, value);
        for (index, item) in items.iter().enumerate() {
            let Value::Dict(dict) = item else {
                let place = self.item_place(key, value, index);
                let error = Error::invalid("Invalid variable file contents.", place);
                self.errors.push(error.with_hint("Each prompt is a mapping with a `name`."));
                continue;
            };
            if !dict.contains("name") {
                let message = "Invalid vars_prompt data structure, missing 'name' key";
                self.invalid(message, span.clone());
            }
            for key in dict.keys() {
                let key = key.value().to_text();
                if !KEYS.contains(&&*key) {
                    let message = format!(
                        "Invalid vars_prompt data structure, found unsupported key '{key}'"
                    );
                    self.invalid(message, span.clone());
                }
            }
        }
        items
    }

    /// The one keyword of a play that stock makes a bool of while it reads.
    fn gather_facts(&mut self, fields: Fields<'_>) -> Option<Template<bool>> {
        let (key, value) = fields.get("gather_facts")?;
        let right = match value {
            Value::Bool(_) | Value::Int(0 | 1) => true,
            Value::Str(text) => text.is_template() || is_boolean_word(text),
            _ => false,
        };
        let span = self.place(key, value);
        if !right {
            self.errors.push(Error::Caused {
                message: "Error processing keyword 'gather_facts'.".to_owned(),
                cause: format!("The value {} could not be converted to 'bool'.", value.repr()),
                span: span.clone(),
                place: span.clone(),
                hint: Some("Write `true` or `false`.".to_owned()),
            });
        }
        Some(Template::new(value.clone(), span))
    }
}

fn is_boolean_word(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    matches!(
        text.as_str(),
        "y" | "yes"
            | "on"
            | "1"
            | "true"
            | "t"
            | "1.0"
            | "n"
            | "no"
            | "off"
            | "0"
            | "false"
            | "f"
            | "0.0"
    )
}
