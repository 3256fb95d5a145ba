//! Settings as stock writes them; scripts read these lines. Must not know where they are from.

use nafal_base::value::json::{Style, to_json};
use nafal_base::{Dict, Value};
use nafal_engine::EffectiveSetting;
use nafal_output::Color;

use crate::failure::Failure;

/// A line a setting, with its colour.
pub fn lines(settings: &[EffectiveSetting]) -> Vec<(Color, String)> {
    let line = |setting: &EffectiveSetting| {
        let color = if setting.origin == "default" { Color::Ok } else { Color::Changed };
        let value = setting.value.to_text();
        (color, format!("{}({}) = {value}", setting.name, setting.origin))
    };
    settings.iter().map(line).collect()
}

/// All of them as JSON.
pub fn json(settings: &[EffectiveSetting]) -> String {
    to_json(&values(settings), Style::indented(4).sorted())
}

/// All of them as YAML.
pub fn yaml(settings: &[EffectiveSetting]) -> Result<String, Failure> {
    nafal_engine::to_yaml(&values(settings)).map_err(|error| Failure::new(error, 1))
}

fn values(settings: &[EffectiveSetting]) -> Value {
    let value = |setting: &EffectiveSetting| {
        let fields = [
            ("name", Value::from(setting.name)),
            ("origin", Value::from(setting.origin.as_str())),
            ("value", setting.value.clone()),
        ];
        Value::Dict(fields.into_iter().collect())
    };
    let servers: Dict = [("GALAXY_SERVERS", Value::Dict(Dict::new()))].into_iter().collect();
    Value::List(settings.iter().map(value).chain([Value::Dict(servers)]).collect())
}
