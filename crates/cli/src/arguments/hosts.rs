//! Which hosts, and what is known of them: `-i`, `-l`, `-e` and their kin. Must not know what is
//! done with them.

use std::path::PathBuf;

use clap::Args;

/// `-i` and what goes with it.
#[derive(Args, Clone, Debug, Default)]
pub struct Inventory {
    /// An inventory: a path, or hosts with commas; may be given several times
    #[arg(short, long, visible_alias = "inventory-file", value_name = "INVENTORY")]
    pub inventory: Vec<String>,

    /// Leaves only those of the hosts that this pattern means too
    #[arg(short, long, value_name = "SUBSET")]
    pub limit: Option<String>,

    /// Forgets the facts that earlier runs left
    #[arg(long)]
    pub flush_cache: bool,
}

/// `-e`.
#[derive(Args, Clone, Debug, Default)]
pub struct ExtraVars {
    /// More variables: key=value, YAML, JSON, or @file; may be given several times
    #[arg(short, long, value_name = "EXTRA_VARS")]
    pub extra_vars: Vec<String>,
}

/// The folder that stands for a playbook's where there is none.
#[derive(Args, Clone, Debug, Default)]
pub struct PlaybookDir {
    /// A folder whose group_vars, roles and plugins count as if a playbook were in it
    #[arg(long, value_name = "BASEDIR")]
    pub playbook_dir: Option<PathBuf>,
}

/// `--list-hosts`, which two of the commands have.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct HostList {
    /// Lists the hosts and does nothing else
    #[arg(long)]
    pub list_hosts: bool,
}
