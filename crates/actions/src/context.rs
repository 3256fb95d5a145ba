//! What an action gets: its host, its variables, the world, the target. One a try.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nafal_base::console::Console;
use nafal_base::event::Mode;
use nafal_base::{Dict, HostName, Scope, TaskInfo, Text, Value};
use nafal_plugins::{Finder, PythonPlugins};
use nafal_templating::{Effects, Renderer};

use crate::effect::Performed;
use crate::error::Error;
use crate::module_defaults::defaults_of;
use crate::module_settings::ModuleSettings;
use crate::remote::Remote;
use crate::target::Way;

/// The surroundings of one try of a task on one host.
#[derive(Clone)]
pub struct ActionContext<'a> {
    /// The host, as the inventory names it.
    pub host: &'a HostName,
    /// The task.
    pub task: &'a TaskInfo,
    /// Arguments as written, for actions that render their own.
    pub written: &'a Dict,
    /// `module_defaults` around the task, outermost first, for actions that call another module.
    pub module_defaults: &'a [Value],
    /// The collections that the task searches.
    pub collections: &'a [Text],
    /// The free-form text, rendered.
    pub raw: Option<Text>,
    /// The variables.
    pub scope: &'a dyn Scope,
    /// The variables of the host that the task runs on: another one's when it is delegated.
    pub target_scope: &'a dyn Scope,
    /// Renders with these variables.
    pub renderer: &'a Renderer<'a>,
    /// Files, processes, clock.
    pub effects: &'a dyn Effects,
    /// The target, reached on first use.
    pub remote: &'a Remote<'a>,
    /// How ssh would lead to the target, for what connects by itself.
    pub way: &'a dyn Fn() -> Result<Way, Error>,
    /// The host that the task is delegated to.
    pub delegate: Option<&'a HostName>,
    /// Whoever can be asked.
    pub console: &'a dyn Console,
    /// Set when the run is to end.
    pub cancelled: &'a AtomicBool,
    /// Finds the modules that users bring.
    pub finder: &'a Finder,
    /// Runs the plugins that they bring.
    pub plugins: &'a PythonPlugins,
    /// Whether anything may change.
    pub mode: Mode,
    /// Whether to say what differs.
    pub diff: bool,
    /// How much to tell, from 0.
    pub verbosity: u8,
    /// Whether results tell the arguments that modules had.
    pub invocation: bool,
    /// What the settings say of modules on targets.
    pub modules: &'a ModuleSettings,
    /// The modules that gather facts, where no variable names them; empty for the usual one.
    pub facts_modules: &'a [String],
    /// The subsets of facts that are enough, where nobody says which are wanted.
    pub facts_subsets: Option<&'a [String]>,
}

/// Sleeps, but not through a cancel.
pub fn sleep(time: Duration, cancelled: &AtomicBool) {
    let mut left = time;
    while !left.is_zero() && !cancelled.load(Ordering::Relaxed) {
        let now = left.min(Duration::from_millis(100));
        std::thread::sleep(now);
        left -= now;
    }
}

impl ActionContext<'_> {
    /// Whether the run is to end.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Sleeps, but not through a cancel.
    pub(crate) fn sleep(&self, time: Duration) {
        sleep(time, self.cancelled);
    }

    /// Where modules in Python make their temporary folders.
    pub(crate) fn remote_tmp(&self) -> String {
        self.modules.remote_tmp_of(self.target_scope, self.renderer)
    }

    /// Arguments for another module: its `module_defaults` below these.
    pub(crate) fn with_defaults(&self, module: &str, args: Dict) -> Result<Dict, Performed> {
        if self.module_defaults.is_empty() {
            return Ok(args);
        }
        let mut all = Dict::new();
        let defaults = defaults_of(self.module_defaults, module, self.finder, self.renderer)
            .map_err(Performed::from_causes)?;
        for (key, value) in &defaults {
            if args.lookup(key.value()).is_none() {
                all.insert(key.clone(), self.renderer.render(value)?);
            }
        }
        all.lay_over(&args);
        Ok(all)
    }
}
