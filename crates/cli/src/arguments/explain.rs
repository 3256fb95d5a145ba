//! The arguments of `nafal explain`, which stock doesn't have.

use std::path::PathBuf;

use clap::Parser;
use nafal_engine::Request;

use super::reading::Reading;

/// Tells where a variable's value comes from.
#[derive(Clone, Debug, Parser)]
#[command(name = "nafal explain", version, disable_version_flag = true)]
pub struct Explain {
    /// The variable
    pub variable: String,

    /// A playbook, whose play and task see more than the inventory has
    pub playbook: Option<PathBuf>,

    /// The host
    #[arg(long)]
    pub host: String,

    /// As this task sees it: a part of its name
    #[arg(long, requires = "playbook")]
    pub task: Option<String>,

    /// As JSON
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub reading: Reading,
}

impl Explain {
    /// What the engine is asked.
    pub fn request(&self) -> Request {
        let playbooks = self.playbook.iter().cloned().collect();
        self.reading.add_to(Request { playbooks, ..Request::default() })
    }
}
