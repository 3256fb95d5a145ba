//! `list`: what there is to set. Must not know where that is from.

use nafal_base::value::json::{Style, to_json};
use nafal_base::{Dict, Value};
use nafal_engine::{PluginOptions, base_options, plugin_kinds, plugin_options};
use nafal_output::Terminal;

use super::plugins::chosen;
use crate::arguments::{List, ListFormat, SettingKind};
use crate::failure::Failure;

/// What is shown.
pub fn text(asked: &List, terminal: &mut Terminal) -> Result<String, Failure> {
    let mut all = Dict::new();
    if matches!(asked.which.kind, SettingKind::All | SettingKind::Base) {
        all = base_options();
    }
    match asked.which.kind {
        SettingKind::Base => {}
        SettingKind::All => {
            let kinds = plugin_kinds().iter().map(|kind| (*kind, by_name(plugin_options(kind))));
            all.insert("PLUGINS", Value::Dict(kinds.collect()));
        }
        kind => {
            let kind = kind.name();
            let plugins = chosen(plugin_options(&kind.to_uppercase()), &asked.which, terminal)?;
            let kinds: Dict = [(kind.as_str(), by_name(plugins))].into_iter().collect();
            all.insert("PLUGINS", Value::Dict(kinds));
        }
    }
    let all = Value::Dict(all);
    match asked.format {
        ListFormat::Json => Ok(to_json(&all, Style::indented(4).sorted())),
        ListFormat::Yaml => nafal_engine::to_yaml(&all).map_err(|error| Failure::new(error, 1)),
    }
}

fn by_name(plugins: Vec<PluginOptions>) -> Value {
    let each = plugins.into_iter().map(|plugin| (plugin.plugin, Value::Dict(plugin.options)));
    Value::Dict(each.collect())
}
