//! The plugin `constructed`: variables and groups of the hosts that are there already, made of
//! expressions.

use std::sync::Arc;

use nafal_base::{Dict, Source, Span, Text, Value};

use crate::data::{Data, Host, HostId};
use crate::error::Error;
use crate::group_set::{Origin, merged, push};
use crate::keyed::{self, Keyed};
use crate::plugin::flag;
use crate::source::Loader;
use crate::structured::class;
use crate::surroundings::{Facts, Templates};

/// Whether what can't be evaluated fails the source.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    Strict,
    Lenient,
}

/// A configuration.
struct Config<'a> {
    path: &'a str,
    strictness: Strictness,
    compose: Option<&'a Dict>,
    groups: Option<&'a Dict>,
    keyed: Vec<&'a Value>,
    leading_separator: bool,
    reads_files: bool,
    extra: Dict,
    facts: Option<Arc<dyn Facts>>,
}

/// Reads a configuration.
pub(crate) fn read(path: &Arc<str>, config: &Dict, loader: &mut Loader) -> Result<(), Error> {
    let templates = loader.templates()?;
    let plugins = &loader.options.plugins;
    let is_set = |name: &str| flag(config, name) == Some(true);
    let config = Config {
        path,
        strictness: if is_set("strict") { Strictness::Strict } else { Strictness::Lenient },
        compose: dict(config, "compose")?,
        groups: dict(config, "groups")?,
        keyed: match config.get("keyed_groups") {
            None | Some(Value::None) => Vec::new(),
            Some(Value::List(items)) => items.iter().collect(),
            Some(other) => vec![other],
        },
        leading_separator: flag(config, "leading_separator") != Some(false),
        reads_files: is_set("use_vars_plugins"),
        extra: plugins.extra_of_constructed(config),
        facts: plugins.facts.clone(),
    };
    for index in 0..loader.data.hosts.len() {
        let id = HostId(u32::try_from(index).unwrap_or(u32::MAX));
        config.compose(id, &*templates, &mut loader.data)?;
        let vars = config.variables(id, &loader.data)?;
        config.group(id, &vars, &*templates, &mut loader.data)?;
        config.key(id, &vars, &*templates, &mut loader.data)?;
    }
    Ok(())
}

fn dict<'a>(config: &'a Dict, name: &str) -> Result<Option<&'a Dict>, Error> {
    match config.get(name) {
        None | Some(Value::None) => Ok(None),
        Some(Value::Dict(dict)) => Ok(Some(dict)),
        Some(other) => Err(Error::source(format!(
            "Config '{name}' for 'constructed' inventory plugin from 'Direct' has an invalid value: \
             Invalid value provided for 'dict': {}",
            other.repr()
        ))),
    }
}

/// An expression's text, or why there is none.
fn expression(value: Option<&Value>) -> Result<&Text, String> {
    match value {
        Some(Value::Str(text)) => Ok(text),
        other => Err(format!(
            "Expressions must be <class 'str'>, got {}.",
            class(other.unwrap_or(&Value::None))
        )),
    }
}

impl Config<'_> {
    /// What an entry that can't be evaluated means.
    fn failed(&self, what: String, why: &str) -> Result<(), Error> {
        match self.strictness {
            Strictness::Lenient => Ok(()),
            Strictness::Strict => Err(Error::Caused {
                message: format!("Failed to parse '{}'", self.path),
                cause: format!("{what}: {why}"),
                span: None,
            }),
        }
    }

    /// What is known of a host.
    fn variables(&self, id: HostId, data: &Data) -> Result<Dict, Error> {
        let host = data.host(id);
        let set = data.new_group_set(&host.groups);
        let mut layers = Vec::new();
        if self.reads_files {
            layers = data.new_group_layers(&set)?.layers;
            layers.extend(data.own_layers(host)?);
        } else {
            for group in &set.groups {
                let group = data.group(*group);
                push(&mut layers, Origin::Groups, &group.name, &group.vars);
            }
            push(&mut layers, Origin::Host, &host.name.0, &host.vars);
        }
        let mut vars = merged(&layers, data.rules.hashes);
        add_magic(host, data, &set.names, &mut vars);
        if let Some(facts) = &self.facts {
            data.rules.hashes.lay_over(&mut vars, &facts.of(&host.name));
        }
        data.rules.hashes.lay_over(&mut vars, &self.extra);
        Ok(vars)
    }

    /// `compose`: all from the same variables, so that none sees another's.
    fn compose(&self, id: HostId, templates: &dyn Templates, data: &mut Data) -> Result<(), Error> {
        let Some(compose) = self.compose else {
            return Ok(());
        };
        let vars = self.variables(id, data)?;
        for (name, value) in compose {
            let result = expression(Some(value)).and_then(|text| {
                templates.expression(text, &vars).map_err(|diagnostic| diagnostic.chain())
            });
            match result {
                Ok(value) => data.set_host_variable(id, name.clone(), value),
                Err(why) => {
                    let (name, host) = (name.value().to_text(), &data.host(id).name);
                    self.failed(format!("Could not set {name} for host {host}"), &why)?;
                }
            }
        }
        Ok(())
    }

    /// `groups`: who is in a group by a condition.
    fn group(
        &self,
        id: HostId,
        vars: &Dict,
        templates: &dyn Templates,
        data: &mut Data,
    ) -> Result<(), Error> {
        for (name, condition) in self.groups.into_iter().flatten() {
            let name = keyed::safe_name(&name.value().to_text());
            match templates.condition(condition, vars) {
                Ok(true) => {
                    let group = data.ensure_group(&name);
                    data.add_host_to(group, id);
                }
                Ok(false) => {}
                Err(diagnostic) => {
                    let what = format!("Could not add host {} to group {name}", data.host(id).name);
                    self.failed(what, &diagnostic.chain())?;
                }
            }
        }
        Ok(())
    }

    /// `keyed_groups`: groups named after values.
    fn key(
        &self,
        id: HostId,
        vars: &Dict,
        templates: &dyn Templates,
        data: &mut Data,
    ) -> Result<(), Error> {
        for entry in &self.keyed {
            let Value::Dict(entry) = entry else {
                let shown = entry.to_text();
                return Err(self.refused(&format!(
                    "Invalid keyed group entry, it must be a dictionary: {shown}"
                )));
            };
            let key = expression(entry.get("key")).and_then(|text| {
                templates.expression(text, vars).map_err(|diagnostic| diagnostic.chain())
            });
            let key = match key {
                Ok(key) => key,
                Err(why) => {
                    let (host, key) = (&data.host(id).name, entry.get("key"));
                    let key = key.unwrap_or(&Value::None).to_text();
                    let what = format!("Could not generate group for host {host} from {key} entry");
                    self.failed(what, &why)?;
                    continue;
                }
            };
            let keyed = Keyed::new(entry).map_err(|message| self.refused(&message))?;
            let names = keyed.names(&key).map_err(|message| self.refused(&message))?;
            let Some(names) = names else {
                if self.strictness == Strictness::Strict {
                    let shown = entry.get("key").unwrap_or(&Value::None).to_text();
                    return Err(self.refused(&format!(
                        "No key or key resulted empty for {shown} in host {}, invalid entry",
                        data.host(id).name
                    )));
                }
                continue;
            };
            for bare in names {
                let name = keyed.group(&bare, self.leading_separator);
                let parent = match self.parent(entry, &bare, vars, templates)? {
                    Parent::None => None,
                    Parent::Named(name) => Some(name),
                    Parent::Unknown => continue,
                };
                let group = data.ensure_group(&name);
                data.add_host_to(group, id);
                if let Some(parent) = parent {
                    let parent = data.ensure_group(&parent);
                    data.add_child(parent, group)
                        .map_err(|error| self.refused(&error.to_string()))?;
                }
            }
        }
        Ok(())
    }

    fn parent(
        &self,
        entry: &Dict,
        bare: &str,
        vars: &Dict,
        templates: &dyn Templates,
    ) -> Result<Parent, Error> {
        let Some(written) = entry.get("parent_group").filter(|written| written.is_true()) else {
            return Ok(Parent::None);
        };
        match templates.render(written, vars) {
            Ok(name) => Ok(Parent::Named(keyed::safe_name(&name.to_text()))),
            Err(_) if self.strictness == Strictness::Lenient => Ok(Parent::Unknown),
            Err(why) => {
                let error = self.refused(&format!(
                    "Could not generate parent group '{}' for group '{bare}': {}",
                    written.to_text(),
                    why.chain()
                ));
                let mut diagnostic = error.diagnostic().at(Some(self.place()));
                diagnostic = diagnostic.caused_by(why.message, why.span);
                diagnostic.causes.extend(why.causes);
                Err(Error::Variables(Box::new(diagnostic)))
            }
        }
    }

    fn place(&self) -> Span {
        let shown = format!("<inventory plugin 'auto' with source '{}'>", self.path);
        Span::whole(&Source::new(shown, ""))
    }

    fn refused(&self, message: &str) -> Error {
        Error::source(format!("Failed to parse '{}': {message}", self.path))
    }
}

/// The group above a keyed one.
enum Parent {
    None,
    Named(String),
    /// Its name can't be told.
    Unknown,
}

/// What stock's hosts know of themselves.
fn add_magic(host: &Host, data: &Data, group_names: &nafal_base::List, vars: &mut Dict) {
    let name = host.name.as_str();
    vars.insert("inventory_hostname", Value::Str(host.text.clone()));
    vars.insert("inventory_hostname_short", Value::from(name.split('.').next().unwrap_or(name)));
    vars.insert("group_names", Value::List(group_names.clone()));
    if let Some(source) = &host.source {
        vars.insert("inventory_file", Value::from(&**source));
        let folder = data.dir_of(host).map_or(Value::None, Value::from);
        vars.insert("inventory_dir", folder);
    }
}
