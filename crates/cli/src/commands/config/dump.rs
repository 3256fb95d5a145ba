//! Settings as stock writes them; scripts read these lines. Must not know where they are from.

use nafal_base::value::json::{Style, to_json};
use nafal_base::{Dict, Value};
use nafal_engine::{EffectiveSetting, REQUIRED};
use nafal_output::Color;

use crate::arguments::DumpFormat;
use crate::failure::Failure;

/// What is shown of a kind of plugins.
pub struct ShownKind {
    /// `BECOME`, or `become` when it alone is asked for.
    pub name: String,
    /// Plugins with their options.
    pub plugins: Vec<(String, Vec<EffectiveSetting>)>,
}

/// All that is shown.
pub struct Shown {
    /// Of no plugin; None when plugins alone are asked for.
    pub base: Option<Vec<EffectiveSetting>>,
    /// Of plugins.
    pub kinds: Vec<ShownKind>,
}

/// Lines with their colours.
pub fn lines(shown: &Shown) -> Vec<(Option<Color>, String)> {
    let mut lines = Vec::new();
    if let Some(base) = &shown.base {
        lines.extend(base.iter().map(line));
        lines.push((None, "\nGALAXY_SERVERS:\n".to_owned()));
        if !shown.kinds.is_empty() {
            lines.push((None, String::new()));
        }
    }
    for kind in &shown.kinds {
        if shown.base.is_some() {
            lines.push((None, heading(&kind.name, "=")));
        }
        for (name, settings) in &kind.plugins {
            lines.push((None, heading(name, "_")));
            lines.extend(settings.iter().map(line));
        }
        if shown.base.is_none() && kind.plugins.is_empty() {
            lines.push((None, String::new()));
        }
    }
    lines
}

fn heading(name: &str, under: &str) -> String {
    format!("\n{name}:\n{}", under.repeat(name.chars().count()))
}

fn line(setting: &EffectiveSetting) -> (Option<Color>, String) {
    let color = match setting.origin.as_str() {
        "default" => Color::Ok,
        REQUIRED => Color::Error,
        _ => Color::Changed,
    };
    let EffectiveSetting { name, origin, value } = setting;
    (Some(color), format!("{name}({origin}) = {}", value.to_text()))
}

/// All of it as JSON or YAML.
pub fn document(shown: &Shown, format: DumpFormat) -> Result<String, Failure> {
    let values = values(shown);
    match format {
        DumpFormat::Json => Ok(to_json(&values, Style::indented(4).sorted())),
        _ => nafal_engine::to_yaml(&values).map_err(|error| Failure::new(error, 1)),
    }
}

fn values(shown: &Shown) -> Value {
    let named = |name: String, value: Value| -> Value {
        Value::Dict([(name, value)].into_iter().collect())
    };
    let mut all: Vec<Value> = Vec::new();
    if let Some(base) = &shown.base {
        all.extend(base.iter().map(value));
        all.push(named("GALAXY_SERVERS".to_owned(), Value::Dict(Dict::new())));
    }
    for kind in &shown.kinds {
        let plugins = kind.plugins.iter().map(|(name, settings)| {
            named(name.clone(), Value::List(settings.iter().map(value).collect()))
        });
        match &shown.base {
            None => all.extend(plugins),
            Some(_) => {
                all.push(named(format!("{}_PLUGINS", kind.name), Value::List(plugins.collect())));
            }
        }
    }
    Value::List(all.into_iter().collect())
}

fn value(setting: &EffectiveSetting) -> Value {
    let fields = [
        ("name", Value::from(setting.name.as_str())),
        ("origin", Value::from(setting.origin.as_str())),
        ("value", setting.value.clone()),
    ];
    Value::Dict(fields.into_iter().collect())
}
