//! `k=v` text, compared with what ansible-core 2.21.5 gave for it.

use nafal_parser::{KeyValues, Unbalanced, split_key_values, split_raw};
use serde_json::{Map, Value};

fn shown(result: Result<KeyValues, Unbalanced>) -> Value {
    let Ok(pairs) = result else {
        return Value::from("unbalanced");
    };
    let mut map = Map::new();
    for (key, value) in pairs.args {
        map.insert(key, value.into());
    }
    if let Some(raw) = pairs.raw {
        map.insert("_raw_params".to_owned(), raw.into());
    }
    Value::Object(map)
}

#[test]
fn as_recorded() {
    let mut wrong = Vec::new();
    let recorded = include_str!("recorded/key_values.jsonl");
    for line in recorded.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let text = case["text"].as_str().unwrap();
        for (kind, got) in
            [("named", shown(split_key_values(text))), ("free", shown(split_raw(text)))]
        {
            if got != case[kind] {
                wrong.push(format!("{kind} {text:?}\n  got      {got}\n  expected {}", case[kind]));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
