//! A deprecation of a module as a sentence: what goes, whose it is, and when. Must not know terminals.

use nafal_base::{Dict, Value};

/// The sentence that stock makes of the entry in a result.
pub fn sentence(entry: &Dict) -> String {
    let text = |dict: &Dict, key: &str| {
        dict.get(key).filter(|value| !value.is_none()).map(|value| value.to_text().into_owned())
    };
    let message = text(entry, "msg").unwrap_or_default();
    let Some(source) = entry.get("deprecator").and_then(Value::as_dict) else { return message };
    if text(source, "resolved_name").is_none() {
        return format!(
            "{}. This feature will be removed in the future.",
            message.trim_end_matches('.')
        );
    }
    let collection = text(entry, "collection_name").map(|name| match name.as_str() {
        "ansible.builtin" if text(source, "type").is_none() => "ansible-core".to_owned(),
        name => format!("collection '{name}'"),
    });
    let plugin = text(source, "type").zip(text(source, "resolved_name"));
    let plugin = plugin
        .map(|(kind, name)| (if kind == "module" { kind } else { format!("{kind} plugin") }, name))
        .map(|(kind, name)| format!("{kind} '{}'", name.rsplit('.').next().unwrap_or_default()));
    let whose = match (plugin, collection) {
        (Some(plugin), Some(collection)) => format!(" from {plugin} in {collection}"),
        (Some(one), None) | (None, Some(one)) => format!(" from {one}"),
        (None, None) => String::new(),
    };
    let when = match (text(entry, "version"), text(entry, "date")) {
        (Some(version), _) => format!(" version {version}"),
        (None, Some(date)) => format!(" in a release after {date}"),
        (None, None) => " in a future release".to_owned(),
    };
    format!("{}. This feature will be removed{whose}{when}.", message.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_and_when() {
        let plugin: Dict =
            [("resolved_name", Value::from("a.b.m")), ("type", Value::from("module"))]
                .into_iter()
                .collect();
        let mut entry: Dict = [
            ("msg", Value::from("old")),
            ("collection_name", Value::from("a.b")),
            ("deprecator", Value::Dict(plugin)),
            ("version", Value::from("9.0")),
        ]
        .into_iter()
        .collect();
        assert_eq!(
            sentence(&entry),
            "old. This feature will be removed from module 'm' in collection 'a.b' version 9.0."
        );
        entry.remove("version");
        entry.insert("date", Value::from("2027-01-01"));
        let nobody: Dict =
            [("resolved_name", Value::from("a.b")), ("type", Value::None)].into_iter().collect();
        entry.insert("deprecator", Value::Dict(nobody));
        assert_eq!(
            sentence(&entry),
            "old. This feature will be removed from collection 'a.b' in a release after 2027-01-01."
        );
        entry.remove("deprecator");
        assert_eq!(sentence(&entry), "old");
    }
}
