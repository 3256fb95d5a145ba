//! Rules between arguments: which exclude each other, which need each other. Must not know types.

use super::checked::Arguments;
use crate::spec::{Count, Spec};

/// Of each group at most one may be given. Looked at before defaults are set.
pub fn mutually_exclusive(spec: &Spec, arguments: &Arguments) -> Result<(), String> {
    let broken: Vec<String> = spec
        .mutually_exclusive
        .iter()
        .filter(|group| given(group, arguments) > 1)
        .map(|group| group.join("|"))
        .collect();
    if broken.is_empty() {
        return Ok(());
    }
    Err(format!("parameters are mutually exclusive: {}", broken.join(", ")))
}

fn given(group: &[&str], arguments: &Arguments) -> usize {
    group.iter().filter(|name| is_there(name, arguments)).count()
}

/// A None that was given counts as given.
fn is_there(name: &str, arguments: &Arguments) -> bool {
    arguments.is_given(name) || arguments.value(name).is_some()
}

/// What arguments need of each other, in stock's order.
pub fn dependencies(spec: &Spec, arguments: &Arguments) -> Result<(), String> {
    required_together(spec, arguments)?;
    required_one_of(spec, arguments)?;
    required_if(spec, arguments)?;
    required_by(spec, arguments)
}

fn required_together(spec: &Spec, arguments: &Arguments) -> Result<(), String> {
    for group in spec.required_together {
        let count = given(group, arguments);
        if count > 0 && count < group.len() {
            return Err(format!("parameters are required together: {}", group.join(", ")));
        }
    }
    Ok(())
}

fn required_one_of(spec: &Spec, arguments: &Arguments) -> Result<(), String> {
    for group in spec.required_one_of {
        if given(group, arguments) == 0 {
            return Err(format!("one of the following is required: {}", group.join(", ")));
        }
    }
    Ok(())
}

fn required_if(spec: &Spec, arguments: &Arguments) -> Result<(), String> {
    for rule in spec.required_if {
        let holds =
            arguments.value(rule.argument).is_some_and(|value| value.to_text() == rule.value);
        if !holds {
            continue;
        }
        let missing: Vec<&str> =
            rule.needs.iter().copied().filter(|name| !is_there(name, arguments)).collect();
        let (broken, word) = match rule.count {
            Count::All => (!missing.is_empty(), "all"),
            Count::Any => (missing.len() == rule.needs.len(), "any"),
        };
        if broken {
            return Err(format!(
                "{} is {} but {word} of the following are missing: {}",
                rule.argument,
                rule.value,
                missing.join(", ")
            ));
        }
    }
    Ok(())
}

fn required_by(spec: &Spec, arguments: &Arguments) -> Result<(), String> {
    for (name, needs) in spec.required_by {
        if !is_there(name, arguments) {
            continue;
        }
        let missing: Vec<&str> =
            needs.iter().copied().filter(|need| !is_there(need, arguments)).collect();
        if !missing.is_empty() {
            return Err(format!(
                "missing parameter(s) required by '{name}': {}",
                missing.join(", ")
            ));
        }
    }
    Ok(())
}
