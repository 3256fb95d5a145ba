//! The arguments of `nafal graph`, which stock doesn't have.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use nafal_engine::Request;

use super::hosts::{ExtraVars, Inventory};
use super::request::{add_inventory, split};
use super::run::{Tags, Verbosity};
use super::vault::Vault;

/// How a graph is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// Lines with numbers
    #[default]
    Text,
    /// A mermaid flowchart
    Mermaid,
    /// JSON: nodes and edges
    Json,
}

/// Shows the graph that playbooks are compiled to.
#[derive(Clone, Debug, Parser)]
#[command(name = "nafal graph", version, disable_version_flag = true)]
pub struct Graph {
    /// The playbooks
    #[arg(required = true, value_name = "playbook")]
    pub playbooks: Vec<PathBuf>,

    /// How it is shown
    #[arg(long, value_enum, default_value_t)]
    pub format: GraphFormat,

    /// Only why these tasks run where they do: a part of their names
    #[arg(long, value_name = "TASK", conflicts_with = "format")]
    pub why: Option<String>,

    #[command(flatten)]
    pub verbosity: Verbosity,
    #[command(flatten)]
    pub inventory: Inventory,
    #[command(flatten)]
    pub vault: Vault,
    #[command(flatten)]
    pub extra: ExtraVars,
    #[command(flatten)]
    pub tags: Tags,
}

impl Graph {
    /// What the engine is asked.
    pub fn request(&self) -> Request {
        let mut request = Request {
            playbooks: self.playbooks.clone(),
            tags: split(&self.tags.tags),
            skip_tags: split(&self.tags.skip_tags),
            ..Request::default()
        };
        add_inventory(&mut request, &self.inventory, &self.extra);
        request
    }
}
