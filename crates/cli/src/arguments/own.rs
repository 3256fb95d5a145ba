//! The arguments of commands that tell of nafal itself. Must not know what they tell.

use std::path::PathBuf;

use clap::Parser;
use clap_complete::Shell;

/// Shows the arguments of a module that nafal has.
#[derive(Clone, Debug, Parser)]
#[command(name = "nafal doc")]
pub struct Doc {
    /// The modules
    #[arg(value_name = "module", required_unless_present = "list")]
    pub modules: Vec<String>,

    /// Lists the names of all modules
    #[arg(short, long, conflicts_with = "modules")]
    pub list: bool,

    /// As JSON, in the form of `ansible-doc --json`
    #[arg(short, long)]
    pub json: bool,
}

/// Writes completions for a shell to standard output.
#[derive(Clone, Debug, Parser)]
#[command(name = "nafal completions")]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,

    /// For these commands alone: `nafal`, `ansible-playbook` …
    #[arg(value_name = "command")]
    pub commands: Vec<String>,
}

/// Writes manual pages of all commands.
#[derive(Clone, Debug, Parser)]
#[command(name = "nafal man")]
pub struct Man {
    /// The folder that gets the pages
    pub folder: PathBuf,
}
