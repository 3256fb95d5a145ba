//! What somebody asks of the engine: which playbooks on which hosts, with what on top of the
//! settings. Nothing here knows how it was typed.

use std::path::PathBuf;
use std::sync::Arc;

use nafal_base::console::SharedConsole;
use nafal_base::event::Mode;
use nafal_connection::Secret;
use nafal_parser::vault::Secrets;

/// Where and as whom, as far as the request says.
#[derive(Clone, Debug, Default)]
pub struct ConnectionRequest {
    /// `-c`.
    pub connection: Option<String>,
    /// `-u`.
    pub user: Option<String>,
    /// `--private-key`.
    pub private_key: Option<String>,
    /// `-T`, in seconds.
    pub timeout: Option<u64>,
    /// `--ssh-common-args`.
    pub ssh_common_args: Option<String>,
    /// `--ssh-extra-args`.
    pub ssh_extra_args: Option<String>,
    /// `-b`.
    pub becomes: bool,
    /// `--become-user`.
    pub become_user: Option<String>,
    /// `--become-method`.
    pub become_method: Option<String>,
    /// `-k`'s answer.
    pub password: Option<Secret>,
    /// `-K`'s answer.
    pub become_password: Option<Secret>,
}

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Playbooks, in order.
    pub playbooks: Vec<PathBuf>,
    /// `--playbook-dir`: what stands for a playbook's folder where there is none.
    pub playbook_dir: Option<PathBuf>,
    /// `-i`, each as given; empty means what the settings say.
    pub inventories: Vec<String>,
    /// `-l`.
    pub limit: Option<String>,
    /// `-e`, each as given.
    pub extra_vars: Vec<String>,
    /// `-t`.
    pub tags: Vec<String>,
    /// `--skip-tags`.
    pub skip_tags: Vec<String>,
    /// `--check`.
    pub mode: Mode,
    /// `--diff`.
    pub diff: bool,
    /// `--flush-cache`.
    pub flush_cache: bool,
    /// `-f`.
    pub forks: Option<usize>,
    /// `-v`, how often.
    pub verbosity: u8,
    /// `-M`: folders of modules.
    pub library: Vec<PathBuf>,
    /// `--start-at-task`.
    pub start_at_task: Option<String>,
    /// `--step`.
    pub step: bool,
    /// `--force-handlers`.
    pub force_handlers: bool,
    /// Where and as whom.
    pub connection: ConnectionRequest,
    /// Whoever can be asked.
    pub console: SharedConsole,
    /// What vaults are opened with.
    pub vault: Arc<Secrets>,
}

/// A module to run once on the hosts of a pattern.
#[derive(Clone, Debug)]
pub struct AdHoc {
    /// The hosts.
    pub pattern: String,
    /// The module.
    pub module: String,
    /// Its arguments, as `k=v` text or JSON.
    pub arguments: String,
    /// `-B`: seconds in the background.
    pub background: Option<u64>,
    /// `-P`: seconds between two looks at it.
    pub poll: Option<u64>,
    /// `--task-timeout`, in seconds.
    pub timeout: Option<u64>,
}
