//! What inventory scripts write: JSON in which objects with one key mark texts (`__ansible_unsafe`,
//! `__ansible_vault`). Must not know what groups and hosts are.

use std::sync::Arc;

use nafal_base::value::json_marks::{Profile, Trust, read_marks, read_variables};
use nafal_base::value::json_read::read;
use nafal_base::{Diagnostic, Dict, Source, Span, Value};

/// The answer to `--list`.
pub(crate) fn list(text: &str, place: &Span) -> Result<Dict, Diagnostic> {
    let wrong = |what: String| {
        Diagnostic::error(format!("Unable to get JSON decoder for inventory script result: {what}"))
    };
    let value = read(text)
        .map_err(|problem| wrong(format!("Value could not be parsed as JSON: {problem}")))?;
    let Value::Dict(list) = &value else {
        return Err(wrong(format!("Value is '{}' instead of 'dict'.", value.type_name())));
    };
    let is_not = |path: &str, value: &Value, wanted: &str| {
        let kind = value.type_name();
        wrong(format!("Value contains '{path}' which is '{kind}' instead of '{wanted}'."))
    };
    if let Some(meta) = list.get("_meta") {
        let profile = meta.as_dict().ok_or_else(|| is_not("_meta", meta, "dict"))?.get("profile");
        match profile {
            None => {}
            Some(Value::Str(name)) if name.as_str() == "inventory_legacy" => {}
            Some(Value::Str(name)) if name.starts_with("inventory_") => {
                return Err(wrong(format!("Unknown profile name '{name}'.")));
            }
            Some(Value::Str(name)) => {
                return Err(wrong(format!("Non-inventory profile '{name}' is not allowed.")));
            }
            Some(other) => return Err(is_not("_meta.profile", other, "str")),
        }
    }
    let unreadable = |problem: String| {
        Diagnostic::error("Inventory script result could not be parsed as JSON.")
            .caused_by(format!("JSON parsing failed: {problem}"), Some(place.clone()))
    };
    let read = read_marks(&value, Profile::InventoryLegacy, Trust::Given(Some(place)));
    match read.map_err(unreadable)? {
        Value::Dict(list) => Ok(list),
        // The whole is one mark.
        other => Err(wrong(format!("Value is '{}' instead of 'dict'.", other.type_name()))),
    }
}

/// The answer to `--host NAME`, which may be empty.
pub(crate) fn host(text: &str, name: &str, script: &str, place: &Span) -> Result<Dict, Diagnostic> {
    if text.trim().is_empty() {
        return Ok(Dict::new());
    }
    let described = format!("<inventory script output from '{script}'> for host '{name}'");
    let source = Source::new(described, "");
    let fault = |problem: String, place: Span| {
        Diagnostic::error(format!(
            "Inventory script result for host '{name}' could not be parsed as JSON."
        ))
        .caused_by(format!("JSON parsing failed: {problem}"), Some(place))
    };
    let value = read(text).map_err(|problem| {
        let place = place_of(&problem, &source);
        fault(problem, place)
    })?;
    match value {
        Value::Dict(vars) => read_variables(&vars, Trust::Given(Some(place)))
            .map_err(|problem| fault(problem, Span::whole(&source))),
        other => Err(Diagnostic::error(format!(
            "Invalid data from file, expected dictionary and got:\n\n{}",
            other.to_text()
        ))),
    }
}

/// The line and the column that a complaint about JSON names.
fn place_of(problem: &str, source: &Arc<Source>) -> Span {
    let number = |before: &str| {
        let rest = problem.split_once(before)?.1;
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse::<u32>().ok()
    };
    match (number(": line "), number(" column ")) {
        (Some(line), Some(column)) => Span::new(source, line, column),
        _ => Span::whole(source),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        list(text, &Span::whole(&Source::new("x", ""))).unwrap_err().chain()
    }

    #[test]
    fn faults() {
        assert!(fault("x").ends_with("Expecting value: line 1 column 1 (char 0)"));
        assert!(fault(r#"{"a": [{"__ansible_vault": 1}]}"#).ends_with("not <class 'str'>"));
        assert!(fault("[]").ends_with("Value is 'list' instead of 'dict'."));
        assert!(fault(r#"{"_meta": {"profile": "x"}}"#).ends_with("is not allowed."));
    }
}
