//! `set_fact`: variables for the rest of the run.

use nafal_base::{Dict, Key, Outcome, Value};

use crate::arguments::to_bool;
use crate::context::ActionContext;
use crate::effect::{Effect, Performed};

/// Whether Ansible takes it as a variable's name.
pub(crate) fn is_variable_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first == '_' || first.is_ascii_alphabetic())
        && characters.all(|c| c == '_' || c.is_ascii_alphanumeric())
}

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, mut args: Dict) -> Result<Performed, Performed> {
    let cacheable = args.remove("cacheable").and_then(|value| to_bool(&value)).unwrap_or(false);
    let mut facts = Dict::with_capacity(args.len());
    for (key, value) in &args {
        let name = context.renderer.render_string(key.value())?;
        if !is_variable_name(&name) {
            let shown = nafal_base::value::string_repr(&name);
            return Err(Performed::raised(
                format!("Invalid variable name {shown}."),
                key.value().span().cloned(),
                Some("Variable names must be strings starting with a letter or underscore character, and contain only letters, numbers and underscores.".to_owned()),
            ));
        }
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

#[cfg(test)]
mod tests {
    use super::is_variable_name;

    #[test]
    fn names() {
        assert!(is_variable_name("_a1"));
        assert!(!is_variable_name("1a"));
        assert!(!is_variable_name("a-b"));
        assert!(!is_variable_name(""));
    }
}
