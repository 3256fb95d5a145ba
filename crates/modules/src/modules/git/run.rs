//! The way from what is there to what is wanted, in stock's order. Must not know git's words.

use std::path::{Path, PathBuf};

use nafal_base::{Dict, Outcome, Value};

use super::command::Git;
use super::folder;
use super::remote::Side;
use super::settings::{SPEC, Settings};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result};
use crate::registry::Module;

/// The table's line.
pub const MODULE: Module = Module { spec: SPEC, run };

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let settings = Settings::new(args, ctx)?;
    let git = Git::new(&settings, ctx)?;
    let work = Work { git, settings, ctx };
    let Some(dest) = work.settings.dest.clone() else {
        return work.promise();
    };
    let (repository, told) = work.moved(&dest)?;
    let is_there = folder::is_there(&repository);
    if !is_there && (ctx.is_check() || !args.is("clone")) {
        work.promise()
    } else if !is_there {
        work.copied(&dest)
    } else if !args.is("update") {
        work.kept(&dest, told)
    } else {
        work.updated(&dest, told)
    }
}

struct Work<'a> {
    git: Git<'a>,
    settings: Settings<'a>,
    ctx: &'a Ctx,
}

impl Work<'_> {
    /// Puts the repository where it is wanted, if it is elsewhere.
    fn moved(&self, dest: &Path) -> Result<(PathBuf, Outcome)> {
        let present = folder::repository(dest, &self.settings);
        let told = Outcome::ok();
        let Some(wanted) = self.settings.separate.as_ref().filter(|wanted| **wanted != present)
        else {
            return Ok((present, told));
        };
        if !present.exists() {
            return Ok((present, told));
        }
        let shown = |path: &Path| path.to_string_lossy().into_owned();
        let told = Outcome::changed()
            .with("git_dir_before", shown(&present))
            .with("git_dir_now", shown(wanted));
        if self.ctx.is_check() {
            return Ok((present, told));
        }
        let options = self.ctx.write_options(self.settings.args);
        folder::relocate(dest, &present, wanted, &options)?;
        Ok((wanted.clone(), told))
    }

    /// What a clone would give.
    fn promise(&self) -> Result<Outcome> {
        let after = self.git.remote_version(&self.settings, Side::Url)?;
        let told = Outcome::changed().with("before", Value::None).with("after", after.as_str());
        Ok(self.with_difference(told, newly(&after)))
    }

    fn copied(&self, dest: &Path) -> Result<Outcome> {
        self.git.clone_to(&self.settings, dest)?;
        if self.settings.args.is("verify_commit") {
            self.git.verify(&self.settings, dest)?;
        }
        let told = Outcome::changed().with("before", Value::None);
        if !self.settings.is_bare() {
            self.git.switch(&self.settings, dest)?;
        }
        let told = self.submodules(dest, told)?;
        let after = self.git.version(dest)?;
        self.git.archive(&self.settings, dest)?;
        let told = told.with("after", after.as_str());
        Ok(self.with_difference(told, newly(&after)))
    }

    /// Nothing new is wanted, but maybe an archive.
    fn kept(&self, dest: &Path, told: Outcome) -> Result<Outcome> {
        let version = self.git.version(dest)?;
        let changed = told.changed | self.git.archive(&self.settings, dest)?;
        let told = told.with("before", version.as_str()).with("after", version);
        Ok(told.changed_if(changed))
    }

    fn updated(&self, dest: &Path, mut told: Outcome) -> Result<Outcome> {
        let (git, settings) = (&self.git, &self.settings);
        let has_changes = !settings.is_bare() && git.has_changes(dest)?;
        let before = git.version(dest)?;
        told = told.with("before", before.as_str());
        let mut changed = told.changed;
        if has_changes && !settings.args.is("force") {
            let shown = dest.display();
            return Err(Failure::new(format!(
                "Local modifications exist in the destination: {shown} (force=no)."
            ))
            .with("before", before));
        }
        if has_changes && !self.ctx.is_check() {
            git.discard(dest)?;
            changed = true;
            let message =
                format!("Local modifications exist in the destination: {}", dest.display());
            told = told.with("msg", message);
        }
        let has_other_url = git.has_other_url(settings, dest)?;
        told = told.with("remote_url_changed", has_other_url);
        changed |= has_other_url;
        if self.ctx.is_check() {
            let after = git.remote_version(settings, Side::Named(dest))?;
            return self.settled(dest, told.changed_if(changed), &before, after);
        }
        if has_other_url {
            git.set_url(settings, dest)?;
        }
        git.fetch(settings, dest)?;
        if !settings.is_bare() {
            git.switch(settings, dest)?;
            if settings.args.is("verify_commit") {
                git.verify(settings, dest)?;
            }
        }
        let told = self.submodules(dest, told.changed_if(changed))?;
        let after = git.version(dest)?;
        let mut told = self.settled(dest, told, &before, after)?;
        told.changed |= git.archive(settings, dest)?;
        Ok(told)
    }

    /// The result once both versions are known.
    fn settled(&self, dest: &Path, told: Outcome, before: &str, after: String) -> Result<Outcome> {
        let is_other = before != after;
        let changed = told.changed | is_other;
        let told = told.with("after", after.as_str()).changed_if(changed);
        if !is_other || !self.ctx.wants_diff() {
            return Ok(told);
        }
        if self.ctx.is_check() {
            // What is compared must be here: that changes nothing that is checked out.
            self.git.fetch(&self.settings, dest)?;
        }
        let text = self.git.difference(dest, before, &after)?;
        Ok(self.with_difference(told, text))
    }

    fn submodules(&self, dest: &Path, told: Outcome) -> Result<Outcome> {
        if !self.git.submodules_differ(&self.settings, dest)? {
            return Ok(told);
        }
        self.git.update_submodules(&self.settings, dest)?;
        Ok(told.with("submodules_changed", true).changed_if(true))
    }

    fn with_difference(&self, told: Outcome, text: String) -> Outcome {
        if !self.ctx.wants_diff() {
            return told;
        }
        let diff: Dict = [("prepared", Value::from(text))].into_iter().collect();
        told.with("diff", diff)
    }
}

fn newly(version: &str) -> String {
    format!(">> Newly checked out {version}")
}
