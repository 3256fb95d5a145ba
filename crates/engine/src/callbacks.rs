//! Callbacks in Python for a run: what they see of what was asked for. Must not know what they show.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nafal_base::event::Mode;
use nafal_base::foreign::{ForeignCallbacks, Wish};
use nafal_base::{Dict, Value};
use nafal_graph::{Context, Library};
use nafal_parser::playbook::ast::Keywords;
use nafal_plugins::{CallbackError, CallbackSetup, PythonCallbacks};

use crate::agents::connections;
use crate::engine::{Engine, folder_without_playbook};
use crate::playbooks::folder_of;
use crate::plugins::finder;

/// Where callbacks in Python are, beside playbooks and in roles.
pub const CALLBACK_PLUGINS: &str = "callback_plugins";

/// The one option of the default callback that is a variable too.
const SKIPPED_HOSTS: &str = "ansible_display_skipped_hosts";

impl Engine {
    /// Loads callbacks in Python; None when there turns out to be none. What they want to show meanwhile goes to
    /// `hear`.
    pub fn python_callbacks(
        &self,
        setup: CallbackSetup,
        hear: &mut dyn FnMut(Wish),
    ) -> Result<Option<Box<dyn ForeignCallbacks>>, CallbackError> {
        let mut folders = self.plugin_folders();
        let (without, _) = folder_without_playbook(&self.request, &self.settings);
        let first = folders.first().unwrap_or(&without);
        let finder = finder(&self.request, &self.settings, first);
        folders.iter().for_each(|folder| finder.add_playbook(folder));
        folders.extend(setup.folders.iter().cloned());
        let setup = CallbackSetup {
            verbosity: self.verbosity(),
            arguments: self.arguments(),
            folders,
            extra: self.extra.clone(),
            ..setup
        };
        let started = PythonCallbacks::start(&finder, &setup, hear)?;
        Ok(started.map(|callbacks| Box::new(callbacks) as Box<dyn ForeignCallbacks>))
    }

    /// The folders that have plugins beside: the playbooks', or what is said to stand for one.
    pub fn plugin_folders(&self) -> Vec<PathBuf> {
        if self.request.playbooks.is_empty() {
            let (folder, _) = folder_without_playbook(&self.request, &self.settings);
            return if self.names_playbook_folder() { vec![folder] } else { Vec::new() };
        }
        self.request.playbooks.iter().map(|path| folder_of(path)).collect()
    }

    /// The folders of the roles that plays have, if any role brings callbacks: stock reads all playbooks before it
    /// loads them (case `callback-python-roles`). What is wrong with them is told when they are run.
    pub fn roles_with_callbacks(&self) -> Vec<PathBuf> {
        let bring = |folder: &Path| {
            let roles = std::fs::read_dir(folder).into_iter().flatten().flatten();
            roles.into_iter().any(|role| role.path().join(CALLBACK_PLUGINS).is_dir())
        };
        let mut folders = Vec::new();
        for path in &self.request.playbooks {
            let folder = folder_of(path);
            let mut searched = vec![folder.join("roles"), folder.clone()];
            searched.extend(self.settings.roles_path.iter().cloned());
            if !searched.iter().any(|folder| bring(folder)) {
                continue;
            }
            let services = self.services(&folder, &Arc::new(connections()));
            let _ = self.ready(path, &services);
            let roles = services.files.finder.roles().into_iter();
            folders.extend(roles.filter(|role| role.join(CALLBACK_PLUGINS).is_dir()));
        }
        folders
    }

    /// The extra vars with those rendered that are options of callbacks; `omit` leaves one out.
    pub fn callback_variables(&self) -> Dict {
        let mut variables = self.extra.clone();
        if let Some(value) = self.extra.get(SKIPPED_HOSTS).filter(|value| !value.is_settled()) {
            let (folder, _) = folder_without_playbook(&self.request, &self.settings);
            let services = self.services(&folder, &Arc::new(connections()));
            let context = Context::play(Keywords::default(), Dict::new(), folder);
            match services.files.render(value, &context) {
                Ok(value) => drop(variables.insert(SKIPPED_HOSTS, value)),
                Err(nafal_graph::Error::Omitted(_)) => drop(variables.remove(SKIPPED_HOSTS)),
                // What can't be rendered is no yes.
                Err(_) => {}
            }
        }
        variables
    }

    /// The command's arguments as `context.CLIARGS` has them. Passwords are left out.
    fn arguments(&self) -> Dict {
        let request = &self.request;
        let texts = |all: &[String]| Value::from(all.to_vec());
        let text = |text: &Option<String>| text.as_deref().map_or(Value::None, Value::from);
        let said = |given: &Option<String>, set: &Option<String>, default: &str| {
            Value::from(given.as_deref().or(set.as_deref()).unwrap_or(default))
        };
        let paths = request.playbooks.iter().map(|path| path.display().to_string());
        let tags = self.tag_filter();
        let run = self.run_settings();
        let inventory = match &request.inventories[..] {
            [] => Value::None,
            given => texts(given),
        };
        [
            ("args", Value::from(paths.collect::<Vec<_>>())),
            ("verbosity", Value::from(i64::from(self.verbosity()))),
            ("check", Value::Bool(request.mode == Mode::Check)),
            ("diff", Value::Bool(run.diff)),
            ("forks", Value::from(run.forks)),
            ("tags", texts(&tags.only.iter().cloned().collect::<Vec<_>>())),
            ("skip_tags", texts(&tags.skip.iter().cloned().collect::<Vec<_>>())),
            ("subset", text(&request.limit)),
            ("inventory", inventory),
            ("extra_vars", texts(&request.extra_vars)),
            ("flush_cache", Value::Bool(request.flush_cache)),
            ("start_at_task", text(&request.start_at_task)),
            ("step", Value::Bool(request.step)),
            ("force_handlers", Value::Bool(run.force_handlers)),
            ("connection", said(&request.connection.connection, &self.settings.transport, "ssh")),
            ("remote_user", text(&request.connection.user)),
            ("become", Value::Bool(request.connection.becomes)),
            ("become_user", text(&request.connection.become_user)),
            (
                "become_method",
                said(&request.connection.become_method, &self.settings.become_method, "sudo"),
            ),
            ("syntax", Value::Bool(false)),
            ("listtags", Value::Bool(false)),
            ("listtasks", Value::Bool(false)),
            ("listhosts", Value::Bool(false)),
        ]
        .into_iter()
        .collect()
    }
}
