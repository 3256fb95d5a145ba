//! The files that a run renders as templates, as far as they can be known before it: those that `template` names, and those
//! that they include.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use nafal_base::Dict;
use nafal_executor::Services;
use nafal_graph::TaskNode;
use nafal_graph::findings::Known;
use nafal_templating::analysis::Uses;

use super::candidates::{self, Names};
use super::texts::document;
use crate::services::EngineServices;

/// Adds what the files use that a task renders; None when they can't be known.
pub(super) fn add(
    known: &mut Known,
    task: &TaskNode,
    services: &EngineServices,
    extra: &Dict,
) -> Option<()> {
    if task.action() != "ansible.builtin.template" {
        return Some(());
    }
    let own_syntax =
        task.args.keys().filter_map(|key| key.as_str()).any(|key| key.ends_with("_string"));
    if own_syntax || task.args_template.is_some() {
        return None;
    }
    let text = task.args.get("src")?.to_text();
    let search = services.search_path(&task.context);
    let folders = candidates::folders(task, "templates", &search);
    let mut files: Vec<PathBuf> = Vec::new();
    for pattern in candidates::patterns(&text, &Names { task, extra })? {
        files.extend(pattern.files(&folders));
    }
    if files.is_empty() {
        return None;
    }
    let mut seen: HashSet<PathBuf> = HashSet::new();
    while let Some(path) = files.pop() {
        if seen.insert(path.clone()) {
            files.extend(read(known, &path, &folders)?);
        }
    }
    Some(())
}

/// Adds what a file uses; gives the files that it includes.
fn read(known: &mut Known, path: &Path, folders: &[PathBuf]) -> Option<Vec<PathBuf>> {
    let text = std::fs::read_to_string(path).ok()?;
    if text.starts_with("#jinja2:") {
        return None;
    }
    let mut uses = Uses::default();
    uses.document(&document(path, &text));
    let names = std::mem::take(&mut uses.facts.files);
    known.take(&uses);
    let beside = path.parent().map(Path::to_owned);
    let mut all = Vec::new();
    for name in names {
        let found = beside.iter().chain(folders).map(|folder| folder.join(&name));
        let before = all.len();
        all.extend(found.filter(|path| path.is_file()));
        if all.len() == before {
            return None;
        }
    }
    Some(all)
}
