//! Playbooks, files of tasks and of handlers, roles' metadata, arguments in one line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nafal_base::Source;
use nafal_parser::{
    ActionSyntax, Actions, TasksKind, parse_playbook, parse_role_meta, parse_tasks,
    split_key_values, split_raw,
};

struct Few;

impl Actions for Few {
    fn syntax(&self, name: &str) -> Option<ActionSyntax> {
        match name {
            "command" | "shell" | "raw" => Some(ActionSyntax::FreeForm),
            name if name.starts_with("no") => None,
            _ => Some(ActionSyntax::Named),
        }
    }

    fn names(&self) -> Vec<&str> {
        vec!["command", "copy", "debug"]
    }
}

fuzz_target!(init: nafal_parser::yaml::silence_scanner(), |text: &str| {
    let source = Source::new("fuzz.yml", text);
    let _ = parse_playbook(&source, &Few);
    let _ = parse_tasks(&source, TasksKind::Tasks, &Few);
    let _ = parse_tasks(&source, TasksKind::Handlers, &Few);
    let _ = parse_role_meta(&source, "role", &Few);
    let _ = split_key_values(text);
    let _ = split_raw(text);
});
