//! What the executor asks of the engine: files, templates' effects, connections, and settings.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use nafal_actions::{Defaults, Finder, IncludeRequest, ModuleSettings, PythonPlugins, UserModule};
use nafal_base::console::Console;
use nafal_base::event::Mode;
use nafal_base::{Diagnostic, Dict};
use nafal_connection::Connections;
use nafal_graph::{Context, Gathering, TaskGraph, TaskNode};
use nafal_inventory::Inventory;
use nafal_templating::Effects;

/// Settings of a run that don't change while it runs.
#[derive(Clone, Debug)]
pub struct RunSettings {
    /// How many hosts at once.
    pub forks: usize,
    /// Whether anything may change.
    pub mode: Mode,
    /// Whether to say what differs.
    pub diff: bool,
    /// How much to tell.
    pub verbosity: u8,
    /// Whether results tell the arguments that modules had.
    pub inject_invocation: bool,
    /// Where and as whom, when nothing else says so.
    pub defaults: Defaults,
    /// Whether handlers run on failed hosts too.
    pub force_handlers: bool,
    /// `no_log` as a setting.
    pub no_log: bool,
    /// `any_errors_fatal` as a setting.
    pub any_errors_fatal: bool,
    /// Whether a handler that isn't there is an error.
    pub missing_handler_is_error: bool,
    /// `max_fail_percentage` and the like are a play's own.
    pub task_timeout: u64,
    /// Whether plays gather facts.
    pub gathering: Gathering,
    /// Whether the debugger comes up where a task fails.
    pub debugger: bool,
    /// Whether it stays away where the failure is ignored.
    pub debugger_honours_ignored: bool,
    /// Seconds between two looks at a job in the background.
    pub poll_interval: i64,
    /// Where jobs' files are on targets, when it isn't the usual folder.
    pub async_dir: Option<String>,
    /// The Python that runs users' modules where no variable names one.
    pub interpreter: Option<String>,
    /// How many files Python's modules may have open at once, where no variable says so: as it was written.
    pub open_files: Option<String>,
    /// What is said of modules on targets.
    pub modules: ModuleSettings,
    /// The modules that gather facts, where no variable names them; empty for the usual one.
    pub facts_modules: Vec<String>,
    /// The subsets of facts that plays gather by themselves; None for all of them.
    pub facts_subsets: Option<Vec<String>>,
}

/// What includes compile to, with the name that their line shows.
pub struct CompiledInclude {
    /// The tasks.
    pub graph: TaskGraph,
    /// The file's path or the role's name.
    pub shown: String,
}

/// Why there is nothing to include.
#[derive(Clone, Debug)]
pub enum IncludeFault {
    /// What is named isn't there: the hosts that wanted it fail.
    Missing(Vec<Diagnostic>),
    /// What is there can't be read: the run ends.
    Broken(Vec<Diagnostic>),
}

/// The engine, as the executor sees it. Shared by the coordinator and all workers.
pub trait Services: Send + Sync {
    /// The settings.
    fn settings(&self) -> &RunSettings;

    /// Open connections.
    fn connections(&self) -> &Connections;

    /// The world for templates and actions of tasks in this context.
    fn effects(&self, context: &Context) -> Arc<dyn Effects>;

    /// The same for a task of this action.
    fn effects_of(&self, context: &Context, action: &str) -> Arc<dyn Effects>;

    /// The folders that files are searched in, for tasks in this context.
    fn search_path(&self, context: &Context) -> Vec<PathBuf>;

    /// The folders whose group_vars and host_vars count for tasks in this context, where it isn't the
    /// playbook's.
    fn vars_folders(&self, context: &Context) -> Option<Vec<PathBuf>>;

    /// The user's module that a task of this action runs: one that nafal doesn't have, or that stands before
    /// nafal's own in a `library` folder.
    fn user_module(&self, name: &str) -> Option<Arc<UserModule>>;

    /// Packs users' modules.
    fn finder(&self) -> &Finder;

    /// Runs users' plugins in Python.
    fn plugins(&self) -> &PythonPlugins;

    /// Compiles an include of `task`; `params` are the variables that it passes on.
    fn include(
        &self,
        task: &TaskNode,
        request: &IncludeRequest,
        params: &Dict,
    ) -> Result<CompiledInclude, IncludeFault>;

    /// The inventory read anew from its sources.
    fn refreshed_inventory(&self) -> Result<Inventory, Diagnostic>;

    /// Warnings that came up since the last call.
    fn take_warnings(&self) -> Vec<Diagnostic>;

    /// Whoever can be asked.
    fn console(&self) -> &dyn Console;

    /// Set when somebody asked to stop.
    fn cancelled(&self) -> &AtomicBool;
}
