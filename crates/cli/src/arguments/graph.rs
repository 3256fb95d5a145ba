//! The arguments of `nafal graph`, which stock doesn't have.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use nafal_engine::Request;

use super::reading::Reading;
use super::request::split;
use super::run::Tags;

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
    pub reading: Reading,
    #[command(flatten)]
    pub tags: Tags,
}

impl Graph {
    /// What the engine is asked.
    pub fn request(&self) -> Request {
        self.reading.add_to(Request {
            playbooks: self.playbooks.clone(),
            tags: split(&self.tags.tags),
            skip_tags: split(&self.tags.skip_tags),
            ..Request::default()
        })
    }
}
