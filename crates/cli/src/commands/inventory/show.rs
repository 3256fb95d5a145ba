//! An inventory as text. The data are the inventory's; only their form is made here.

use nafal_base::value::json::{Style, to_json};
use nafal_base::{Dict, HostName, Key, Marks, Text, Value};
use nafal_engine::Engine;
use nafal_engine::inventory::{BesidePlaybook, Contents, Error, ListOptions};
use nafal_output::Terminal;

use super::toml::to_toml;
use crate::commands::session::warn;
use crate::commands::targets::wrong_pattern;
use crate::failure::Failure;

/// What is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// All hosts and groups, of those that the limit leaves.
    List {
        /// `-l`.
        limit: Option<String>,
    },
    /// One host's variables.
    Host(String),
    /// The tree below a group.
    Graph {
        /// The group.
        group: String,
        /// Whether variables are in it.
        vars: bool,
    },
}

/// What a dict is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// JSON.
    Json,
    /// `--yaml`.
    Yaml,
    /// `--toml`.
    Toml,
}

/// How it is shown.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// What a dict is written as.
    pub form: Form,
    /// Variables where they are defined.
    pub export: bool,
}

impl Format {
    fn options(self, engine: &Engine) -> ListOptions {
        let contents = if self.export { Contents::Exported } else { Contents::Merged };
        let facts = engine.earlier_facts();
        let beside_playbook = match engine.names_playbook_folder() {
            true => BesidePlaybook::Listed,
            false => BesidePlaybook::Left,
        };
        let extra = engine.extra_vars().clone();
        ListOptions { contents, beside_playbook, limit: None, facts, extra }
    }

    /// The text of a list: in JSON what isn't trusted says so.
    fn list(self, dict: Dict) -> Result<String, Failure> {
        self.text(if self.form == Form::Json { with_untrusted(&dict) } else { dict })
    }

    fn text(self, dict: Dict) -> Result<String, Failure> {
        if self.form == Form::Toml {
            // Stock leaves that to Python (case inventory-toml-written).
            let unwritable = |why| {
                Failure::new(format!("Unexpected Exception, this is probably a bug: {why}"), 250)
            };
            return to_toml(&dict).map_err(unwritable);
        }
        let value = Value::Dict(dict);
        if self.form == Form::Yaml {
            return nafal_engine::to_yaml(&value).map_err(|error| Failure::new(error, 1));
        }
        let value = tagged(&value);
        Ok(to_json(&value, Style::indented(4).sorted().unicode()))
    }
}

/// A list whose variables say where they aren't trusted (case inventory-constructed).
fn with_untrusted(list: &Dict) -> Dict {
    let part = |(key, value): (&Key, &Value)| match (key.as_str(), value) {
        (Some("hostvars" | "vars"), Value::Dict(vars)) => (key.clone(), untrusted_in(vars)),
        (_, other) => (key.clone(), other.clone()),
    };
    let group = |(key, value): (&Key, &Value)| match value {
        Value::Dict(parts) => (key.clone(), Value::Dict(parts.iter().map(part).collect())),
        other => (key.clone(), other.clone()),
    };
    list.iter().map(group).collect()
}

fn untrusted_in(dict: &Dict) -> Value {
    // Nearly every inventory: not one dict is made anew.
    if !dict.values().any(has_untrusted) {
        return Value::Dict(dict.clone());
    }
    Value::Dict(dict.iter().map(|(key, value)| (key.clone(), untrusted(value))).collect())
}

fn has_untrusted(value: &Value) -> bool {
    match value {
        Value::Str(text) => is_untrusted(text),
        Value::List(items) => items.iter().any(has_untrusted),
        Value::Dict(dict) => dict.values().any(has_untrusted),
        _ => false,
    }
}

fn is_untrusted(text: &Text) -> bool {
    !text.is_trusted() && !text.is_vault()
}

fn untrusted(value: &Value) -> Value {
    match value {
        Value::Str(text) if is_untrusted(text) => {
            let told = [("__ansible_unsafe", value.clone())];
            Value::Dict(told.into_iter().collect())
        }
        Value::List(items) => Value::List(items.iter().map(untrusted).collect()),
        Value::Dict(dict) => untrusted_in(dict),
        other => other.clone(),
    }
}

/// The value with vaults as stock's JSON writes them. They stay closed.
fn tagged(value: &Value) -> Value {
    if !value.marks().contains(Marks::VAULT) {
        return value.clone();
    }
    match value {
        Value::Str(text) => {
            let vault = [("__ansible_vault", Value::text(text.as_str()))];
            Value::Dict(vault.into_iter().collect())
        }
        Value::List(items) => Value::List(items.iter().map(tagged).collect()),
        Value::Dict(dict) => {
            Value::Dict(dict.iter().map(|(key, value)| (key.clone(), tagged(value))).collect())
        }
        other => other.clone(),
    }
}

/// What is asked for, as text.
pub fn text_of(
    engine: &Engine,
    action: &Action,
    format: &Format,
    terminal: &mut Terminal,
) -> Result<String, Failure> {
    let inventory = engine.inventory().shown();
    let wrong = |error: Error| Failure {
        diagnostics: vec![error.diagnostic()],
        code: if matches!(error, Error::Sealed { .. } | Error::Closed { .. }) { 1 } else { 4 },
    };
    let mut options = format.options(engine);
    // What is exported stands where it was written: stock looks at no host's variables then.
    let tell = |hosts: &[&HostName], terminal: &mut Terminal| {
        if !format.export {
            warn(terminal, &engine.reserved_names(hosts.iter().copied()).map_err(wrong)?);
        }
        Ok::<(), Failure>(())
    };
    match action {
        Action::List { limit } => {
            if let Some(limit) = limit {
                let matched = inventory.matching("all", Some(limit)).map_err(wrong_pattern)?;
                warn(terminal, &matched.warnings);
                options.limit = Some(matched.hosts.into_iter().collect());
            }
            let limit = options.limit.as_ref();
            let shown = inventory
                .hosts()
                .map(|host| &host.name)
                .filter(|host| limit.is_none_or(|limit| limit.contains(*host)));
            tell(&shown.collect::<Vec<_>>(), terminal)?;
            let listed = match format.form {
                Form::Json => inventory.list(&options),
                Form::Yaml => inventory.tree(&options),
                Form::Toml => inventory.tables(&options),
            };
            format.list(listed.map_err(wrong)?)
        }
        Action::Host(pattern) => {
            let matched = inventory.matching(pattern, None).map_err(wrong_pattern)?;
            warn(terminal, &matched.warnings);
            let [host] = &matched.hosts[..] else {
                return Err(Failure::usage(
                    "You must pass a single valid host to --host parameter",
                ));
            };
            tell(&[host], terminal)?;
            format.text(inventory.host_dict(host, &options).map_err(wrong)?)
        }
        Action::Graph { group, vars } => {
            let text = inventory.graph(group, vars.then_some(&options)).ok_or_else(|| {
                Failure::usage("Pattern must be valid group name when using --graph")
            })?;
            if *vars {
                let shown = inventory.hosts_of(group).unwrap_or_default();
                tell(&shown.iter().collect::<Vec<_>>(), terminal)?;
            }
            text.map_err(wrong)
        }
    }
}
