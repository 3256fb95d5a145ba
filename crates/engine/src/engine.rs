//! The engine: what was asked for, with settings, inventory and extra vars loaded.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use nafal_actions::{Defaults, SshDefaults};
use nafal_base::event::Mode;
use nafal_base::{Diagnostic, Dict};
use nafal_executor::RunSettings;
use nafal_graph::TagFilter;
use nafal_inventory::{Facts, Inventory, Options};

use crate::effects::Warnings;
use crate::error::Error;
use crate::extra_vars;
use crate::inventory_plugins::{earlier_facts, plugin_options};
use crate::library::tidy;
use crate::request::Request;
use crate::settings::Settings;

/// What stock's commands exit with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExitStatus(pub u8);

/// A loaded request.
pub struct Engine {
    pub(crate) request: Request,
    pub(crate) settings: Arc<Settings>,
    pub(crate) inventory: Inventory,
    pub(crate) extra: Dict,
    cancelled: Arc<AtomicBool>,
}

impl Engine {
    /// Loads extra vars and inventory under these settings. Gives what is to be warned of too.
    pub fn load(
        request: &Request,
        settings: Arc<Settings>,
    ) -> Result<(Engine, Vec<Diagnostic>), Error> {
        nafal_parser::yaml::duplicates::choose(settings.reading.duplicate_keys);
        let hashes = settings.variables.rules.hashes;
        let extra = extra_vars::parse(&request.extra_vars, &request.vault, hashes)
            .map_err(|error| unparsed(error, &sources_of(request, &settings)))?;
        let (mut inventory, mut more) = read_inventory(request, &settings, &extra)?;
        if request.playbooks.is_empty() {
            let (folder, fault) = folder_without_playbook(request, &settings);
            inventory.set_playbook_dir(&folder);
            more.extend(fault);
        }
        let warnings: Vec<Diagnostic> = settings
            .ignored
            .iter()
            .chain(&settings.variables.warnings)
            .cloned()
            .chain(more)
            .collect();
        let engine = Engine {
            request: request.clone(),
            settings,
            inventory,
            extra,
            cancelled: Arc::new(AtomicBool::new(false)),
        };
        Ok((engine, warnings))
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The inventory as loaded.
    pub fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// Whether anybody says which folder stands for a playbook's.
    pub fn names_playbook_folder(&self) -> bool {
        self.request.playbook_dir.is_some() || self.settings.variables.playbook_dir.is_some()
    }

    /// The extra vars.
    pub fn extra_vars(&self) -> &Dict {
        &self.extra
    }

    /// The facts that earlier runs left, if any are kept.
    pub fn earlier_facts(&self) -> Option<Arc<dyn Facts>> {
        earlier_facts(&self.settings)
    }

    /// What was asked for.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// Set it, and what runs ends soon.
    pub fn cancel_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.cancelled)
    }

    /// How much to tell.
    pub fn verbosity(&self) -> u8 {
        self.request.verbosity.max(self.settings.verbosity)
    }

    /// What flags want, added to what settings do.
    pub(crate) fn tag_filter(&self) -> TagFilter {
        let all = |set: &[String], asked: &[String]| [set, asked].concat();
        TagFilter::new(
            all(&self.settings.run_tags, &self.request.tags),
            all(&self.settings.skip_tags, &self.request.skip_tags),
        )
    }

    pub(crate) fn run_settings(&self) -> RunSettings {
        let (request, settings) = (&self.request, &self.settings);
        RunSettings {
            forks: request.forks.unwrap_or(settings.forks).max(1),
            mode: request.mode,
            diff: request.diff || settings.diff,
            verbosity: self.verbosity(),
            inject_invocation: settings.inject_invocation,
            defaults: self.defaults(),
            force_handlers: request.force_handlers || settings.force_handlers,
            no_log: settings.no_log,
            any_errors_fatal: settings.any_errors_fatal,
            missing_handler_is_error: settings.missing_handler_is_error,
            gathering: settings.gathering,
            debugger: settings.debugger,
            debugger_honours_ignored: settings.debugger_honours_ignored,
            task_timeout: settings.task_timeout,
            poll_interval: settings.poll_interval,
            async_dir: settings.async_dir.clone(),
            interpreter: settings.interpreter.clone(),
            open_files: settings.open_files.clone(),
            modules: settings.modules.clone(),
            facts_modules: settings.facts_modules.clone(),
            facts_subsets: None,
        }
    }

    fn defaults(&self) -> Defaults {
        let (asked, settings) = (&self.request.connection, &self.settings);
        let first = |a: &Option<String>, b: &Option<String>| a.clone().or_else(|| b.clone());
        Defaults {
            connection: first(&asked.connection, &settings.transport),
            user: first(&asked.user, &settings.remote_user),
            port: settings.remote_port,
            private_key: first(&asked.private_key, &settings.private_key),
            ssh: SshDefaults {
                common_args: first(&asked.ssh_common_args, &settings.ssh.common_args),
                extra_args: first(&asked.ssh_extra_args, &settings.ssh.extra_args),
                timeout: asked.timeout.unwrap_or(settings.ssh.timeout),
                ..settings.ssh.clone()
            },
            pipelining: Some(settings.pipelining),
            becomes: asked.becomes || settings.becomes,
            become_user: asked.become_user.clone(),
            become_method: first(&asked.become_method, &settings.become_method),
            password: asked.password.clone(),
            become_password: asked.become_password.clone(),
            sudo: settings.escalation.sudo.clone(),
            su: settings.escalation.su.clone(),
            same_user: settings.escalation.same_user,
            own_name: Some(nafal_modules::passwd::own_name()),
        }
    }

    pub(crate) fn mode(&self) -> Mode {
        self.request.mode
    }

    /// The inventory with the variables beside this playbook.
    pub(crate) fn inventory_beside(&self, folder: &Path) -> Inventory {
        let mut inventory = self.inventory.clone();
        inventory.set_playbook_dir(folder);
        inventory
    }
}

/// The folder that stands for a playbook's, and what is wrong with it.
pub(crate) fn folder_without_playbook(
    request: &Request,
    settings: &Settings,
) -> (PathBuf, Option<Diagnostic>) {
    let given = request.playbook_dir.as_ref().or(settings.variables.playbook_dir.as_ref());
    let current = std::env::current_dir().unwrap_or_default();
    let folder = given.map_or_else(|| current.clone(), |given| tidy(&current.join(given)));
    let message = format!(
        "Ignoring invalid path provided to plugin path: '{}' is not a directory",
        folder.display()
    );
    let fault = (given.is_some() && !folder.is_dir()).then(|| Diagnostic::warning(message));
    (folder, fault)
}

/// Stock's inventory plugins read the extra vars first: bad ones fail every source.
fn unparsed(error: Error, sources: &[String]) -> Error {
    let Error::Load { diagnostics, code } = error else { return error };
    let failed = sources.iter().map(|source| {
        let source = source.trim_end_matches(',');
        Diagnostic::warning(format!("Unable to parse {source}, as an inventory source"))
    });
    let none = Diagnostic::warning("No inventory was parsed, only implicit localhost is available");
    let diagnostics = failed.chain([none]).chain(diagnostics).collect();
    Error::Load { diagnostics, code }
}

/// What the inventory of a request is read from.
fn sources_of(request: &Request, settings: &Settings) -> Vec<String> {
    let given = [&request.inventories, &settings.inventories];
    given.into_iter().find(|given| !given.is_empty()).cloned().unwrap_or_else(default_sources)
}

/// The inventory of a request, with what is to be warned of.
pub(crate) fn read_inventory(
    request: &Request,
    settings: &Arc<Settings>,
    extra: &Dict,
) -> Result<(Inventory, Vec<Diagnostic>), Error> {
    let told = Arc::new(Warnings::default());
    let options = Options {
        secrets: Arc::clone(&request.vault),
        plugins: plugin_options(request, settings, extra, &told),
        rules: Arc::clone(&settings.variables.rules),
        ..settings.inventory.options()
    };
    let sources = sources_of(request, settings);
    let (inventory, mut warnings) = Inventory::load(&sources, &options)
        .map_err(|error| Error::Load { diagnostics: error.diagnostics(), code: 1 })?;
    let inventory = inventory
        .for_tasks()
        .map_err(|error| Error::Load { diagnostics: error.diagnostics(), code: 4 })?;
    warnings.extend(told.take());
    if sources.is_empty() {
        warnings.push(Diagnostic::warning(
            "No inventory was parsed, only implicit localhost is available",
        ));
    }
    if !settings.unparsed_warning {
        warnings.retain(|warning| !warning.message.starts_with("No inventory was parsed"));
    }
    Ok((inventory, warnings))
}

fn default_sources() -> Vec<String> {
    let system = PathBuf::from("/etc/ansible/hosts");
    if system.exists() { vec![system.display().to_string()] } else { Vec::new() }
}

/// Serves as an agent on standard input and output until they end; gives the exit code.
pub fn serve_agent() -> i32 {
    nafal_modules::serve::serve_process()
}
