//! `set_fact`: variables for the rest of the run.

use nafal_base::value::string_repr;
use nafal_base::{Dict, Key, Outcome, Value};

use crate::arguments::to_bool;
use crate::context::ActionContext;
use crate::effect::{Effect, Performed};

/// Words that are values where a name could stand.
const CONSTANTS: &[&str] = &["True", "False", "None", "true", "false", "none"];

/// Stock's advice.
pub(super) const NAMES: &str = "Variable names must be strings starting with a letter or underscore character, and contain only letters, numbers and underscores.";

/// Whether Ansible takes it as a variable's name.
pub fn is_variable_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first == '_' || first.is_ascii_alphabetic())
        && characters.all(|c| c == '_' || c.is_ascii_alphanumeric())
        && !CONSTANTS.contains(&name)
}

/// What stock says of a name that is none.
pub fn name_fault(name: &Value) -> String {
    match name {
        Value::Str(text) => format!("Invalid variable name {}.", string_repr(text)),
        Value::List(_) | Value::Dict(_) => {
            format!("Invalid variable name of type '{}'.", name.type_name())
        }
        other => {
            let shown = string_repr(&other.to_text());
            format!("Invalid variable name {shown} of type '{}'.", other.type_name())
        }
    }
}

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, mut args: Dict) -> Result<Performed, Performed> {
    let cacheable = match args.remove("cacheable") {
        None => false,
        Some(value) => to_bool(&value).ok_or_else(|| not_a_bool(&value))?,
    };
    let mut facts = Dict::with_capacity(args.len());
    if let Some(raw) = &context.raw {
        // Stock makes a fact of text that isn't `k=v`.
        args.insert("_raw_params", Value::Str(raw.clone()));
    }
    for (key, value) in &args {
        let rendered = context.renderer.render(key.value())?;
        let name = match &rendered {
            Value::Str(text) if is_variable_name(text) => text.clone(),
            other => {
                let span = other.span().or_else(|| key.value().span()).cloned();
                return Err(Performed::raised(name_fault(other), span, Some(NAMES.to_owned())));
            }
        };
        let key = match key.as_text().filter(|text| **text == *name) {
            Some(text) => Key::from(text.clone()),
            None => Key::from(name),
        };
        facts.insert(key, value.clone());
    }
    if facts.is_empty() {
        return Err(Performed::refused(
            "No key/value pairs provided, at least one is required for this action to succeed",
        ));
    }
    let outcome = Outcome::ok().with("ansible_facts", Value::Dict(facts.clone()));
    let effect =
        if cacheable { Effect::CacheableVariables(facts) } else { Effect::Variables(facts) };
    Ok(Performed::from(outcome).effect(effect))
}

fn not_a_bool(value: &Value) -> Performed {
    let message = format!("The value '{}' is not a valid boolean.", value.to_text());
    Performed::raised(message, None, None)
}

#[cfg(test)]
mod tests {
    use super::is_variable_name;

    #[test]
    fn names() {
        assert!(is_variable_name("_a1"));
        assert!(!is_variable_name("1a"));
        assert!(!is_variable_name("a-b"));
        assert!(!is_variable_name("") && !is_variable_name("true"));
    }
}
