//! The account that a task is about: what is there, which tools change it, what they said. Must not
//! know what is wanted of it.

use std::path::Path;

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::owner::{self, Group, User};
use crate::files::tools::Gave;
use crate::files::{Failure, Result};

/// An account by name, with the task that is about it.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    /// The task's arguments.
    pub args: &'a Arguments,
    /// Its surroundings.
    pub ctx: &'a Ctx,
    /// The account's name.
    pub name: &'a str,
}

/// What tools said, together.
#[derive(Default)]
pub struct Said {
    /// Whether anything changed, or would.
    pub changed: bool,
    /// What they wrote.
    pub stdout: String,
    /// What they complained of.
    pub stderr: String,
}

impl Account<'_> {
    /// The account as it is; with `local` only that of the files.
    pub fn present(&self) -> Option<User> {
        match self.args.is("local") {
            true => owner::local_user(self.name),
            false => owner::user_by_name(self.name),
        }
    }

    /// Runs a tool, or says that it would change something.
    pub fn change(&self, said: &mut Said, tool: &Path, words: &[String]) -> Result<()> {
        said.changed = true;
        if self.ctx.is_check() {
            return Ok(());
        }
        let gave = self.ctx.run_tool(tool, words)?;
        if gave.code != 0 {
            return Err(self.refused(&gave));
        }
        said.stdout.push_str(&gave.stdout);
        said.stderr.push_str(&gave.stderr);
        Ok(())
    }

    /// A tool's refusal as stock tells it.
    pub fn refused(&self, gave: &Gave) -> Failure {
        Failure::new(gave.stderr.as_str()).with("name", self.name).with("rc", gave.code)
    }

    /// A refusal of our own in the place of a tool's.
    pub fn refuse(&self, message: impl Into<Box<str>>) -> Failure {
        Failure::new(message).with("name", self.name).with("rc", 1)
    }

    /// The group that a name or number means.
    pub fn group(&self, name_or_id: &str) -> Result<Group> {
        let found = match name_or_id.parse() {
            Ok(gid) => owner::group_by_id(gid).or_else(|| owner::group_by_name(name_or_id)),
            Err(_) => owner::group_by_name(name_or_id),
        };
        found.ok_or_else(|| Failure::new(format!("Group {name_or_id} does not exist")))
    }

    /// The wanted groups as they were given (none without the argument); all have to exist.
    pub fn wanted_groups(&self) -> Result<Option<Vec<(&str, Group)>>> {
        if self.args.value("groups").is_none() {
            return Ok(None);
        }
        let mut groups = Vec::new();
        for name in self.args.texts("groups").into_iter().map(str::trim) {
            if !name.is_empty() && !groups.iter().any(|(known, _)| *known == name) {
                groups.push((name, self.group(name)?));
            }
        }
        Ok(Some(groups))
    }

    /// The groups that the account is listed in.
    pub fn groups(&self) -> Vec<Group> {
        let is_member = |group: &Group| group.members.iter().any(|member| member == self.name);
        owner::all_groups().into_iter().filter(is_member).collect()
    }

    /// Puts the account into a group or takes it out, with libuser's tool.
    pub fn local_membership(&self, said: &mut Said, flag: &str, group: &str) -> Result<()> {
        let tool = self.ctx.tool("lgroupmod")?;
        self.change(said, &tool, &[flag, self.name, group].map(str::to_owned))
    }
}
