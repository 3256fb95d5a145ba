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
