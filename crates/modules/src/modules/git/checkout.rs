//! What is checked out: which version, with which changes, and getting to another one. Must not ask
//! for anything that clone and fetch have to bring.

use std::path::Path;

use super::command::{Git, Ran};
use super::remote::Side;
use super::settings::Settings;
use crate::files::{Failure, Result};

impl Git<'_> {
    /// The commit that is checked out.
    pub fn version(&self, folder: &Path) -> Result<String> {
        Ok(self.run(Some(folder), &["rev-parse", "HEAD"])?.text().to_owned())
    }

    /// Whether files that git knows were changed.
    pub fn has_changes(&self, folder: &Path) -> Result<bool> {
        let ran = self.run(Some(folder), &["status", "--porcelain"])?;
        Ok(ran.stdout.lines().any(|line| !line.starts_with("??")))
    }

    /// The branch that HEAD means: the one that is checked out, or else the remote's own.
    pub fn current_branch(&self, folder: &Path, remote: &str) -> Result<Option<String>> {
        for (name, prefix) in [
            ("HEAD".to_owned(), "refs/heads/".to_owned()),
            (format!("refs/remotes/{remote}/HEAD"), format!("refs/remotes/{remote}/")),
        ] {
            let ran = self.run(Some(folder), &["symbolic-ref", "-q", &name])?;
            // 1 says that it is no branch, more that there is no repository.
            if ran.code > 1 {
                let message = format!("Could not determine branch data - received {}", ran.stdout);
                return Err(Failure::new(message)
                    .with("stdout", ran.stdout.as_str())
                    .with("stderr", ran.stderr.as_str()));
            }
            if ran.is_good()
                && let Some(branch) = ran.text().strip_prefix(&prefix)
            {
                return Ok(Some(branch.to_owned()));
            }
        }
        Ok(None)
    }

    fn has_branch(&self, folder: &Path, branch: &str) -> Result<bool> {
        let name = format!("refs/heads/{branch}");
        Ok(self.run(Some(folder), &["show-ref", "--verify", "-q", &name])?.is_good())
    }

    /// Throws the changes of files away that git knows.
    pub fn discard(&self, folder: &Path) -> Result<Ran> {
        self.run(Some(folder), &["reset", "--hard", "HEAD"])?.good()
    }

    /// Checks the wanted version out.
    pub fn switch(&self, settings: &Settings<'_>, folder: &Path) -> Result<()> {
        let (version, remote) = (settings.version, settings.remote);
        let ran = if version == "HEAD" {
            let branch = self.current_branch(folder, remote)?.unwrap_or_default();
            self.force_branch(folder, &branch)?;
            let words = ["reset", "--hard", &format!("{remote}/{branch}"), "--"];
            self.run(Some(folder), &words)?
        } else if self.remote_branch(settings, Side::Named(folder), version)?.is_some() {
            let theirs = format!("{remote}/{version}");
            if self.has_branch(folder, version)? {
                self.force_branch(folder, version)?;
                self.run(Some(folder), &["reset", "--hard", &theirs])?
            } else {
                self.run(Some(folder), &["checkout", "--track", "-b", version, &theirs])?
            }
        } else {
            self.run(Some(folder), &["checkout", "--force", version])?
        };
        if !ran.is_good() {
            return Err(ran.failure_of_command(format!("Failed to checkout {version}")));
        }
        Ok(())
    }

    fn force_branch(&self, folder: &Path, branch: &str) -> Result<()> {
        let ran = self.run(Some(folder), &["checkout", "--force", branch])?;
        match ran.is_good() {
            true => Ok(()),
            false => Err(ran.failure(format!("Failed to checkout branch {branch}"))),
        }
    }

    /// What two versions differ in, in words for `--diff`.
    pub fn difference(&self, folder: &Path, before: &str, after: &str) -> Result<String> {
        let ran = self.run(Some(folder), &["diff", before, after])?;
        Ok(match (ran.is_good(), ran.stdout.is_empty()) {
            (true, false) => ran.stdout,
            (true, true) => format!(">> No visual differences between {before} and {after}"),
            (false, _) => {
                format!(
                    ">> Failed to get proper diff between {before} and {after}:\n>> {}",
                    ran.stderr
                )
            }
        })
    }
}
