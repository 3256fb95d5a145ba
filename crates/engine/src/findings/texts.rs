//! The files around playbooks and roles that use variables and are no tasks: templates, files of variables, plugins. Each is
//! read once, for the words in it and for what its templates use.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use nafal_base::{Source, Span, Text, Value};
use nafal_graph::findings::{Known, Program};
use nafal_templating::analysis::{Uses, words};

use super::entries;

/// What is larger holds data.
pub(super) const LARGEST: u64 = 1024 * 1024;

/// Folders of a role or playbook that nothing of a run reads.
const UNREAD: [&str; 6] = [".git", "molecule", "tests", "docs", "releasenotes", "node_modules"];

/// Folders of tasks, which are compiled.
const OF_TASKS: [&str; 2] = ["tasks", "handlers"];

/// Folders beside a playbook whose files are looked at.
const BESIDE: [&str; 12] = [
    "templates",
    "files",
    "vars",
    "group_vars",
    "host_vars",
    "inventory",
    "library",
    "module_utils",
    "plugins",
    "action_plugins",
    "filter_plugins",
    "lookup_plugins",
];

/// Adds what is said around these plays.
pub(super) fn add(known: &mut Known, programs: &[Program], playbooks: &[PathBuf]) {
    let mut folders: HashSet<PathBuf> = HashSet::new();
    let is_whole = programs.iter().all(Program::is_whole);
    for task in programs.iter().flat_map(Program::all) {
        let roles =
            std::iter::successors(task.context.role.as_deref(), |role| role.parent.as_deref());
        folders.extend(roles.map(|role| role.folder.clone()));
    }
    let reached = entries::reached(programs);
    for folder in folders {
        entries::add(known, &folder, &reached);
        walk(known, &folder, is_whole);
    }
    for folder in playbooks {
        BESIDE.iter().for_each(|name| walk(known, &folder.join(name), true));
        if !is_whole {
            walk(known, &folder.join("tasks"), false);
        }
    }
}

/// Goes through a folder; tasks are let be where all of them are known.
fn walk(known: &mut Known, folder: &Path, tasks_are_known: bool) {
    let entries = walkdir::WalkDir::new(folder).into_iter().filter_entry(|entry| {
        let name = entry.file_name().to_string_lossy();
        let is_tasks = entry.depth() == 1 && OF_TASKS.contains(&&*name);
        entry.depth() == 0 || !(UNREAD.contains(&&*name) || is_tasks && tasks_are_known)
    });
    for entry in entries.filter_map(Result::ok) {
        let is_small = entry.metadata().is_ok_and(|metadata| metadata.len() <= LARGEST);
        if entry.path().is_file() && is_small {
            file(known, entry.path());
        }
    }
}

/// Adds what a file says.
pub(super) fn file(known: &mut Known, path: &Path) {
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    match extension {
        // A role that tells of a result in its manual leaves it for others to read.
        "md" | "rst" | "txt" => {
            known.mentioned.extend(words(&text).map(str::to_owned));
            return;
        }
        "yml" | "yaml" => {
            // What only registers a name doesn't read it.
            let lines = text.lines().filter(|line| {
                let line = line.trim_start().trim_start_matches("- ");
                !line.starts_with("register:")
            });
            lines.for_each(|line| known.mentioned.extend(words(line).map(str::to_owned)));
            variables(known, path, &text);
            return;
        }
        _ => {}
    }
    known.mentioned.extend(words(&text).map(str::to_owned));
    if text.contains("{{") || text.contains("{%") {
        let mut uses = Uses::default();
        uses.document(&document(path, &text));
        known.take(&uses);
    }
}

/// What the templates in a file of variables use.
fn variables(known: &mut Known, path: &Path, text: &str) {
    let source = Source::new(path.display().to_string(), text);
    if let Ok((dict, _)) = nafal_parser::load_variables(&source) {
        known.value(&Value::Dict(dict));
    }
}

/// A template file's text, with its place.
pub(super) fn document(path: &Path, text: &str) -> Text {
    let source = Source::new(path.display().to_string(), text);
    Text::trusted(text, Some(Span::new(&source, 1, 1)))
}
