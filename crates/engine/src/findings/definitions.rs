//! What defines variables beside tasks: inventories, files of variables, earlier plays, the run itself; and whether all of it is
//! known.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use nafal_base::{Dict, Scope, Source, Span, Text, Value};
use nafal_executor::Services;
use nafal_graph::findings::{Definitions, Known, Program};
use nafal_graph::{TaskNode, writes_of};
use nafal_inventory::Inventory;
use nafal_templating::{NoEffects, Renderer};

use super::texts::{self, document};
use crate::playbooks::ReadyPlay;
use crate::services::EngineServices;

/// Folders with variables of hosts and groups.
const OF_HOSTS: [&str; 2] = ["group_vars", "host_vars"];

/// What is known when a play begins.
pub(super) struct Defined<'a> {
    pub services: &'a EngineServices,
    pub extra: &'a Dict,
    names: HashSet<String>,
    /// Names with this beginning are defined, too.
    pub prefixes: Vec<String>,
    /// What the plays behind this one register and set.
    later: HashSet<String>,
    /// Where anything else may come to be defined, too.
    openings: Vec<Opening>,
}

/// A place from which on anything may be defined.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    /// The step of the play that it is at.
    pub at: usize,
    /// Why.
    pub reason: &'static str,
    /// Where it is written.
    pub span: Option<Span>,
}

impl<'a> Defined<'a> {
    /// What an inventory, `-e` and the run define.
    pub fn new(services: &'a EngineServices, extra: &'a Dict) -> Defined<'a> {
        let mut defined = Defined {
            services,
            extra,
            names: HashSet::new(),
            prefixes: Vec::new(),
            later: HashSet::new(),
            openings: Vec::new(),
        };
        defined.keys(extra);
        defined.names.extend(nafal_variables::magic_names().map(str::to_owned));
        defined
    }

    /// From this step on anything may be defined.
    pub fn open(&mut self, at: usize, reason: &'static str, span: Option<Span>) {
        self.openings.push(Opening { at, reason, span });
    }

    /// Why not everything that is read is told, the first reason.
    pub fn opening(&self) -> Option<&Opening> {
        self.openings.iter().min_by_key(|opening| opening.at)
    }

    /// Adds a name.
    pub fn name(&mut self, name: impl Into<String>) {
        self.names.insert(name.into());
    }

    /// Adds the keys of a dict.
    pub fn keys(&mut self, dict: &Dict) {
        self.names.extend(dict.keys().filter_map(|key| key.as_str()).map(str::to_owned));
    }

    /// Adds all that an inventory says of any host or group, and the files beside it and the playbook.
    pub fn inventory(&mut self, inventory: &Inventory, folder: &Path, known: &mut Known) {
        let hosts = inventory.hosts().map(|host| host.vars.clone());
        let groups = inventory.groups().map(|group| group.vars.clone());
        for vars in hosts.chain(groups) {
            self.keys(&vars);
            known.variables(&vars);
        }
        let sources = inventory.sources().iter().map(|source| PathBuf::from(&**source));
        let beside = sources.map(|path| {
            let folder = if path.is_dir() { Some(path.as_path()) } else { path.parent() };
            folder.map(Path::to_owned).unwrap_or_default()
        });
        for folder in beside.chain([folder.to_owned()]) {
            for name in OF_HOSTS {
                let entries = walkdir::WalkDir::new(folder.join(name)).into_iter();
                for entry in entries.filter_map(Result::ok).filter(|entry| entry.path().is_file()) {
                    self.file(entry.path(), 0, known);
                }
            }
        }
    }

    /// Adds the variables of a file. A vault that stays closed may define anything; what else can't be read defines nothing.
    pub fn file(&mut self, path: &Path, at: usize, known: &mut Known) {
        match self.services.files.variables(path, None) {
            Ok(vars) => {
                self.keys(&vars);
                known.variables(&vars);
                texts::file(known, path);
            }
            Err(_) => {
                let text = std::fs::read(path).unwrap_or_default();
                if nafal_parser::vault::is_encrypted(&text) {
                    let place = Span::whole(&Source::new(path.display().to_string(), ""));
                    self.open(at, "the vault can't be opened", Some(place));
                }
            }
        }
    }

    /// Tells what the plays behind this one register and set.
    pub fn later<'p>(&mut self, programs: impl Iterator<Item = &'p Program>) {
        self.later = programs.flat_map(Program::all).flat_map(|task| writes_of(task)).collect();
    }

    /// Adds what a play's tasks register and set: the plays behind it see it. What was open there stays so.
    pub fn written(&mut self, program: &Program) {
        for task in program.all() {
            self.names.extend(writes_of(task));
        }
        self.openings.iter_mut().for_each(|opening| opening.at = 0);
    }

    /// Adds what a play's head says.
    pub fn play(&mut self, play: &ReadyPlay, known: &mut Known) {
        let prompts = play.play.vars_prompt.iter().filter_map(Value::as_dict);
        let names = prompts.filter_map(|prompt| prompt.get("name"));
        self.names.extend(names.map(|name| name.to_text().into_owned()));
        for entry in &play.play.vars_files {
            known.value(entry);
            let alternatives = match entry {
                Value::List(items) => items.to_vec(),
                other => vec![other.clone()],
            };
            for name in alternatives {
                if name.has_template() {
                    let span = name.span().cloned();
                    self.open(0, "the name of this file of variables is a template", span);
                    continue;
                }
                let name = name.to_text();
                for path in [play.folder.join("vars").join(&*name), play.folder.join(&*name)] {
                    if path.is_file() {
                        self.file(&path, 0, known);
                    }
                }
            }
        }
    }
}

impl Definitions for Defined<'_> {
    fn defines(&self, name: &str) -> bool {
        self.names.contains(name) || self.prefixes.iter().any(|prefix| name.starts_with(prefix))
    }

    fn open_from(&self) -> usize {
        self.opening().map_or(usize::MAX, |opening| opening.at)
    }

    fn is_written_later(&self, name: &str) -> bool {
        self.later.contains(name)
    }

    fn names(&self) -> Vec<String> {
        self.names.iter().cloned().collect()
    }

    fn may_run(&self, task: &TaskNode) -> bool {
        let scope = Written { defined: self, task };
        let renderer = Renderer::new(&scope, &NoEffects);
        let fails = |condition: &Value| matches!(renderer.condition(condition), Ok(false));
        !task.keywords.when.iter().any(fails)
    }

    fn documents(&self, task: &TaskNode) -> Vec<Text> {
        let own_syntax =
            task.args.keys().filter_map(|key| key.as_str()).any(|key| key.ends_with("_string"));
        if task.action() != "ansible.builtin.template" || own_syntax {
            return Vec::new();
        }
        let Some(Value::Str(name)) = task.args.get("src") else { return Vec::new() };
        if Value::Str(name.clone()).has_template() {
            return Vec::new();
        }
        let found = self.services.effects(&task.context).find(&["templates"], name);
        let text = found.and_then(|path| Some((std::fs::read_to_string(&path).ok()?, path)));
        let text = text.filter(|(text, _)| !text.starts_with("#jinja2:"));
        text.map(|(text, path)| document(&path, &text)).into_iter().collect()
    }
}

/// What a task sees that nothing but what is written there can change.
struct Written<'a> {
    defined: &'a Defined<'a>,
    task: &'a TaskNode,
}

impl Scope for Written<'_> {
    fn get(&self, name: &str) -> Option<Value> {
        if let Some(value) = self.defined.extra.get(name) {
            return Some(value.clone());
        }
        if self.defined.names.contains(name) {
            return None;
        }
        let layers = &self.task.context.layers;
        let own = &self.task.keywords.vars;
        let mut strongest_first = layers.params().chain([own]).chain(layers.vars());
        strongest_first.find_map(|dict| dict.get(name)).cloned()
    }

    fn names(&self, each: &mut dyn FnMut(&Text)) {
        self.defined.extra.keys().filter_map(|key| key.as_text()).for_each(each);
    }
}
