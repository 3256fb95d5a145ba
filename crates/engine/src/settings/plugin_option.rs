//! A plugin's option, or a setting, as a task has it: what its variables say counts above the environment and the file. Must not know how variables
//! are found.

use std::sync::LazyLock;

use nafal_base::{Dict, Value};
use nafal_templating::effects::{OptionFault, PluginOption};

use super::effective::{REQUIRED, SettingSources};
use super::options::{PluginOptions, base_options, plugin_kinds, plugin_options};
use super::reader::to_bool;

/// All plugins: a template may ask for one option after the other.
static ALL: LazyLock<Vec<PluginOptions>> =
    LazyLock::new(|| plugin_kinds().iter().flat_map(|kind| plugin_options(kind)).collect());

/// The settings of no plugin.
static BASE: LazyLock<Dict> = LazyLock::new(base_options);

/// What variables say of a setting, and which of them.
pub(super) fn varied(
    sources: &SettingSources<'_>,
    name: &str,
    variable: &dyn Fn(&str) -> Option<Value>,
) -> Result<Option<(Value, String)>, OptionFault> {
    match BASE.get(name) {
        Some(Value::Dict(told)) => said(sources, told, variable),
        _ => Ok(None),
    }
}

/// What variables say: the last of its names that is one.
fn said(
    sources: &SettingSources<'_>,
    told: &Dict,
    variable: &dyn Fn(&str) -> Option<Value>,
) -> Result<Option<(Value, String)>, OptionFault> {
    let given = listed(told, "vars").rev().find_map(|name| Some((variable(&name)?, name)));
    let Some((value, name)) = given else { return Ok(None) };
    let origin = format!("var: {name}");
    Ok(Some((typed(sources, told, value, &origin)?, origin)))
}

/// The option's value, and who says it.
pub(super) fn found(
    sources: &SettingSources<'_>,
    asked: &PluginOption<'_>,
    variable: &dyn Fn(&str) -> Option<Value>,
) -> Result<(Value, String), OptionFault> {
    let short = asked
        .plugin
        .strip_prefix("ansible.builtin.")
        .or_else(|| asked.plugin.strip_prefix("ansible.legacy."));
    let name = short.unwrap_or(asked.plugin);
    let kind = asked.kind.to_uppercase();
    let is_asked = |plugin: &&PluginOptions| plugin.kind == kind && plugin.name == name;
    let plugin = ALL.iter().find(is_asked).ok_or(OptionFault::NoPlugin)?;
    // Stock finds the plugin by its full name, but not its options (case `lookup-config-plugins`).
    let told = if short.is_some() { None } else { plugin.options.get(asked.name) };
    let Some(Value::Dict(told)) = told else { return Err(OptionFault::NoOption) };
    let (value, origin) = match said(sources, told, variable)? {
        Some(given) => given,
        None => {
            let found = sources.of_option(plugin, asked.name);
            (found.value, found.origin)
        }
    };
    // The lookup's own options stand in no variable, and its terms need none.
    if origin == REQUIRED {
        return match asked.kind {
            "lookup" => Ok((Value::None, "default".to_owned())),
            _ => Err(OptionFault::Required),
        };
    }
    let choices: Vec<String> = match told.get("choices") {
        Some(Value::List(choices)) => {
            choices.iter().map(|choice| choice.to_text().into_owned()).collect()
        }
        Some(Value::Dict(choices)) => {
            choices.keys().filter_map(|key| key.as_str().map(str::to_owned)).collect()
        }
        _ => return Ok((value, origin)),
    };
    let is_one = |value: &Value| choices.iter().any(|choice| *choice == value.to_text());
    let fits = match &value {
        Value::List(values) => values.iter().all(is_one),
        value => value.is_none() || origin == "default" || is_one(value),
    };
    if fits { Ok((value, origin)) } else { Err(OptionFault::NoChoice { value, choices }) }
}

/// The names that an option has among variables.
fn listed(told: &Dict, field: &str) -> impl DoubleEndedIterator<Item = String> {
    let entries = match told.get(field) {
        Some(Value::List(entries)) => entries.clone().into_vec(),
        _ => Vec::new(),
    };
    entries.into_iter().filter_map(|entry| match entry {
        Value::Dict(entry) => entry.get("name").map(|name| name.to_text().into_owned()),
        _ => None,
    })
}

/// What a variable holds, as the option's type.
fn typed(
    sources: &SettingSources<'_>,
    told: &Dict,
    value: Value,
    origin: &str,
) -> Result<Value, OptionFault> {
    let kind = told.get("type").map(|kind| kind.to_text().into_owned()).unwrap_or_default();
    let typed = match (kind.as_str(), &value) {
        ("bool" | "boolean", value) => Some(Value::Bool(as_bool(value))),
        ("int" | "integer", value) => as_float(value).and_then(as_integer).map(Value::Int),
        ("float", value) => as_float(value).map(Value::Float),
        // Without its trust: nobody renders it later.
        ("str" | "string", Value::Str(_) | Value::Int(_) | Value::Float(_) | Value::Bool(_)) => {
            Some(Value::from(value.to_text().as_ref()))
        }
        ("list", Value::Str(text)) => Some(Value::List(
            text.split(',').map(|one| Value::from(unquoted(one.trim()))).collect(),
        )),
        ("path", Value::Str(text)) => {
            Some(Value::from(sources.path(if text.is_empty() { "." } else { text }, None)))
        }
        ("list", Value::List(_)) | ("dict" | "dictionary", Value::Dict(_)) => Some(value.clone()),
        ("str" | "string" | "list" | "path" | "dict" | "dictionary", _) => None,
        (_, Value::Str(text)) => Some(Value::Str(text.untrusted())),
        _ => Some(value.clone()),
    };
    typed.ok_or_else(|| OptionFault::Invalid { origin: origin.to_owned(), kind, value })
}

/// What isn't one is false.
fn as_bool(value: &Value) -> bool {
    match value {
        Value::Str(text) => to_bool(text).unwrap_or_default(),
        value => as_float(value) == Some(1.0),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a float is what is asked for")]
fn as_float(value: &Value) -> Option<f64> {
    match value {
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Str(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// A number without a fraction.
#[expect(clippy::cast_possible_truncation, reason = "one that is too large stays the largest")]
fn as_integer(number: f64) -> Option<i64> {
    (number.fract() == 0.0).then_some(number as i64)
}

fn unquoted(text: &str) -> &str {
    let within = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    within('\'').or_else(|| within('"')).unwrap_or(text)
}
