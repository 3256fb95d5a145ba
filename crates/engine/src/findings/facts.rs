//! Which facts a run reads, for `facts = on-demand`: where that can't be known, all. Must not know how facts are gathered.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use nafal_executor::Services;
use nafal_graph::TaskNode;
use nafal_graph::findings::{Known, Program};
use nafal_modules::facts::collector_of;
use nafal_parser::playbook::ast::Play;

use super::definitions::Defined;
use super::includes::StaticIncludes;
use super::templates;
use crate::agents::connections;
use crate::callbacks::CALLBACK_PLUGINS;
use crate::engine::Engine;
use crate::playbooks::folder_of;
use crate::settings::WantedFacts;

/// Facts that aren't `setup`'s.
const OF_OTHERS: [&str; 4] =
    ["discovered_interpreter_python", "packages", "services", "mount_points"];

/// What these begin with are variables of connections and of the run, if they are no facts.
const OF_RUN: [&str; 15] = [
    "become",
    "ssh_",
    "sudo_",
    "su_",
    "loop",
    "play_",
    "role_",
    "parent_role_",
    "dependent_role_",
    "failed_",
    "async_",
    "sftp_",
    "scp_",
    "shell_",
    "winrm_",
];

/// Others of these.
const ALONE_OF_RUN: [&str; 34] = [
    "check_mode",
    "collection_name",
    "config_file",
    "connection",
    "control_path",
    "delegated_vars",
    "diff_mode",
    "facts",
    "forks",
    "host",
    "host_key_checking",
    "index_var",
    "inventory_sources",
    "job_id",
    "limit",
    "managed",
    "name",
    "no_log",
    "password",
    "pipelining",
    "playbook_python",
    "port",
    "private_key_file",
    "python_interpreter",
    "python_module_rlimit_nofile",
    "remote_tmp",
    "run_tags",
    "search_path",
    "skip_tags",
    "timeout",
    "transfer_method",
    "user",
    "verbosity",
    "version",
];

impl Engine {
    /// The subsets of facts that are enough for the run's plays; None for all.
    pub(crate) fn facts_subsets(&self) -> Option<Vec<String>> {
        if self.settings.facts == WantedFacts::All || self.shows_facts() {
            return None;
        }
        let mut subsets = BTreeSet::new();
        for path in &self.request.playbooks {
            subsets.extend(self.subsets_of(path)?);
        }
        Some(["!all", "!min"].into_iter().chain(subsets).map(str::to_owned).collect())
    }

    /// Whether somebody beside the plays gets to see facts: a later run, a callback, who debugs.
    fn shows_facts(&self) -> bool {
        let settings = &self.settings;
        let callbacks = &settings.callbacks;
        let beside = self.plugin_folders();
        let beside = beside.iter().map(|folder| folder.join(CALLBACK_PLUGINS));
        settings.fact_cache.plugin != "memory"
            || settings.debugger
            || callbacks.stdout != "default"
            || !callbacks.enabled.is_empty()
            || beside.chain(callbacks.folders.iter().cloned()).any(|folder| has_python(&folder))
    }

    /// Those that one playbook reads. It is read and compiled once more: what is told of it meanwhile is told in the run.
    fn subsets_of(&self, path: &Path) -> Option<BTreeSet<&'static str>> {
        let services = self.services(&folder_of(path), &Arc::new(connections()));
        let plays = self.ready(path, &services).ok()?;
        let includes = StaticIncludes { services: &services, extra: &self.extra };
        let programs: Vec<Program> =
            plays.iter().map(|play| Program::of(&play.graph, &includes)).collect();
        if !self.inventory.is_whole() || !programs.iter().all(Program::is_whole) {
            return None;
        }
        let mut known = Known::default();
        known.variables(&self.extra);
        let mut defined = Defined::new(&services, &self.extra);
        for (play, program) in plays.iter().zip(&programs) {
            if !play.play.vars_prompt.is_empty() || self.is_debugged(&play.play) {
                return None;
            }
            known.add(program);
            defined.inventory(&self.inventory_beside(&play.folder), &play.folder, &mut known);
            defined.play(play, &mut known);
            defined.tasks(program, &mut known);
        }
        if !known.facts.files.is_empty() || defined.opening().is_some() {
            return None;
        }
        let tasks = || programs.iter().flat_map(Program::all);
        for task in tasks() {
            templates::add(&mut known, task, &services, &self.extra)?;
        }
        // An action plugin in Python sees all variables.
        let is_plugin = |task: &TaskNode| {
            let names = [task.info.action.as_str(), task.action()];
            let mut modules = names.into_iter().filter_map(|name| services.user_module(name));
            modules.any(|module| module.action_plugin.is_some())
        };
        if tasks().any(|task| task.keywords.debugger.is_some() || is_plugin(task)) {
            return None;
        }
        let mut subsets = read(&known)?;
        subsets.extend(tasks().filter_map(|task| of_action(task)));
        Some(subsets)
    }

    fn is_debugged(&self, play: &Play) -> bool {
        match &play.strategy {
            Some(strategy) => {
                strategy.source.has_template() || strategy.source.to_text().contains("debug")
            }
            None => self.settings.strategy.contains("debug"),
        }
    }
}

fn has_python(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|path| path.extension().is_some_and(|end| end == "py"))
}

/// What nafal's own half of a task asks the facts for.
fn of_action(task: &TaskNode) -> Option<&'static str> {
    match task.action() {
        "ansible.builtin.service" => Some("service_mgr"),
        "ansible.builtin.package" | "ansible.builtin.dnf" | "ansible.builtin.yum" => {
            Some("pkg_mgr")
        }
        _ => None,
    }
}

/// The subsets of what is read.
fn read(known: &Known) -> Option<BTreeSet<&'static str>> {
    if known.any || known.facts.any {
        return None;
    }
    let mut subsets = BTreeSet::new();
    for name in known.mentioned.iter().filter_map(|name| name.strip_prefix("ansible_")) {
        match collector_of(name) {
            Some(collector) => drop(subsets.insert(collector)),
            None if is_of_run(name) => {}
            // A network device's name, or anything.
            None => return None,
        }
    }
    for name in known.facts.names.iter().filter(|name| !OF_OTHERS.contains(&name.as_str())) {
        // The one that keeps its prefix there.
        let name = if name == "ansible_local" { "local" } else { name };
        subsets.insert(collector_of(name)?);
    }
    Some(subsets)
}

fn is_of_run(name: &str) -> bool {
    ALONE_OF_RUN.contains(&name) || OF_RUN.iter().any(|beginning| name.starts_with(beginning))
}
