//! Odd YAML, compared with what PyYAML's libyaml loader gave for it.

use nafal_base::{Source, Value};
use nafal_parser::yaml::load_one;
use serde_json::{Value as Json, json};

fn encode(value: &Value) -> Json {
    let list = |name: &str, items: &[Value]| {
        let mut list = vec![json!(name)];
        list.extend(items.iter().map(encode));
        Json::from(list)
    };
    match value {
        Value::None => json!(["none"]),
        Value::Bool(flag) => json!(["bool", flag]),
        Value::Int(_) | Value::Big(_) => json!(["int", value.to_text()]),
        Value::Float(_) => json!(["float", value.repr()]),
        Value::Str(text) => json!(["str", &**text]),
        Value::Bytes(bytes) => json!(["bytes", String::from_utf8_lossy(bytes)]),
        Value::List(items) => list("list", items),
        Value::Tuple(items) => list("tuple", items),
        Value::Dict(dict) => {
            let mut pairs = vec![json!("dict")];
            pairs.extend(
                dict.iter().map(|(key, value)| json!([encode(key.value()), encode(value)])),
            );
            Json::from(pairs)
        }
        other => json!(["obj", other.to_text(), other.repr()]),
    }
}

/// Whether our message says what PyYAML said, or names the mistake that stock finds in the line.
fn same_fault(ours: &str, recorded: &str) -> bool {
    let ours = ours.trim_start_matches("YAML parsing failed: ").trim_end_matches('.');
    ours.eq_ignore_ascii_case(recorded.trim_end_matches('.'))
        || [
            "Tabs are",
            "This may be an issue",
            "Colons in",
            "Values starting",
            "Expected a single document",
            "The alias '*a' stands inside",
        ]
        .iter()
        .any(|start| ours.starts_with(start))
        || recorded.contains("unacceptable character") && ours.contains("unacceptable character")
}

#[test]
fn as_recorded() {
    let mut wrong = Vec::new();
    for line in include_str!("recorded/yaml.jsonl").lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let text = case["text"].as_str().unwrap();
        let source = Source::new("odd.yml", text);
        // Ansible's own tag, and what libyaml-safer can't read.
        if text.contains("!unsafe") || text.contains("[!!str, a]") {
            continue;
        }
        let result = load_one(&source);
        let got = match &result {
            Ok((document, _)) => {
                document.as_ref().map_or_else(|| json!(["none"]), |one| encode(&one.value))
            }
            Err(errors) => json!(errors.iter().map(ToString::to_string).collect::<Vec<_>>()),
        };
        let right = match (&result, case.get("error")) {
            (Ok(_), None) => got == case["value"],
            (Err(errors), Some(words)) => {
                same_fault(&errors[0].to_string(), words.as_str().unwrap())
            }
            _ => false,
        };
        if !right {
            wrong.push(format!(
                "{text:?}\n  got      {got}\n  expected {} {}",
                case["value"], case["error"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
