//! `list`: what there is to set. Must not know where that is from.

use nafal_base::value::json::{Style, to_json};
use nafal_base::{Dict, Key, Value};
use nafal_engine::UsersOptions;
use nafal_output::Terminal;

use super::plugins::{Kind, meant};
use crate::arguments::{List, ListFormat};
use crate::failure::Failure;

/// What is shown.
pub fn text(
    asked: &List,
    users: &UsersOptions<'_>,
    terminal: &mut Terminal,
) -> Result<String, Failure> {
    let meant = meant(&asked.which, users, terminal)?;
    let mut all = meant.base.unwrap_or_default();
    if !meant.kinds.is_empty() {
        let kinds = meant.kinds.into_iter().map(|kind| (kind.name.clone(), by_name(kind)));
        all.insert("PLUGINS", Value::Dict(kinds.collect()));
    }
    let all = Value::Dict(all);
    match asked.format {
        ListFormat::Json => Ok(to_json(&all, Style::indented(4).sorted())),
        ListFormat::Yaml => {
            nafal_engine::to_yaml(&sorted(&all)).map_err(|error| Failure::new(error, 1))
        }
    }
}

fn by_name(kind: Kind) -> Value {
    let each = kind.plugins.into_iter().map(|plugin| (plugin.name, Value::Dict(plugin.options)));
    Value::Dict(each.collect())
}

/// Dicts in the order of their keys, however deep.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Dict(dict) => {
            let mut entries: Vec<(Key, Value)> =
                dict.iter().map(|(key, value)| (key.clone(), sorted(value))).collect();
            entries.sort_by(|(one, _), (other, _)| one.as_str().cmp(&other.as_str()));
            Value::Dict(entries.into_iter().collect::<Dict>())
        }
        Value::List(items) => Value::List(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}
