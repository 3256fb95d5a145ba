//! Flags that stock knows and that nafal hasn't built yet: they are understood, so that they can be
//! refused by their name instead of silently doing nothing.

use clap::Args;

use crate::failure::Failure;

/// A flag that was given although it isn't built.
pub trait Unbuilt {
    /// The flags that were given, by their long names.
    fn given(&self) -> Vec<&'static str>;

    /// Refuses the first of them.
    fn refuse(&self) -> Result<(), Failure> {
        match self.given().first() {
            None => Ok(()),
            Some(flag) => Err(Failure::usage(format!("{flag} is not built in nafal yet"))),
        }
    }
}

/// The names of those that are there.
fn named(all: &[(&'static str, bool)]) -> Vec<&'static str> {
    all.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect()
}

/// What ad hoc runs have for their output.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Not built yet")]
pub struct Forms {
    /// Shows a result on one line
    #[arg(short, long)]
    pub one_line: bool,

    /// A folder that gets a file with each host's result
    #[arg(short, long, value_name = "TREE")]
    pub tree: Option<String>,
}

impl Unbuilt for Forms {
    fn given(&self) -> Vec<&'static str> {
        named(&[("--one-line", self.one_line), ("--tree", self.tree.is_some())])
    }
}

/// The folder that stands for a playbook's where there is none.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Not built yet")]
pub struct PlaybookDir {
    /// A folder whose group_vars and roles count as if a playbook were in it
    #[arg(long, value_name = "BASEDIR")]
    pub playbook_dir: Option<String>,
}

impl Unbuilt for PlaybookDir {
    fn given(&self) -> Vec<&'static str> {
        named(&[("--playbook-dir", self.playbook_dir.is_some())])
    }
}
