//! `group_by`: puts the host into a group named by a value.

use nafal_base::{Dict, Outcome, Value};

use crate::context::ActionContext;
use crate::effect::{Effect, Performed};

/// Runs it.
pub fn run(context: &ActionContext<'_>, mut args: Dict) -> Performed {
    if let Some(raw) = &context.raw {
        args.insert("_raw_params", Value::Str(raw.clone()));
    }
    perform(&args).unwrap_or_else(|refused| refused)
}

fn perform(args: &Dict) -> Result<Performed, Performed> {
    let mut unknown: Vec<&str> = args
        .keys()
        .filter_map(|key| key.as_str())
        .filter(|key| !matches!(*key, "key" | "parents"))
        .collect();
    if !unknown.is_empty() {
        unknown.sort_unstable();
        let message = format!("Invalid options for group_by: {}", unknown.join(", "));
        return Err(Performed::refused(&message));
    }
    let Some(key) = args.get("key") else {
        return Err(Outcome::failed("the 'key' param is required when using group_by").into());
    };
    let Value::Str(group) = key else { return Err(wrong("key", key)) };
    let parents: Vec<String> = match args.get("parents") {
        None => vec!["all".to_owned()],
        Some(Value::Str(text)) => vec![text.to_string()],
        Some(Value::List(items)) => items.iter().map(|item| item.to_text().into_owned()).collect(),
        Some(Value::Dict(dict)) => dict.keys().map(|key| key.value().to_text().into()).collect(),
        Some(other) => return Err(wrong("parents", other)),
    };
    let parents: Vec<String> = parents.iter().map(|name| dashed(name)).collect();
    if parents.iter().any(|parent| *parent == **group) {
        return Err(Performed::raised("can't add group to itself", None, None));
    }
    let outcome = Outcome::changed()
        .with("add_group", dashed(group))
        .with("parent_groups", Value::from(parents.clone()));
    // Stock tells the name with dashes and makes the group with its spaces.
    let effect = Effect::GroupBy { group: group.to_string(), parents };
    Ok(Performed::from(outcome).effect(effect))
}

fn dashed(name: &str) -> String {
    name.replace(' ', "-")
}

fn wrong(name: &str, value: &Value) -> Performed {
    let message = format!("'{name}' can't be of type '{}'", value.type_name());
    Performed::raised(message, None, None)
}
