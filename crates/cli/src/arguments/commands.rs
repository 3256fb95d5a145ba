//! The arguments of each command, put together from the groups beside this file.

use std::path::PathBuf;

use clap::{Args, Parser};

use super::background::Background;
use super::connection::Connection;
use super::escalation::Escalation;
use super::forms::Forms;
use super::hosts::{ExtraVars, HostList, Inventory, PlaybookDir};
use super::run::{Run, Tags, Verbosity};
use super::vault::Vault;

/// Runs playbooks on the hosts of an inventory.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "ansible-playbook",
    version,
    disable_version_flag = true,
    infer_long_args = true,
    args_override_self = true
)]
pub struct Playbook {
    /// The playbooks
    #[arg(required = true, value_name = "playbook")]
    pub playbooks: Vec<PathBuf>,

    #[command(flatten)]
    pub verbosity: Verbosity,
    #[command(flatten)]
    pub inventory: Inventory,
    #[command(flatten)]
    pub extra: ExtraVars,
    #[command(flatten)]
    pub hosts: HostList,
    #[command(flatten)]
    pub tags: Tags,
    #[command(flatten)]
    pub run: Run,

    /// Runs handlers even where a task failed
    #[arg(long)]
    pub force_handlers: bool,

    /// Starts at the task of this name
    #[arg(long, value_name = "START_AT_TASK")]
    pub start_at_task: Option<String>,

    /// Asks before each task
    #[arg(long)]
    pub step: bool,

    /// Reads everything and runs nothing
    #[arg(long)]
    pub syntax_check: bool,

    /// Lists the tasks and does nothing else
    #[arg(long)]
    pub list_tasks: bool,

    /// Lists the tags and does nothing else
    #[arg(long)]
    pub list_tags: bool,

    #[command(flatten)]
    pub connection: Connection,
    #[command(flatten)]
    pub escalation: Escalation,
    #[command(flatten)]
    pub vault: Vault,
}

/// Runs one module on the hosts of a pattern.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "ansible",
    version,
    disable_version_flag = true,
    infer_long_args = true,
    args_override_self = true
)]
pub struct AdHoc {
    /// The hosts
    pub pattern: String,

    /// The module
    #[arg(short, long, value_name = "MODULE_NAME")]
    pub module_name: Option<String>,

    /// Its arguments: k=v, or JSON
    #[arg(
        short,
        long,
        default_value = "",
        value_name = "MODULE_ARGS",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    pub args: String,

    #[command(flatten)]
    pub verbosity: Verbosity,
    #[command(flatten)]
    pub inventory: Inventory,
    #[command(flatten)]
    pub extra: ExtraVars,
    #[command(flatten)]
    pub hosts: HostList,
    #[command(flatten)]
    pub run: Run,
    #[command(flatten)]
    pub connection: Connection,
    #[command(flatten)]
    pub escalation: Escalation,
    #[command(flatten)]
    pub background: Background,
    #[command(flatten)]
    pub forms: Forms,
    #[command(flatten)]
    pub playbook_dir: PlaybookDir,
    #[command(flatten)]
    pub vault: Vault,
}

/// Shows an inventory.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "ansible-inventory",
    version,
    disable_version_flag = true,
    infer_long_args = true,
    args_override_self = true
)]
pub struct ShowInventory {
    /// The group that --graph starts from
    pub group: Option<String>,

    #[command(flatten)]
    pub action: InventoryAction,
    #[command(flatten)]
    pub format: InventoryFormat,
    #[command(flatten)]
    pub verbosity: Verbosity,
    #[command(flatten)]
    pub inventory: Inventory,
    #[command(flatten)]
    pub extra: ExtraVars,
    #[command(flatten)]
    pub playbook_dir: PlaybookDir,
    #[command(flatten)]
    pub vault: Vault,
}

/// What is shown: one of them.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Exactly one of")]
pub struct InventoryAction {
    /// All hosts and groups
    #[arg(long)]
    pub list: bool,

    /// One host's variables
    #[arg(long, value_name = "HOST")]
    pub host: Option<String>,

    /// The tree of groups
    #[arg(long)]
    pub graph: bool,
}

/// How it is shown.
#[derive(Args, Clone, Debug, Default)]
pub struct InventoryFormat {
    /// As YAML instead of JSON
    #[arg(short, long)]
    pub yaml: bool,

    /// As TOML, which is not built yet
    #[arg(long)]
    pub toml: bool,

    /// With variables, for --graph
    #[arg(long)]
    pub vars: bool,

    /// With --list: variables where they are defined
    #[arg(long)]
    pub export: bool,

    /// With --list: a file instead of the screen
    #[arg(long, value_name = "OUTPUT_FILE")]
    pub output: Option<PathBuf>,
}

/// Makes links with the names of the commands that nafal stands in for.
#[derive(Clone, Debug, Parser)]
#[command(name = "nafal link")]
pub struct Link {
    /// The folder that gets the links
    pub folder: PathBuf,
}
