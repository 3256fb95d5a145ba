//! What includes bring, as far as it can be said before a run: those that name a constant file or role, and those whose
//! names can only mean some.

use std::path::PathBuf;

use nafal_actions::{Absence, IncludeRequest, Included as Wanted};
use nafal_base::{Dict, Value};
use nafal_executor::Services;
use nafal_graph::findings::{Included, Includes, loop_names};
use nafal_graph::{TaskGraph, TaskNode};

use super::candidates::{self, Names};
use crate::services::EngineServices;

/// Finds and compiles includes with nothing but what is written.
pub(super) struct StaticIncludes<'a> {
    pub services: &'a EngineServices,
    pub extra: &'a Dict,
}

impl Includes for StaticIncludes<'_> {
    fn included(&self, task: &TaskNode) -> Included {
        if task.args_template.is_some() {
            return Included::Unknown;
        }
        let wanted = match task.action() {
            "ansible.builtin.include_role" => self.roles(task),
            _ => self.files(task),
        };
        let Some(wanted) = wanted else { return Included::Unknown };
        let is_certain = wanted.len() == 1;
        // A file that isn't there fails a run at its task, if that ever runs.
        let graphs: Vec<TaskGraph> =
            wanted.into_iter().filter_map(|wanted| self.compiled(task, wanted)).collect();
        match graphs.len() {
            0 => Included::Unknown,
            _ if is_certain => Included::Certain(graphs),
            _ => Included::Possible(graphs),
        }
    }
}

impl StaticIncludes<'_> {
    fn compiled(&self, task: &TaskNode, included: Wanted) -> Option<TaskGraph> {
        let apply = match task.args.get("apply") {
            None | Some(Value::None) => Dict::new(),
            Some(Value::Dict(apply)) => apply.clone(),
            Some(_) => return None,
        };
        let request = IncludeRequest {
            included,
            apply,
            absence: Absence::FailsTask,
            variables: Dict::new(),
            label: None,
        };
        let compiled = self.services.include(task, &request, &parameters(task));
        compiled.ok().map(|compiled| compiled.graph)
    }

    /// The files that a task may include.
    fn files(&self, task: &TaskNode) -> Option<Vec<Wanted>> {
        let named = task.args.get("file").or_else(|| task.args.get("_raw_params")).cloned();
        let name = named.or_else(|| task.raw.clone().map(Value::Str))?;
        let text = name.to_text();
        if !name.has_template() {
            return Some(vec![Wanted::Tasks(text.trim().to_owned())]);
        }
        let patterns = candidates::patterns(&text, &Names { task, extra: self.extra })?;
        if let [only] = &patterns[..]
            && let Some(name) = only.constant()
        {
            return Some(vec![Wanted::Tasks(name.to_owned())]);
        }
        let search = self.services.search_path(&task.context);
        let folders = candidates::folders(task, "tasks", &search);
        let mut files: Vec<PathBuf> =
            patterns.iter().flat_map(|pattern| pattern.files(&folders)).collect();
        files.sort();
        files.dedup();
        Some(files.into_iter().map(|path| Wanted::Tasks(path.display().to_string())).collect())
    }

    /// The roles that a task may include.
    fn roles(&self, task: &TaskNode) -> Option<Vec<Wanted>> {
        let mut args = task.args.clone();
        args.remove("apply");
        let named = if args.contains("name") { "name" } else { "role" };
        let name = args.get(named)?.clone();
        args.remove(named);
        if args.values().any(Value::has_template) {
            return None;
        }
        let with = |name: &str| {
            let mut args = args.clone();
            args.insert("name", Value::from(name));
            Wanted::Role(args)
        };
        if !name.has_template() {
            return Some(vec![with(&name.to_text())]);
        }
        let patterns = candidates::patterns(&name.to_text(), &Names { task, extra: self.extra })?;
        patterns.iter().map(|pattern| pattern.constant().map(with)).collect()
    }
}

/// What the included tasks see of the include: its variables and those of its loop.
fn parameters(task: &TaskNode) -> Dict {
    let mut all = task.keywords.vars.clone();
    for name in loop_names(task) {
        all.insert(name.as_str(), Value::None);
    }
    all
}
