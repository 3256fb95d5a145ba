//! What tasks define beside what they register and set, and which of them may define anything.

use std::path::PathBuf;
use std::sync::Arc;

use nafal_base::Value;
use nafal_executor::Services;
use nafal_graph::TaskNode;
use nafal_graph::findings::{Known, Program};

use super::candidates::{self, Names};
use super::definitions::Defined;

/// Names that modules of nafal's own bring as facts that don't begin as facts do.
const OF_MODULES: [(&str, &str); 2] =
    [("ansible.builtin.package_facts", "packages"), ("ansible.builtin.service_facts", "services")];

impl Defined<'_> {
    /// Adds what a play's tasks define.
    pub fn tasks(&mut self, program: &Program, known: &mut Known) {
        let steps = program.steps.iter().enumerate().map(|(at, step)| (at, &step.task));
        // Handlers may run anywhere.
        let handlers = program.handlers.all().iter().chain(&program.nested_handlers);
        for (at, task) in steps.chain(handlers.map(|task| (0, task))) {
            self.task(task, at, known);
            if program.unknown.iter().any(|unknown| Arc::ptr_eq(unknown, task)) {
                let span = task.info.span.clone();
                self.open(at, "what this include brings is only known in a run", span);
            }
        }
    }

    fn task(&mut self, task: &TaskNode, at: usize, known: &mut Known) {
        for (_, name) in OF_MODULES.iter().filter(|(module, _)| *module == task.action()) {
            self.name(*name);
        }
        let span = task.info.span.clone();
        match task.action() {
            "ansible.builtin.include_vars" => self.include_vars(task, at, known),
            "ansible.builtin.set_fact" => {
                let is_known = task.args_template.is_none()
                    && task.raw.is_none()
                    && !task.args.keys().any(|key| key.value().has_template());
                if !is_known {
                    self.open(at, "the name that is set here is a template", span);
                }
            }
            "ansible.builtin.add_host" => self.keys(&task.args),
            "ansible.builtin.getent" => self.prefixes.push("getent_".to_owned()),
            "ansible.builtin.validate_argument_spec" => {
                if let Some(Value::Dict(spec)) = task.args.get("argument_spec") {
                    self.keys(spec);
                }
            }
            "ansible.builtin.meta"
                if task.raw.as_ref().is_some_and(|raw| raw.trim() == "refresh_inventory") =>
            {
                self.open(at, "the inventory is read anew here", span);
            }
            _ if self.brings_facts(task) => {
                self.open(at, "this module may bring facts of any name", span);
            }
            _ => {}
        }
    }

    /// Whether a module of the users' own may bring facts of any name.
    fn brings_facts(&self, task: &TaskNode) -> bool {
        let finder = &self.services.files.finder;
        let own = finder.in_library(&task.info.action);
        if own.is_none() && nafal_actions::is_known(task.action()) {
            return false;
        }
        let Some(module) = own.or_else(|| finder.find(task.action())) else {
            return task.info.action.ends_with("_facts");
        };
        let mut paths = vec![&module.path];
        paths.extend(&module.action_plugin);
        paths.into_iter().any(|path| {
            let bytes = std::fs::read(path).unwrap_or_default();
            bytes.windows(13).any(|window| window == b"ansible_facts")
        })
    }

    fn include_vars(&mut self, task: &TaskNode, at: usize, known: &mut Known) {
        if let Some(name) = task.args.get("name").filter(|name| name.is_true()) {
            if name.has_template() {
                self.open(at, "the name that is set here is a template", name.span().cloned());
            }
            self.name(name.to_text());
            return;
        }
        match self.included_files(task) {
            Some(files) => files.iter().for_each(|path| self.file(path, at, known)),
            None => {
                let span = task.info.span.clone();
                self.open(at, "which variables are included here is only known in a run", span);
            }
        }
    }

    /// The files that an include of variables may mean.
    fn included_files(&self, task: &TaskNode) -> Option<Vec<PathBuf>> {
        let search = self.services.search_path(&task.context);
        let folders = candidates::folders(task, "vars", &search);
        let named = ["file", "_raw_params"].iter().find_map(|key| task.args.get(key)).cloned();
        let named = named.or_else(|| task.raw.clone().map(Value::Str));
        let (text, is_folder) = match (named, task.args.get("dir")) {
            (Some(file), _) => (file.to_text().into_owned(), false),
            (None, dir) => (dir?.to_text().into_owned(), true),
        };
        let names = Names { task, extra: self.extra };
        let mut files = Vec::new();
        for pattern in candidates::patterns(&text, &names)? {
            match pattern.constant() {
                Some(name) if is_folder => files.extend(inside(&folders, name)),
                None if is_folder => return None,
                _ => files.extend(pattern.files(&folders)),
            }
        }
        // Files that aren't where they are looked for may be anywhere.
        (!files.is_empty()).then_some(files)
    }
}

fn inside(folders: &[PathBuf], name: &str) -> Vec<PathBuf> {
    let entries = folders.iter().flat_map(|folder| walkdir::WalkDir::new(folder.join(name)));
    let files = entries.filter_map(Result::ok).map(walkdir::DirEntry::into_path);
    files.filter(|path| path.is_file()).collect()
}
