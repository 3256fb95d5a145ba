//! `group`: a group is there with its number, or isn't. The system's own tools (`groupadd`, with
//! `local` those of libuser) do it.

use std::path::PathBuf;

use nafal_base::Outcome;

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::owner::{self, Group};
use crate::files::tools::Gave;
use crate::files::{Failure, Result};
use crate::registry::Module;
use crate::spec::{Argument, Count, Kind, RequiredIf, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        required_if: &[RequiredIf {
            argument: "non_unique",
            value: "True",
            needs: &["gid"],
            count: Count::All,
        }],
        ..Spec::new(
            "group",
            &[
                Argument::text("name").required(),
                Argument::text("state").or_text("present").choices(&["absent", "present"]),
                Argument::flag("force", false),
                Argument::new("gid", Kind::Int),
                Argument::flag("system", false),
                Argument::flag("local", false),
                Argument::flag("non_unique", false),
                Argument::new("gid_min", Kind::Int),
                Argument::new("gid_max", Kind::Int),
            ],
        )
    },
    run,
};

/// One group that is wanted or not.
struct Wanted<'a> {
    args: &'a Arguments,
    ctx: &'a Ctx,
    name: &'a str,
}

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    if args.is("force") && args.is("local") {
        return Err(Failure::new(
            "force is not a valid option for local, force=True and local=True are mutually exclusive",
        ));
    }
    if let Some(limit) = ["gid_min", "gid_max"].iter().find(|limit| args.int(limit).is_some())
        && args.is("local")
    {
        return Err(Failure::new(format!("'{limit}' can not be used with 'local'")));
    }
    let wanted = Wanted { args, ctx, name: args.required_text("name") };
    let is_wanted = args.required_text("state") == "present";
    let present = wanted.present();
    // Of a group that would come or go nothing more is told.
    if ctx.is_check() && present.is_some() != is_wanted {
        return Ok(Outcome::changed());
    }
    let ran = match (present, is_wanted) {
        (None, true) => Some(wanted.add()?),
        (Some(group), true) => wanted.modify(&group)?,
        (Some(_), false) => Some(wanted.delete()?),
        (None, false) => None,
    };
    let ran = match ran {
        None => None,
        Some(Change::Foreseen) => Some(None),
        Some(Change::Made(gave)) if gave.code != 0 => {
            return Err(Failure::new(gave.stderr).with("name", wanted.name));
        }
        Some(Change::Made(gave)) => Some(Some(gave)),
    };
    Ok(wanted.outcome(ran.is_some(), ran.flatten()))
}

/// What changes.
enum Change {
    /// In check mode.
    Foreseen,
    /// What the tool said.
    Made(Gave),
}

impl Wanted<'_> {
    fn present(&self) -> Option<Group> {
        match self.args.is("local") {
            true => owner::local_group(self.name),
            false => owner::group_by_name(self.name),
        }
    }

    fn outcome(&self, is_changed: bool, ran: Option<Gave>) -> Outcome {
        let state = self.args.required_text("state");
        let mut outcome =
            Outcome::ok().changed_if(is_changed).with("name", self.name).with("state", state);
        for (key, text) in
            ran.map(|gave| [("stdout", gave.stdout), ("stderr", gave.stderr)]).into_iter().flatten()
        {
            if !text.is_empty() {
                outcome = outcome.with(key, text);
            }
        }
        if let Some(group) = self.present().filter(|_| state == "present") {
            outcome =
                outcome.with("system", self.args.is("system")).with("gid", i64::from(group.gid));
        }
        outcome
    }

    fn tool(&self, local: &str, other: &str) -> Result<PathBuf> {
        self.ctx.tool(if self.args.is("local") { local } else { other })
    }

    fn change(&self, tool: &std::path::Path, mut args: Vec<String>) -> Result<Change> {
        if self.ctx.is_check() {
            return Ok(Change::Foreseen);
        }
        args.push(self.name.to_owned());
        self.ctx.run_tool(tool, &args).map(Change::Made)
    }

    /// The arguments for the wanted number. Tools of libuser don't see whether it is taken.
    fn number(&self, gid: i64) -> Result<Vec<String>> {
        let mut words = vec!["-g".to_owned(), gid.to_string()];
        if self.args.is("non_unique") {
            words.push("-o".to_owned());
        } else if self.args.is("local")
            // Stock takes 0 for none.
            && gid != 0
            && let Some(taken) = owner::all_groups().iter().find(|g| i64::from(g.gid) == gid)
            && taken.name != self.name
        {
            let name = &taken.name;
            return Err(Failure::new(format!("GID '{gid}' already exists with group '{name}'")));
        }
        Ok(words)
    }

    fn add(&self) -> Result<Change> {
        let mut words = Vec::new();
        if let Some(gid) = self.args.int("gid") {
            words = self.number(gid)?;
        }
        let tool = self.tool("lgroupadd", "groupadd")?;
        if self.args.is("system") {
            words.push("-r".to_owned());
        }
        for (argument, limit) in [("gid_min", "GID_MIN"), ("gid_max", "GID_MAX")] {
            if let Some(number) = self.args.int(argument) {
                words.extend(["-K".to_owned(), format!("{limit}={number}")]);
            }
        }
        self.change(&tool, words)
    }

    fn modify(&self, present: &Group) -> Result<Option<Change>> {
        let Some(gid) = self.args.int("gid").filter(|gid| *gid != i64::from(present.gid)) else {
            return Ok(None);
        };
        let words = self.number(gid)?;
        let tool = self.tool("lgroupmod", "groupmod")?;
        self.change(&tool, words).map(Some)
    }

    fn delete(&self) -> Result<Change> {
        let tool = self.tool("lgroupdel", "groupdel")?;
        let words = if self.args.is("force") { vec!["-f".to_owned()] } else { Vec::new() };
        self.change(&tool, words)
    }
}

#[cfg(test)]
mod tests {
    use nafal_base::Dict;
    use nafal_base::wire::{Surroundings, WireMode};

    use super::*;

    #[test]
    fn nothing_happens_in_check_mode() {
        let surroundings = Surroundings { mode: WireMode::Check, ..Surroundings::default() };
        let run = |args: &[(&str, nafal_base::Value)]| {
            let args: Dict = args.iter().map(|(key, value)| (*key, value.clone())).collect();
            MODULE.run(&args, &Ctx::plain("group", surroundings.clone()))
        };
        let root = run(&[("name", "root".into()), ("gid", 0.into())]);
        assert!(root.is_good() && !root.changed);
        let absent = run(&[("name", "no-such-group".into()), ("state", "absent".into())]);
        assert!(absent.is_good() && !absent.changed);
        let both = run(&[("name", "root".into()), ("local", true.into()), ("gid_min", 3.into())]);
        assert_eq!(both.text("msg"), Some("'gid_min' can not be used with 'local'"));
    }
}
