//! YAML inventories, and which YAML files configure a plugin instead.

use std::sync::Arc;

use nafal_base::{Diagnostic, Dict, Key, Source, Value};
use nafal_parser::yaml;

use crate::address::{expand, split_port};
use crate::data::GroupId;
use crate::enabled::{is_known, short};
use crate::error::Error;
use crate::source::{Loader, read_text};
use crate::{constructed, generator};

/// A file's only document, or what is wrong with it.
pub(crate) type Document = Result<Value, Error>;

/// The document of a source: read once, though two readers ask.
fn document(source: &Arc<str>, loader: &mut Loader) -> Document {
    if let Some((known, document)) = &loader.document
        && known == source
    {
        return document.clone();
    }
    let document = parse(source, loader);
    loader.document = Some((Arc::clone(source), document.clone()));
    document
}

fn parse(source: &Arc<str>, loader: &mut Loader<'_>) -> Document {
    let text = read_text(source, &loader.options.secrets)?;
    match yaml::load_one(&Source::new(&**source, text)) {
        Ok((document, mut found)) => {
            loader.warnings.append(&mut found);
            Ok(document.map(|document| document.value).unwrap_or_default())
        }
        Err(errors) => Err(errors.first().map_or_else(
            || Error::source("YAML parsing failed"),
            |error| Error::Variables(Box::new(error.diagnostic())),
        )),
    }
}

/// A file that names the plugin that reads it.
pub(crate) fn auto(source: &Arc<str>, loader: &mut Loader) -> Result<(), Error> {
    let document = document(source, loader)?;
    let plugin = document.as_dict().and_then(|document| document.get("plugin"));
    let plugin = match plugin.filter(|plugin| plugin.is_true()) {
        Some(Value::Str(plugin)) => plugin,
        Some(other) => return Err(Error::source(format!("unsupported type {}", class(other)))),
        None => {
            return Err(Error::source(format!(
                "no root 'plugin' key found, '{source}' is not a valid YAML inventory plugin \
                 config file"
            )));
        }
    };
    if !is_known(plugin) {
        return Err(Error::source(format!(
            "inventory config '{source}' specifies unknown plugin '{plugin}'"
        )));
    }
    let attempt = match short(plugin) {
        // A file that asks for what asks it.
        "auto" => None,
        plugin => loader.attempt(plugin, source),
    };
    attempt.map_or_else(
        || {
            Err(Error::source(format!(
                "inventory source '{source}' could not be verified by inventory plugin '{plugin}'"
            )))
        },
        |(_, result)| result,
    )
}

/// A file that configures this plugin, which was enabled by its name.
pub(crate) fn named(plugin: &str, source: &Arc<str>, loader: &mut Loader) -> Result<(), Error> {
    let document = document(source, loader)?;
    let config = document.as_dict().cloned().unwrap_or_default();
    let asked = config.get("plugin").map(|asked| asked.to_text().into_owned());
    let asked = asked.unwrap_or_else(|| "none found".to_owned());
    if short(&asked) != plugin {
        return Err(Error::source(format!("Incorrect plugin name in file: {asked}")));
    }
    configured(plugin, source, &config, loader)
}

fn configured(
    plugin: &str,
    source: &Arc<str>,
    config: &Dict,
    loader: &mut Loader,
) -> Result<(), Error> {
    match plugin {
        "constructed" => constructed::read(source, config, loader),
        _ => generator::read(source, config, loader),
    }
}

/// Reads a YAML inventory. What was read before an error stays, as with stock.
pub(crate) fn read(source: &Arc<str>, loader: &mut Loader) -> Result<(), Error> {
    let document = document(source, loader)?;
    let document = match &document {
        Value::Dict(dict) if !dict.is_empty() => dict,
        empty if !empty.is_true() => return Err(Error::source("Parsed empty YAML file")),
        other => {
            return Err(Error::source(format!(
                "YAML inventory has invalid structure, it should be a dictionary, got: {}",
                class(other)
            )));
        }
    };
    if document.get("plugin").is_some_and(Value::is_true) {
        return Err(Error::source("Plugin configuration YAML file, not YAML inventory"));
    }
    let mut reader = Reader { source, loader };
    for (name, group) in document {
        reader.group(name, group)?;
    }
    Ok(())
}

/// A value's class, as stock's messages name it.
pub(crate) fn class(value: &Value) -> String {
    match python_class(value) {
        tagged if tagged.starts_with('_') => {
            format!("<class 'ansible.module_utils._internal._datatag.{tagged}'>")
        }
        plain => format!("<class '{plain}'>"),
    }
}

/// The same without its module, as Python's own messages name it.
pub(crate) fn python_class(value: &Value) -> &str {
    match value {
        Value::List(_) => "_AnsibleTaggedList",
        Value::Dict(_) => "_AnsibleTaggedDict",
        Value::Str(_) => "_AnsibleTaggedStr",
        Value::Int(_) | Value::Big(_) => "_AnsibleTaggedInt",
        Value::Float(_) => "_AnsibleTaggedFloat",
        other => other.type_name(),
    }
}

/// What Python gets when it goes through a value.
pub(crate) fn items(value: &Value) -> Result<Vec<Value>, Error> {
    match value {
        Value::List(items) => Ok(items.iter().cloned().collect()),
        Value::Dict(dict) => Ok(dict.keys().map(|key| key.value().clone()).collect()),
        Value::Str(text) => {
            Ok(text.chars().map(|letter| Value::from(letter.to_string())).collect())
        }
        other => Err(Error::source(format!("'{}' object is not iterable", python_class(other)))),
    }
}

struct Reader<'a, 'b> {
    source: &'a Arc<str>,
    loader: &'a mut Loader<'b>,
}

impl Reader<'_, '_> {
    fn warn(&mut self, message: String) {
        self.loader.warnings.push(Diagnostic::warning(message));
    }

    /// Adds a group and what is in it; None when it isn't one.
    fn group(&mut self, name: &Key, value: &Value) -> Result<Option<GroupId>, Error> {
        let shown = name.value().to_text().into_owned();
        if !matches!(value, Value::Dict(_) | Value::None) {
            self.warn(format!("Skipping '{shown}' as this is not a valid group definition"));
            return Ok(None);
        }
        let Some(name) = name.as_str() else {
            return Err(Error::source(format!(
                "Unable to add group {shown}: Invalid group name supplied, expected a string but \
                 got {} for {shown}",
                class(name.value())
            )));
        };
        let id = self.loader.data.ensure_group(name);
        let Value::Dict(sections) = value else {
            return Ok(Some(id));
        };
        for section in ["vars", "children", "hosts"] {
            let Some(value) = sections.get(section) else {
                continue;
            };
            if !matches!(value, Value::Dict(_) | Value::None | Value::Str(_)) {
                return Err(Error::source(format!(
                    "Invalid \"{section}\" entry for \"{name}\" group, requires a dictionary, \
                     found \"{}\" instead.",
                    class(value)
                )));
            }
        }
        for (section, value) in sections {
            self.section(name, id, &section.value().to_text(), value)?;
        }
        Ok(Some(id))
    }

    fn section(
        &mut self,
        name: &str,
        id: GroupId,
        section: &str,
        value: &Value,
    ) -> Result<(), Error> {
        let known = matches!(section, "vars" | "children" | "hosts");
        let entries: Dict = match value {
            Value::Dict(entries) => entries.clone(),
            Value::None => return Ok(()),
            Value::Str(only) if known => {
                std::iter::once((Key::from(only.clone()), Value::None)).collect()
            }
            other => {
                let class = class(other);
                self.warn(format!(
                    "Skipping key ({section}) in group ({name}) as it is not a mapping, it is a {class}"
                ));
                return Ok(());
            }
        };
        match section {
            "vars" => {
                for (key, value) in &entries {
                    if key.as_text().is_some() {
                        self.loader.data.set_group_variable(id, key.clone(), value.clone());
                    }
                }
            }
            "children" => {
                for (child, value) in &entries {
                    if let Some(child) = self.group(child, value)? {
                        self.loader.data.add_child(id, child)?;
                    }
                }
            }
            "hosts" => {
                for (pattern, vars) in &entries {
                    let Some(pattern) = pattern.as_str() else {
                        return Err(Error::source(format!(
                            "Host pattern {} must be a string. Enclose integers/floats in \
                             quotation marks.",
                            pattern.value().to_text()
                        )));
                    };
                    self.hosts(id, pattern, vars)?;
                }
            }
            _ => self.warn(format!(
                "Skipping unexpected key ({section}) in group ({name}), only \"vars\", \
                 \"children\" and \"hosts\" are valid"
            )),
        }
        Ok(())
    }

    fn hosts(&mut self, group: GroupId, pattern: &str, vars: &Value) -> Result<(), Error> {
        hosts(self.loader, self.source, group, (pattern, vars))
    }
}

/// Puts the hosts of a pattern into a group.
pub(crate) fn hosts(
    loader: &mut Loader,
    source: &Arc<str>,
    group: GroupId,
    (pattern, vars): (&str, &Value),
) -> Result<(), Error> {
    let empty = Dict::new();
    let vars = match vars {
        Value::Dict(vars) => vars,
        Value::None => &empty,
        other => {
            return Err(Error::source(format!(
                "Invalid data from file, expected dictionary and got:\n\n{}",
                other.to_text()
            )));
        }
    };
    let (name, port) = split_port(pattern);
    let mut names = Vec::new();
    expand(name, &mut names).map_err(|fault| Error::source(fault.message()))?;
    let data = &mut loader.data;
    for name in names {
        let host = data.ensure_host(&name, Some(source));
        data.add_host_to(group, host);
        if let Some(port) = port {
            data.set_host_variable(host, "ansible_port", Value::from(port));
        }
        data.set_host_variables(host, vars);
    }
    Ok(())
}
