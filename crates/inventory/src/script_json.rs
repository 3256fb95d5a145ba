//! What inventory scripts write: JSON in which objects with one key mark texts (`__ansible_unsafe`,
//! `__ansible_vault`). Must not know what groups and hosts are.

use nafal_base::{Diagnostic, Dict, Source, Span, Text, Value};

const UNSAFE: &str = "__ansible_unsafe";
const VAULT: &str = "__ansible_vault";

/// Whether texts may be templates.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    Template,
    None,
}

/// The answer to `--list`.
pub(crate) fn list(text: &str, place: &Span) -> Result<Dict, Diagnostic> {
    let wrong = |what: String| {
        Diagnostic::error(format!("Unable to get JSON decoder for inventory script result: {what}"))
    };
    let value = parse(text)
        .map_err(|(problem, ..)| wrong(format!("Value could not be parsed as JSON: {problem}")))?;
    let Value::Dict(list) = value else {
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
    check_marks(&Value::Dict(list.clone())).map_err(|problem| {
        Diagnostic::error("Inventory script result could not be parsed as JSON.")
            .caused_by(format!("JSON parsing failed: {problem}"), Some(place.clone()))
    })?;
    Ok(list)
}

/// The answer to `--host NAME`, which may be empty.
pub(crate) fn host(text: &str, name: &str, script: &str) -> Result<Dict, Diagnostic> {
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
    let value = parse(text)
        .map_err(|(problem, line, column)| fault(problem, Span::new(&source, line, column)))?;
    check_marks(&value).map_err(|problem| fault(problem, Span::whole(&source)))?;
    match value {
        Value::Dict(vars) => Ok(vars),
        other => Err(Diagnostic::error(format!(
            "Invalid data from file, expected dictionary and got:\n\n{}",
            other.to_text()
        ))),
    }
}

/// The value with its marks read.
pub(crate) fn decoded(value: &Value, span: &Span, trust: Trust) -> Value {
    match (value, trust) {
        (Value::Str(text), Trust::Template) => {
            Value::Str(Text::trusted(text.as_str(), Some(span.clone())))
        }
        (Value::Str(text), Trust::None) => Value::Str(Text::placed(text.as_str(), span.clone())),
        (Value::List(items), _) => {
            Value::List(items.iter().map(|item| decoded(item, span, trust)).collect())
        }
        (Value::Dict(dict), _) => match marked(dict) {
            Some((UNSAFE, Value::Str(text))) => {
                Value::Str(Text::placed(text.as_str(), span.clone()))
            }
            Some((VAULT, Value::Str(text))) => {
                Value::Str(Text::vaulted(text.as_str(), span.clone()))
            }
            _ => {
                let entries =
                    dict.iter().map(|(key, value)| (key.clone(), decoded(value, span, trust)));
                Value::Dict(entries.collect::<Dict>().placed(Some(span.clone())))
            }
        },
        (other, _) => other.clone(),
    }
}

/// The mark that a dict is, and what it marks.
fn marked(dict: &Dict) -> Option<(&'static str, &Value)> {
    let (key, value) = dict.iter().next().filter(|_| dict.len() == 1)?;
    let mark = [UNSAFE, VAULT].into_iter().find(|mark| key.as_str() == Some(mark))?;
    Some((mark, value))
}

fn check_marks(value: &Value) -> Result<(), String> {
    match value {
        Value::List(items) => items.iter().try_for_each(check_marks),
        Value::Dict(dict) => match marked(dict) {
            Some((_, Value::Str(_))) => Ok(()),
            Some((mark, other)) => {
                let kind = other.type_name();
                Err(format!("{mark} is <class '{kind}'> not <class 'str'>"))
            }
            None => dict.values().try_for_each(check_marks),
        },
        _ => Ok(()),
    }
}

/// A value, or what is wrong with the text, in which line and column.
fn parse(text: &str) -> Result<Value, (String, u32, u32)> {
    serde_json::from_str::<Value>(text).map_err(|error| {
        // Python's words for text that isn't JSON at all.
        match text.trim_start().chars().next() {
            Some('{' | '[' | '"' | '-' | '0'..='9') => {
                let at = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
                (error.to_string(), at(error.line()), at(error.column()))
            }
            _ => ("Expecting value: line 1 column 1 (char 0)".to_owned(), 1, 1),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        list(text, &Span::whole(&Source::new("x", ""))).unwrap_err().chain()
    }

    #[test]
    fn marks() {
        let span = Span::whole(&Source::new("x", ""));
        let list =
            list(r#"{"a": "{{ x }}", "b": {"__ansible_unsafe": "{{ x }}"}}"#, &span).unwrap();
        let read = |name: &str, trust| decoded(list.get(name).unwrap(), &span, trust);
        assert!(read("a", Trust::Template).has_template());
        assert!(!read("a", Trust::None).has_template());
        let kept = read("b", Trust::Template);
        assert!(!kept.has_template() && kept == Value::from("{{ x }}"));
        assert!(fault(r#"{"a": [{"__ansible_vault": 1}]}"#).ends_with("not <class 'str'>"));
    }

    #[test]
    fn faults() {
        assert!(fault("x").ends_with("Expecting value: line 1 column 1 (char 0)"));
        assert!(fault("[]").ends_with("Value is 'list' instead of 'dict'."));
        assert!(fault(r#"{"_meta": {"profile": "x"}}"#).ends_with("is not allowed."));
    }
}
