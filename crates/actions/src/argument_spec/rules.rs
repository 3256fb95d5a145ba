//! Rules between the arguments of one level: which exclude each other, which need each other.

use nafal_base::{Dict, Value};

use crate::arguments::to_bool;

fn names(value: &Value) -> Vec<String> {
    match value {
        Value::List(items) | Value::Tuple(items) => {
            items.iter().map(|item| item.to_text().into_owned()).collect()
        }
        other => vec![other.to_text().into_owned()],
    }
}

fn groups(rules: &Dict, key: &str) -> Vec<Vec<String>> {
    match rules.get(key) {
        Some(Value::List(items)) if items.iter().any(|item| item.as_str().is_none()) => {
            items.iter().map(names).collect()
        }
        Some(list @ Value::List(_)) => vec![names(list)],
        _ => Vec::new(),
    }
}

fn count(group: &[String], given: &Dict) -> usize {
    group.iter().filter(|name| given.contains(name)).count()
}

/// `mutually_exclusive`, which stock looks at before everything else.
pub(super) fn exclusive(rules: &Dict, given: &Dict) -> Option<String> {
    let broken: Vec<String> = groups(rules, "mutually_exclusive")
        .into_iter()
        .filter(|group| count(group, given) > 1)
        .map(|group| group.join("|"))
        .collect();
    (!broken.is_empty())
        .then(|| format!("parameters are mutually exclusive: {}", broken.join(", ")))
}

/// The other rules, each with its first fault.
pub(super) fn others(rules: &Dict, given: &Dict) -> Vec<String> {
    [together(rules, given), one_of(rules, given), required_if(rules, given), by(rules, given)]
        .into_iter()
        .flatten()
        .collect()
}

fn together(rules: &Dict, given: &Dict) -> Option<String> {
    let broken = groups(rules, "required_together")
        .into_iter()
        .find(|group| (1..group.len()).contains(&count(group, given)))?;
    Some(format!("parameters are required together: {}", broken.join(", ")))
}

fn one_of(rules: &Dict, given: &Dict) -> Option<String> {
    let broken = groups(rules, "required_one_of")
        .into_iter()
        .find(|group| !group.is_empty() && count(group, given) == 0)?;
    Some(format!("one of the following is required: {}", broken.join(", ")))
}

fn required_if(rules: &Dict, given: &Dict) -> Option<String> {
    let list = rules.get("required_if")?.as_list()?;
    list.iter().find_map(|rule| {
        let rule = rule.as_list()?;
        let (name, wanted, needed) = (rule.first()?, rule.get(1)?, rule.get(2)?);
        let is_any = rule.get(3).and_then(to_bool).unwrap_or(false);
        let value = given.get(&name.to_text())?;
        if value != wanted {
            return None;
        }
        let needed = names(needed);
        let missing: Vec<&str> =
            needed.iter().map(String::as_str).filter(|name| !given.contains(name)).collect();
        let is_broken = if is_any { missing.len() == needed.len() } else { !missing.is_empty() };
        let word = if is_any { "any" } else { "all" };
        is_broken.then(|| {
            format!(
                "{} is {} but {word} of the following are missing: {}",
                name.to_text(),
                wanted.to_text(),
                missing.join(", ")
            )
        })
    })
}

fn by(rules: &Dict, given: &Dict) -> Option<String> {
    let rules = rules.get("required_by")?.as_dict()?;
    rules.iter().find_map(|(key, needed)| {
        let key = key.value().to_text().into_owned();
        if !given.contains(&key) {
            return None;
        }
        let missing: Vec<String> =
            names(needed).into_iter().filter(|name| !given.contains(name)).collect();
        (!missing.is_empty())
            .then(|| format!("missing parameter(s) required by '{key}': {}", missing.join(", ")))
    })
}
