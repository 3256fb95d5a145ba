//! What is wrong with playbooks: words, place and exit code as ansible-core 2.21.5 gave them.

use nafal_base::Source;
use nafal_parser::{ActionSyntax, Actions, parse_playbook};
use serde_json::Value as Json;

struct Known;

impl Actions for Known {
    fn syntax(&self, name: &str) -> Option<ActionSyntax> {
        let name = name
            .strip_prefix("ansible.builtin.")
            .or_else(|| name.strip_prefix("ansible.legacy."))
            .unwrap_or(name);
        match name {
            "command" | "shell" => Some(ActionSyntax::FreeForm),
            "debug" | "copy" | "meta" | "set_fact" | "include_vars" | "ping" => {
                Some(ActionSyntax::Named)
            }
            _ => None,
        }
    }

    fn names(&self) -> Vec<&str> {
        vec!["command", "copy", "debug", "meta", "set_fact", "shell"]
    }
}

/// Where nafal knows better than stock, and says so.
fn is_meant(name: &str) -> bool {
    const MEANT: &[&str] = &[
        // Nothing that needs a vault is built yet.
        "vault bad",
        "vaulted",
        // Stock finds these while running; here it's clear at load.
        "local_action str nosuch",
        "action template",
        "register dict",
        // A list that contains itself can't be.
        "recursive alias",
        // Stock shows what its own code stumbles over.
        "tagts",
    ];
    MEANT.contains(&name)
}

#[test]
fn as_recorded() {
    let mut wrong = Vec::new();
    for line in include_str!("recorded/faults.jsonl").lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let name = case["name"].as_str().unwrap();
        if is_meant(name) {
            continue;
        }
        let source = Source::new("p.yml", case["text"].as_str().unwrap());
        let result = parse_playbook(&source, &Known);
        let got = match &result {
            Ok((_, warnings)) => {
                let found = |text: &&str| text.starts_with("Found");
                let warnings: Vec<&str> =
                    warnings.iter().map(|warning| warning.message.as_str()).filter(found).collect();
                format!("ok {warnings:?}")
            }
            Err(errors) => {
                let diagnostic = errors[0].diagnostic();
                let place = diagnostic.span.as_ref().filter(|_| !case["place"].is_null());
                let place = place.map(|span| (span.line, span.column));
                format!("{} {place:?} {}", errors[0].exit_code().number(), diagnostic.chain())
            }
        };
        let expected = match case.get("message") {
            None => format!("ok {:?}", strings(&case["warnings"])),
            Some(message) => {
                let place = case["place"].as_array().map(|place| {
                    (place[0].as_u64().unwrap() as u32, place[1].as_u64().unwrap() as u32)
                });
                format!("{} {place:?} {}", case["exit"], message.as_str().unwrap())
            }
        };
        if got != expected {
            wrong.push(format!("{name}\n  got      {got}\n  expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn strings(list: &Json) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Json::as_str).collect()
}
