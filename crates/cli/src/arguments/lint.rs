//! The arguments of `nafal lint`, which stock doesn't have.

use std::path::PathBuf;

use clap::Parser;
use nafal_engine::{Request, Rule};

use super::reading::Reading;

/// Tells what is wrong with playbooks before they run.
#[derive(Clone, Debug, Parser)]
#[command(name = "nafal lint", version, disable_version_flag = true)]
pub struct Lint {
    /// The playbooks
    #[arg(required = true, value_name = "playbook")]
    pub playbooks: Vec<PathBuf>,

    /// Leaves out a rule; may be given several times
    #[arg(long, value_name = "RULE", value_parser = rule, value_delimiter = ',')]
    pub skip: Vec<Rule>,

    /// As JSON
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub reading: Reading,
}

/// A rule by its name.
fn rule(name: &str) -> Result<Rule, String> {
    Rule::named(name).ok_or_else(|| {
        let all: Vec<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
        format!("there is no such rule, the rules are {}", all.join(", "))
    })
}

impl Lint {
    /// What the engine is asked.
    pub fn request(&self) -> Request {
        self.reading.add_to(Request { playbooks: self.playbooks.clone(), ..Request::default() })
    }
}
