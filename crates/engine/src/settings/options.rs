//! What is told of every option that stock knows, of plugins too: what `known.tsv` says of it, and
//! what `options.tsv` adds. Names, types, defaults and places are stock's; the texts are nafal's own,
//! and say what nafal does. Must not know what a setting means, nor how it is shown.

use nafal_base::{Dict, Value};

use super::deprecated;
use super::effective::EffectiveSetting;
use super::known::{Known, Support, known};

/// What is added, an option a line.
const TABLE: &str = include_str!("options.tsv");

/// The kinds of plugins that have options, as stock names them.
const KINDS: [&str; 11] = [
    "BECOME",
    "CACHE",
    "CALLBACK",
    "CLICONF",
    "CONNECTION",
    "HTTPAPI",
    "INVENTORY",
    "LOOKUP",
    "NETCONF",
    "SHELL",
    "VARS",
];

/// A plugin with its options, each a name and what is told of it.
#[derive(Clone, Debug)]
pub struct PluginOptions {
    /// `BECOME`.
    pub kind: &'static str,
    /// `sudo`.
    pub name: String,
    /// By name, in stock's order.
    pub options: Dict,
    /// What holds of them, in the order of their names, where the plugin is the user's own: its Python alone knows.
    pub holds: Option<Vec<EffectiveSetting>>,
}

/// All settings that are no plugin's, by name, in stock's order.
pub fn base_options() -> Dict {
    let base = rows().filter(|(name, _)| !name.contains('.'));
    base.map(|(name, added)| (name, Value::Dict(told(name, added)))).collect()
}

/// All plugins of a kind (`BECOME`), with their options.
pub fn plugin_options(kind: &str) -> Vec<PluginOptions> {
    let mut plugins: Vec<PluginOptions> = Vec::new();
    for (name, added) in rows() {
        let Some((own, rest)) = name.split_once('.') else { continue };
        if own != kind {
            continue;
        }
        let (plugin, option) = rest.split_once('.').map_or((rest, None), |(a, b)| (a, Some(b)));
        if plugins.last().is_none_or(|last| last.name != plugin) {
            plugins.push(PluginOptions {
                kind: own,
                name: plugin.to_owned(),
                options: Dict::new(),
                holds: None,
            });
        }
        if let (Some(option), Some(last)) = (option, plugins.last_mut()) {
            last.options.insert(option, Value::Dict(told(name, added)));
        }
    }
    plugins
}

/// The kinds of plugins, in the order of their names.
pub fn plugin_kinds() -> &'static [&'static str] {
    &KINDS
}

fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t'))
}

/// Everything of one option.
fn told(name: &'static str, added: &str) -> Dict {
    let known = known().find(|known| known.name == name);
    let mut told = Dict::new();
    told.insert("description", Value::from(description(known)));
    if let Some(known) = known {
        add_known(&mut told, known);
    }
    let added: Dict = serde_json::from_str(added).unwrap_or_default();
    for (field, value) in &added {
        match (field.as_str().unwrap_or_default(), value) {
            ("-", Value::List(gone)) => {
                for field in gone.iter() {
                    told.remove(&field.to_text());
                }
            }
            ("name", _) => {
                told.insert("name", Value::from(title(name)));
            }
            ("deprecated", Value::Dict(fields)) => {
                let mut fields = fields.clone();
                deprecated::explain(name, &mut fields);
                told.insert("deprecated", Value::Dict(fields));
            }
            ("suboptions", Value::Dict(options)) => {
                told.insert("suboptions", Value::Dict(options.clone()));
            }
            (field, value) => {
                told.insert(field, value.clone());
            }
        }
    }
    told
}

fn add_known(told: &mut Dict, known: &Known) {
    if known.kind != "-" {
        told.insert("type", Value::from(known.kind));
    }
    told.insert("default", serde_json::from_value(known.default()).unwrap_or(Value::None));
    let variables = known.variables.iter().map(|name| entry(&[("name", name)]));
    let keys = known.keys.iter().map(|(section, key)| entry(&[("key", key), ("section", section)]));
    for (field, entries) in [("env", variables.collect::<Vec<_>>()), ("ini", keys.collect())] {
        if !entries.is_empty() {
            told.insert(field, Value::List(entries.into_iter().collect()));
        }
    }
}

fn entry(fields: &[(&'static str, &str)]) -> Value {
    Value::Dict(fields.iter().map(|(name, value)| (*name, Value::from(*value))).collect())
}

/// What nafal does with it: that is ours to tell, what it means is in stock's documentation.
fn description(known: Option<&Known>) -> &'static str {
    match known.map(|known| known.support) {
        Some(Support::Acts) => "nafal does what it says.",
        Some(Support::Ignored) => "nafal doesn't have it yet, and warns when it is set.",
        Some(Support::Nothing) => "No result of nafal's depends on it.",
        None => "Neither a file nor the environment sets it.",
    }
}

/// `ANSIBLE_HOME` is `Ansible home`.
fn title(name: &str) -> String {
    let name = name.rsplit('.').next().unwrap_or(name);
    let words = name.trim_matches('_').replace('_', " ").to_lowercase();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        for (name, added) in rows().filter(|(_, added)| *added != "-") {
            assert!(serde_json::from_str::<Dict>(added).is_ok(), "{name}");
        }
        let names: Vec<&str> = rows().map(|(name, _)| name).collect();
        for known in known() {
            assert!(names.contains(&known.name), "{} is in known.tsv alone", known.name);
        }
    }

    #[test]
    fn titles() {
        assert_eq!(title("ANSIBLE_HOME"), "Ansible home");
        assert_eq!(title("_MODULE_METADATA"), "Module metadata");
        assert_eq!(title("CALLBACK.junit.task_class"), "Task class");
    }

    #[test]
    fn plugins_of_a_kind() {
        let names = |kind| -> Vec<String> {
            plugin_options(kind).into_iter().map(|plugin| plugin.name).collect()
        };
        assert_eq!(names("BECOME"), ["runas", "su", "sudo"]);
        assert_eq!(names("CACHE"), ["jsonfile", "memory"]);
        assert!(names("HTTPAPI").is_empty());
    }
}
