//! Keywords whose values have a form of their own: vars, tags, collections, module_defaults.
//! Must not know what carries them.

use nafal_base::{Diagnostic, Dict, Key, Text, Value};

use super::class::class;
use super::names;
use super::reader::{Fields, Reader};
use crate::error::Error;

impl Reader<'_> {
    /// `vars`.
    pub(super) fn vars(&mut self, fields: Fields<'_>) -> Dict {
        let Some((key, value)) = fields.get("vars") else {
            return Dict::new();
        };
        let Value::Dict(dict) = value else {
            let message = format!("Vars in a {} must be specified as a dictionary.", fields.owner);
            self.invalid(message, self.place(key, value));
            return Dict::new();
        };
        for name in dict.keys() {
            let span = self.places.of_key(dict.span(), name.value());
            let span = span.or_else(|| dict.span().cloned());
            self.errors.extend(names::check(name.value(), span));
        }
        dict.clone()
    }

    /// `tags`: commas split constant text.
    pub(super) fn tags(&mut self, fields: Fields<'_>) -> Vec<Value> {
        // Nothing is no list either (case `bad-nothing`).
        let Some((key, value)) = fields.written("tags") else {
            return Vec::new();
        };
        let items = match value {
            Value::List(items) => items.to_vec(),
            Value::Str(_) => vec![value.clone()],
            _ => {
                let span = self.place(key, value);
                self.errors.push(
                    Error::general("tags must be specified as a list", span)
                        .with_hint("Write `tags: [a, b]` or `tags: a,b`."),
                );
                return Vec::new();
            }
        };
        let mut tags = Vec::with_capacity(items.len());
        for item in items {
            match &item {
                Value::Str(text) if text.is_template() || !text.contains(',') => tags.push(item),
                Value::Str(text) => tags.extend(
                    text.split(',')
                        .map(|part| Value::Str(Text::trusted(part.trim(), text.span().cloned()))),
                ),
                Value::List(_) | Value::Dict(_) => {
                    let span = item.span().cloned();
                    let message = format!("A tag can't be a {}.", item.type_name());
                    self.invalid(message, span.or_else(|| key.span().cloned()));
                }
                other => tags.push(Value::Str(Text::trusted(&*other.to_text(), None))),
            }
        }
        self.warn_reserved(&tags, self.place(key, value));
        tags
    }

    fn warn_reserved(&mut self, tags: &[Value], span: Option<nafal_base::Span>) {
        let reserved = |tag: &&Value| {
            tag.as_str().is_some_and(|tag| matches!(tag, "all" | "tagged" | "untagged"))
        };
        let found: Vec<String> = tags.iter().filter(reserved).map(Value::repr).collect();
        if !found.is_empty() {
            let message = format!(
                "Found reserved tagnames in tags: [{}], we do not recommend doing this as it \
                 might give unexpected results",
                found.join(", ")
            );
            self.warnings.push(Diagnostic::warning(message).at(span));
        }
    }

    /// A list of which every item must be text.
    pub(super) fn texts(&mut self, fields: Fields<'_>, name: &str) -> Vec<Text> {
        let Some((key, value)) = fields.get(name) else {
            return Vec::new();
        };
        let mut texts = Vec::new();
        for (index, item) in self.list(fields, name).into_iter().enumerate() {
            match item {
                Value::Str(text) => texts.push(text),
                other => {
                    let message = format!(
                        "Keyword '{name}' items must be of type 'str', not '{}'.",
                        other.type_name()
                    );
                    let span = self.item_place(key, value, index);
                    self.invalid(message, span);
                }
            }
        }
        texts
    }

    /// `module_defaults`.
    pub(super) fn module_defaults(&mut self, fields: Fields<'_>) -> Vec<Value> {
        let Some((key, value)) = fields.get("module_defaults") else {
            return Vec::new();
        };
        let items = self.list(fields, "module_defaults");
        let mut levels = Vec::with_capacity(items.len());
        for item in &items {
            let Value::Dict(dict) = item else {
                let message = "The field 'module_defaults' is supposed to be a dictionary or list \
                               of dictionaries, the keys of which must be static action, module, \
                               or group names. Only the values may contain templates. For \
                               example: {'ping': \"{{ ping_defaults }}\"}";
                self.invalid(message, item.span().cloned().or_else(|| self.place(key, value)));
                continue;
            };
            let mut level = Dict::with_capacity(dict.len());
            for (name, defaults) in dict {
                for full in self.default_names(name) {
                    let key = Text::trusted(full, name.as_text().and_then(Text::span).cloned());
                    level.insert(key, defaults.clone());
                }
            }
            levels.push(Value::Dict(level));
        }
        levels
    }

    /// The names by which the defaults of this action or group count.
    fn default_names(&mut self, name: &Key) -> Vec<String> {
        let Some(text) = name.as_text() else {
            let message =
                format!("Could not resolve action {} in module_defaults", name.value().to_text());
            self.invalid(message, None);
            return Vec::new();
        };
        if let Some(group) = text.strip_prefix("group/") {
            return self.group_name(group, text).into_iter().collect();
        }
        if let Some(names) = self.actions.default_names(text) {
            return names;
        }
        let full = if text.split('.').count() < 3 {
            format!("ansible.legacy.{text}")
        } else {
            text.to_string()
        };
        let message = format!("Could not resolve action {full} in module_defaults");
        let mut error = Error::invalid(message, text.span().cloned());
        if let Some(name) = crate::closest(text, self.actions.names()) {
            error = error.with_hint(format!("Did you mean '{name}'?"));
        }
        self.errors.push(error);
        Vec::new()
    }

    fn group_name(&mut self, group: &str, key: &Text) -> Option<String> {
        let is_full = group.split('.').count() >= 3;
        let name = if is_full { group.to_owned() } else { format!("ansible.builtin.{group}") };
        let Some(warnings) = self.actions.group(&name) else {
            let message = format!(
                "Error loading module_defaults: could not resolve the module_defaults group {name}"
            );
            self.errors.push(Error::invalid(message, key.span().cloned()));
            return None;
        };
        let warnings = warnings.into_iter();
        self.warnings.extend(warnings.map(Diagnostic::warning));
        Some(format!("group/{name}"))
    }

    /// The error for something that must be a list of tasks.
    pub(super) fn must_be_list(value: &Value) -> String {
        format!("{} should be a list or None but is {}", shown(value), class(value))
    }
}

/// A value as stock's messages show it: text without quotes.
pub(super) fn shown(value: &Value) -> String {
    value.to_text().into_owned()
}
