//! The arguments of `nafal python`, which stock doesn't have.

use clap::{Args, Parser, Subcommand};

/// Sees to what modules in Python need.
#[derive(Clone, Debug, Parser)]
#[command(name = "nafal python", version, disable_version_flag = true)]
pub struct PythonCommand {
    /// What is done
    #[command(subcommand)]
    pub action: PythonAction,
}

/// What is done.
#[derive(Clone, Debug, Subcommand)]
pub enum PythonAction {
    /// Brings ansible-core into nafal's data folder, for modules that import its module_utils
    Install(InstallPython),
}

/// `install`.
#[derive(Args, Clone, Debug)]
pub struct InstallPython {
    /// The wheel of ansible-core, a file or an address, instead of PyPI's
    #[arg(long, value_name = "WHEEL")]
    pub from: Option<String>,
}
