//! Files of tasks in a role that nothing of these plays reaches: other ways into the role (`tasks_from`), for whoever uses it.
//! What they set may be there when the role runs. Must not know what is found without it.

use std::collections::HashSet;
use std::path::Path;

use nafal_base::{Source, Value};
use nafal_graph::findings::{Known, Program};

use super::texts::LARGEST;

/// The names by which a task sets facts.
const SETS: [&str; 3] = ["set_fact", "ansible.builtin.set_fact", "ansible.legacy.set_fact"];

/// The files that tasks of these plays stand in.
pub(super) fn reached(programs: &[Program]) -> HashSet<&str> {
    let tasks = programs.iter().flat_map(Program::all);
    tasks.filter_map(|task| Some(&*task.info.span.as_ref()?.source.name)).collect()
}

/// Adds what a role's other files of tasks set.
pub(super) fn add(known: &mut Known, role: &Path, reached: &HashSet<&str>) {
    let entries = walkdir::WalkDir::new(role.join("tasks")).into_iter().filter_map(Result::ok);
    for entry in entries.filter(|entry| entry.path().is_file()) {
        let name = entry.path().display().to_string();
        let is_small = entry.metadata().is_ok_and(|metadata| metadata.len() <= LARGEST);
        if reached.contains(&*name) || !is_small {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
        let source = Source::new(name, text);
        if let Ok((Some(document), _)) = nafal_parser::yaml::load_data(&source) {
            set_in(&document.value, &mut known.optional);
        }
    }
}

/// The names that tasks set or register, in blocks too.
fn set_in(value: &Value, names: &mut HashSet<String>) {
    match value {
        Value::List(items) => items.iter().for_each(|item| set_in(item, names)),
        Value::Dict(dict) => {
            for (key, value) in dict {
                match (key.as_str().unwrap_or_default(), value) {
                    ("register", Value::Str(name)) => {
                        names.insert(name.to_string());
                    }
                    (key, Value::Dict(facts)) if SETS.contains(&key) => {
                        let facts = facts.keys().filter_map(|fact| fact.as_str());
                        names.extend(facts.map(str::to_owned));
                    }
                    ("block" | "rescue" | "always", inner) => set_in(inner, names),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}
