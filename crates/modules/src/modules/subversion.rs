//! `subversion`: a folder is a working copy of a repository, or what was exported from it, at a revision.

mod command;

use std::path::PathBuf;

use nafal_base::{Outcome, Value};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result};
use crate::registry::Module;
use crate::spec::{Argument, Spec};

use command::{Svn, revision_in};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "subversion",
        &[
            Argument::path("dest"),
            Argument::text("repo").required().aliases(&["name", "repository"]),
            Argument::text("revision").or_text("HEAD").aliases(&["rev", "version"]),
            Argument::flag("force", false),
            Argument::text("username"),
            Argument::text("password").hidden(),
            Argument::path("executable"),
            Argument::flag("export", false),
            Argument::flag("checkout", true),
            Argument::flag("update", true),
            Argument::flag("switch", true),
            Argument::flag("in_place", false),
            Argument::flag("validate_certs", false),
        ],
    ),
    run,
};

/// What the folder is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Present {
    Nothing,
    WorkingCopy,
    OtherFolder,
}

struct Work<'a> {
    svn: Svn<'a>,
    args: &'a Arguments,
    ctx: &'a Ctx,
    dest: &'a str,
}

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let svn = Svn::new(args, ctx)?;
    let wants_folder = ["checkout", "update", "export"].iter().any(|name| args.is(name));
    let Some(dest) = args.text("dest").filter(|dest| !dest.is_empty()) else {
        if wants_folder {
            return Err(Failure::new(
                "the destination directory must be specified unless checkout=no, update=no, and export=no",
            ));
        }
        return remote(&svn, args);
    };
    if !wants_folder {
        return remote(&svn, args);
    }
    let work = Work { svn, args, ctx, dest };
    match work.present()? {
        Present::Nothing => work.fetch(),
        Present::WorkingCopy if !args.is("update") => Ok(Outcome::ok()),
        Present::WorkingCopy if ctx.is_check() => work.promise(),
        Present::WorkingCopy => work.update(),
        Present::OtherFolder if args.is("in_place") => work.take_over(),
        Present::OtherFolder => Err(Failure::new(format!(
            "ERROR: {dest} folder already exists, but its not a subversion repository."
        ))),
    }
}

/// Only what the repository says of itself.
fn remote(svn: &Svn<'_>, args: &Arguments) -> Result<Outcome> {
    let told = svn.run(&["info", args.required_text("repo")])?;
    Ok(Outcome::ok().with("after", revision_in(&told)))
}

impl Work<'_> {
    fn folder(&self) -> PathBuf {
        self.ctx.resolve(self.dest)
    }

    fn present(&self) -> Result<Present> {
        if self.args.is("export") || !self.folder().exists() {
            return Ok(Present::Nothing);
        }
        Ok(match self.svn.knows(self.dest)? {
            true => Present::WorkingCopy,
            false => Present::OtherFolder,
        })
    }

    /// A new folder, or one that is written over.
    fn fetch(&self) -> Result<Outcome> {
        let (repo, revision) =
            (self.args.required_text("repo"), self.args.required_text("revision"));
        let is_export = self.args.is("export");
        if self.ctx.is_check() {
            return Ok(Outcome::changed());
        }
        if is_export {
            let force: &[&str] = if self.args.is("force") { &["--force"] } else { &[] };
            let words = [&["export"], force, &["-r", revision, repo, self.dest]].concat();
            self.svn.run(&words)?;
            return Ok(Outcome::changed());
        }
        if !self.args.is("checkout") {
            return Ok(Outcome::ok());
        }
        self.svn.run(&["checkout", "-r", revision, repo, self.dest])?;
        self.told(Outcome::changed(), Value::None)
    }

    /// What an update would do.
    fn promise(&self) -> Result<Outcome> {
        self.refuse_changes(self.has_changes()?)?;
        let before = revision_in(&self.svn.run(&["info", self.dest])?);
        let revision = self.args.required_text("revision");
        let after = revision_in(&self.svn.run(&["info", "-r", revision, self.dest])?);
        let number = |told: &str| {
            told.split(':').nth(1).and_then(|number| number.trim().parse::<u64>().ok())
        };
        let changed = number(&before) < number(&after);
        Ok(Outcome::ok().changed_if(changed).with("before", before).with("after", after))
    }

    fn update(&self) -> Result<Outcome> {
        let before = self.svn.versions(self.dest)?;
        let has_changes = self.has_changes()?;
        // Stock switches first, and leaves a folder that is somewhere in between.
        self.refuse_changes(has_changes)?;
        let (repo, revision) =
            (self.args.required_text("repo"), self.args.required_text("revision"));
        let mut changed = has_changes;
        if self.args.is("switch") {
            let told = self.svn.run(&["switch", "--revision", revision, repo, self.dest])?;
            changed |= has_touched(&told);
        }
        if has_changes {
            self.svn.run(&["revert", "-R", self.dest])?;
        }
        changed |= has_touched(&self.svn.run(&["update", "-r", revision, self.dest])?);
        self.told(Outcome::ok().changed_if(changed), before)
    }

    /// A folder with other content becomes a working copy.
    fn take_over(&self) -> Result<Outcome> {
        if self.ctx.is_check() {
            return Ok(Outcome::changed());
        }
        let (repo, revision) =
            (self.args.required_text("repo"), self.args.required_text("revision"));
        self.svn.run(&["checkout", "--force", "-r", revision, repo, self.dest])?;
        if self.has_changes()? && self.args.is("force") {
            self.svn.run(&["revert", "-R", self.dest])?;
        }
        self.told(Outcome::changed(), Value::None)
    }

    fn told(&self, outcome: Outcome, before: Value) -> Result<Outcome> {
        Ok(outcome.with("before", before).with("after", self.svn.versions(self.dest)?))
    }

    fn has_changes(&self) -> Result<bool> {
        let told = self.svn.run(&["status", "--quiet", "--ignore-externals", self.dest])?;
        // `X` marks an external, which is a working copy of its own.
        Ok(told.lines().any(|line| !line.is_empty() && !line.starts_with('X')))
    }

    fn refuse_changes(&self, has_changes: bool) -> Result<()> {
        if has_changes && !self.args.is("force") {
            return Err(Failure::new("ERROR: modified files exist in the repository."));
        }
        Ok(())
    }
}

/// Whether svn tells of a file: `U    path`.
fn has_touched(told: &str) -> bool {
    let touches = |line: &str| {
        let mut characters = line.chars();
        characters.next().is_some_and(|first| "ABDUCGE".contains(first))
            && characters.next().is_some_and(char::is_whitespace)
    };
    told.lines().any(touches)
}
