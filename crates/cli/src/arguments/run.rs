//! How a run goes: check, diff, forks, tags, verbosity. Must not know what is run.

use std::path::PathBuf;

use clap::{ArgAction, Args};

/// `-v` and `--version`, which every command has.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Verbosity {
    /// Says more; may be given several times
    #[arg(short, long, action = ArgAction::Count)]
    pub verbose: u8,

    /// Shows the version and ends
    #[arg(long, action = ArgAction::Version)]
    pub version: Option<bool>,
}

/// How tasks are run.
#[derive(Args, Clone, Debug, Default)]
pub struct Run {
    /// Says what would change instead of changing it
    #[arg(short = 'C', long)]
    pub check: bool,

    /// Shows what changes inside files and templates
    #[arg(short = 'D', long)]
    pub diff: bool,

    /// How many hosts are worked on at once
    #[arg(short, long, value_name = "FORKS", value_parser = forks, allow_negative_numbers = true)]
    pub forks: Option<usize>,

    /// Folders with modules, separated by colons; may be given several times
    #[arg(short = 'M', long, value_name = "MODULE_PATH")]
    pub module_path: Vec<String>,
}

impl Run {
    /// The folders of `-M`.
    pub fn library(&self) -> Vec<PathBuf> {
        let each = self.module_path.iter().flat_map(|paths| paths.split(':'));
        each.filter(|path| !path.is_empty()).map(PathBuf::from).collect()
    }
}

/// Which tasks are run.
#[derive(Args, Clone, Debug, Default)]
pub struct Tags {
    /// Only what is tagged with one of these; may be given several times
    #[arg(short, long, value_name = "TAGS")]
    pub tags: Vec<String>,

    /// Only what is tagged with none of these; may be given several times
    #[arg(long, value_name = "SKIP_TAGS")]
    pub skip_tags: Vec<String>,
}

/// `-f`: stock refuses what is no number, and what is below one, as wrong usage.
fn forks(text: &str) -> Result<usize, String> {
    let number: i64 = text.trim().parse().map_err(|_| format!("invalid int value: '{text}'"))?;
    usize::try_from(number)
        .ok()
        .filter(|number| *number >= 1)
        .ok_or_else(|| "The number of processes (--forks) must be >= 1".to_owned())
}
