//! What was typed as what the engine is asked: the one place where both names of a thing meet.

use std::sync::Arc;

use nafal_base::console::SharedConsole;
use nafal_base::event::Mode;
use nafal_engine::{ConnectionRequest, Request, Secret, Settings};
use nafal_output::TerminalConsole;

use super::commands::{AdHoc, Playbook, ShowInventory};
use super::connection::Connection;
use super::escalation::Escalation;
use super::hosts::{ExtraVars, Inventory};
use super::run::Run;

/// Passwords that were asked for or read from files.
#[derive(Clone, Debug, Default)]
pub struct Secrets {
    /// To log in.
    pub connection: Option<Secret>,
    /// To become somebody else.
    pub escalation: Option<Secret>,
}

impl Playbook {
    /// What the engine is asked.
    pub fn request(&self, secrets: Secrets) -> Request {
        let mut request = Request {
            playbooks: self.playbooks.clone(),
            tags: split(&self.tags.tags),
            skip_tags: split(&self.tags.skip_tags),
            verbosity: self.verbosity.verbose,
            force_handlers: self.force_handlers,
            step: self.step,
            start_at_task: self.start_at_task.clone(),
            console: console(),
            connection: connection(&self.connection, &self.escalation, secrets),
            ..Request::default()
        };
        // Without a filter --list-tags tells of all tags, those of `never` too.
        if self.list_tags && request.tags.is_empty() && request.skip_tags.is_empty() {
            request.tags = vec!["all".to_owned(), "never".to_owned()];
        }
        add_inventory(&mut request, &self.inventory, &self.extra);
        add_run(&mut request, &self.run);
        request
    }
}

/// This process's own terminal.
fn console() -> SharedConsole {
    SharedConsole(Arc::new(TerminalConsole))
}

impl AdHoc {
    /// What the engine is asked.
    pub fn request(&self, secrets: Secrets) -> Request {
        let mut request = Request {
            verbosity: self.verbosity.verbose,
            console: console(),
            connection: connection(&self.connection, &self.escalation, secrets),
            playbook_dir: self.playbook_dir.playbook_dir.clone(),
            ..Request::default()
        };
        add_inventory(&mut request, &self.inventory, &self.extra);
        add_run(&mut request, &self.run);
        request
    }

    /// The module that is run.
    pub fn task(&self, settings: &Settings) -> nafal_engine::AdHoc {
        let asked = Some(&self.args).filter(|arguments| !arguments.is_empty());
        nafal_engine::AdHoc {
            pattern: self.pattern.clone(),
            module: self.module_name.as_ref().unwrap_or(&settings.module_name).clone(),
            arguments: asked.unwrap_or(&settings.module_arguments).clone(),
            background: self.background.background,
            poll: self.background.poll,
            timeout: self.background.task_timeout,
        }
    }
}

impl ShowInventory {
    /// What the engine is asked.
    pub fn request(&self) -> Request {
        let mut request = Request {
            verbosity: self.verbosity.verbose,
            playbook_dir: self.playbook_dir.playbook_dir.clone(),
            ..Request::default()
        };
        add_inventory(&mut request, &self.inventory, &self.extra);
        request
    }
}

/// Several at once, with commas.
pub(super) fn split(given: &[String]) -> Vec<String> {
    given.iter().flat_map(|some| some.split(',')).map(|one| one.trim().to_owned()).collect()
}

pub(super) fn add_inventory(request: &mut Request, inventory: &Inventory, extra: &ExtraVars) {
    request.inventories.clone_from(&inventory.inventory);
    request.limit.clone_from(&inventory.limit);
    request.flush_cache = inventory.flush_cache;
    request.extra_vars.clone_from(&extra.extra_vars);
}

fn add_run(request: &mut Request, run: &Run) {
    request.mode = if run.check { Mode::Check } else { Mode::Apply };
    request.diff = run.diff;
    request.library = run.library();
    request.forks = run.forks;
}

fn connection(
    connection: &Connection,
    escalation: &Escalation,
    secrets: Secrets,
) -> ConnectionRequest {
    ConnectionRequest {
        connection: connection.connection.clone(),
        user: connection.user.clone(),
        private_key: connection.private_key.clone(),
        timeout: connection.timeout,
        ssh_common_args: connection.ssh_common_args.clone(),
        ssh_extra_args: connection.ssh_extra_args.clone(),
        becomes: escalation.becomes,
        become_user: escalation.become_user.clone(),
        become_method: escalation.become_method.clone(),
        password: secrets.connection,
        become_password: secrets.escalation,
    }
}
