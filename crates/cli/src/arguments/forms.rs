//! What ad hoc runs have for their output.

use std::path::PathBuf;

use clap::Args;

/// Other forms of the results.
#[derive(Args, Clone, Debug, Default)]
pub struct Forms {
    /// Shows a result on one line
    #[arg(short, long)]
    pub one_line: bool,

    /// A folder that gets a file with each host's result
    #[arg(short, long, value_name = "TREE")]
    pub tree: Option<PathBuf>,
}
