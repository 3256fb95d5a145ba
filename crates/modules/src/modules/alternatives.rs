//! `community.general.alternatives`: a command is one of several programs, as `update-alternatives` has it.

mod group;

use nafal_base::{Dict, Outcome, Value};

use crate::arguments::{self, Arguments};
use crate::ctx::Ctx;
use crate::files::{Failure, Result};
use crate::registry::Module;
use crate::spec::{Argument, Kind, Spec};

use group::{Choice, Group, Mode, Sub};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        required_one_of: &[&["path", "family"]],
        ..Spec::new(
            "community.general.alternatives",
            &[
                Argument::text("name").required(),
                Argument::path("path"),
                Argument::text("family"),
                Argument::path("link"),
                Argument::new("priority", Kind::Int),
                Argument::text("state")
                    .or_text("selected")
                    .choices(&["present", "selected", "absent", "auto"]),
                Argument::list("subcommands", Kind::Dict).aliases(&["slaves"]),
            ],
        )
    },
    run,
};

/// What an entry of `subcommands` takes.
const SUB: Spec = Spec::new(
    "subcommands",
    &[
        Argument::text("name").required(),
        Argument::path("link").required(),
        Argument::path("path").required(),
    ],
);

/// One run of the module.
struct Run<'a> {
    args: &'a Arguments,
    ctx: &'a Ctx,
    group: Option<Group>,
    /// Nothing where a family is enough.
    path: &'a str,
    subs: Option<Vec<Sub>>,
    told: Vec<String>,
    after: Dict,
}

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let subs = match args.value("subcommands") {
        Some(_) => Some(subs_of(args, ctx)?),
        None => None,
    };
    let name = args.required_text("name");
    let tool = ctx.tool("update-alternatives")?;
    let gave = ctx.run_tool(&tool, &["--query", name])?;
    let group = match gave.code {
        0 => Some(Group::read(&gave.stdout)),
        // RHEL's doesn't know that, or there is no such group.
        _ => Group::read_display(&ctx.run_tool(&tool, &["--display", name])?.stdout),
    };
    let path = args.text("path").unwrap_or_default();
    let mut run = Run { args, ctx, group, path, subs, told: Vec::new(), after: Dict::new() };
    let before = run.before();
    match args.required_text("state") {
        "absent" => run.remove()?,
        state => run.present(state)?,
    }
    let changed = !run.told.is_empty();
    let mut outcome = Outcome::ok().changed_if(changed).with("msg", run.told.join(" "));
    if changed {
        let difference: Dict =
            [("before", Value::Dict(before)), ("after", run.after.into())].into_iter().collect();
        outcome = outcome.with("diff", difference);
    }
    Ok(outcome)
}

fn subs_of(args: &Arguments, ctx: &Ctx) -> Result<Vec<Sub>> {
    let read = |entry: &Value| {
        let entry = entry.as_dict().cloned().unwrap_or_default();
        let checked = arguments::check(&SUB, &entry, ctx)
            .map_err(|error| Failure::new(format!("{error} found in subcommands")))?;
        let text = |name: &str| checked.required_text(name).to_owned();
        Ok(Sub { name: text("name"), link: Some(text("link")), path: text("path") })
    };
    args.list("subcommands").iter().map(read).collect()
}

impl Run<'_> {
    fn name(&self) -> &str {
        self.args.required_text("name")
    }

    fn choice(&self) -> Option<&Choice> {
        self.group.as_ref()?.choices.iter().find(|choice| choice.path == self.path)
    }

    /// What there was, as differences show it.
    fn before(&self) -> Dict {
        let Some(group) = &self.group else { return Dict::new() };
        let Some(choice) = self.choice() else {
            return [("state", Value::from("absent"))].into_iter().collect();
        };
        // Stock's word for one that another was chosen over.
        let is_passed_over = group.mode == Mode::Manual && group.value != choice.path;
        let state = if is_passed_over { "selected" } else { "present" };
        let mut before: Dict = [
            ("state", Value::from(state)),
            ("path", choice.path.as_str().into()),
            ("priority", Value::Int(choice.priority)),
            ("link", group.link.as_deref().map(Value::from).unwrap_or_default()),
        ]
        .into_iter()
        .collect();
        if !choice.subs.is_empty() {
            before.insert("subcommands", shown(&choice.subs));
        }
        before
    }

    fn act(&mut self, words: &[&str], told: String) -> Result<()> {
        if !self.ctx.is_check() {
            self.ctx.need_tool(&self.ctx.tool("update-alternatives")?, words)?;
        }
        self.told.push(told);
        Ok(())
    }

    /// Only a family is named: whichever program of it there is.
    fn family(&mut self, state: &str, family: &str) -> Result<()> {
        let group = self.group.as_ref();
        let is_manual = group.is_some_and(|group| group.mode == Mode::Manual);
        let current = group.and_then(|group| {
            group.choices.iter().find(|choice| choice.path == group.value)?.family.as_deref()
        });
        let name = self.name().to_owned();
        if state == "selected" && current != Some(family) {
            let told = format!("Set alternative '{family}' for '{name}'.");
            self.act(&["--set", &name, family], told)?;
            self.after.insert("state", "selected".into());
        } else if state == "auto" && is_manual {
            let told = format!("Set alternative to auto for '{name}'.");
            self.act(&["--auto", &name], told)?;
            self.after.insert("state", "present".into());
        }
        Ok(())
    }

    fn present(&mut self, state: &str) -> Result<()> {
        if let Some(family) = self.args.text("family").filter(|_| self.path.is_empty()) {
            let family = family.to_owned();
            return self.family(state, &family);
        }
        let priority = self.args.int("priority");
        let is_right = self.choice().is_some_and(|choice| {
            let has_subs = |wanted: &Vec<Sub>| group::are_same(wanted, &choice.subs);
            priority.is_none_or(|priority| priority == choice.priority)
                && self.subs.as_ref().is_none_or(has_subs)
        });
        if !is_right {
            self.install(priority)?;
        }
        let group = self.group.as_ref();
        let is_manual = group.is_some_and(|group| group.mode == Mode::Manual);
        let (name, path) = (self.name().to_owned(), self.path.to_owned());
        // Automatically or by hand: stock asks for no more (case `module-alternatives`).
        let is_chosen = group.is_some_and(|group| group.value == path);
        if state == "selected" && !is_chosen {
            self.act(&["--set", &name, &path], format!("Set alternative '{path}' for '{name}'."))?;
            self.after.insert("state", "selected".into());
        } else if state == "auto" && is_manual {
            self.act(&["--auto", &name], format!("Set alternative to auto for '{name}'."))?;
            self.after.insert("state", "present".into());
        }
        Ok(())
    }

    fn install(&mut self, priority: Option<i64>) -> Result<()> {
        let (name, path) = (self.name().to_owned(), self.path.to_owned());
        if !self.ctx.resolve(&path).exists() {
            return Err(Failure::new(format!("Specified path {path} does not exist")));
        }
        let known = self.group.as_ref().and_then(|group| group.link.clone());
        let link = self.args.text("link").map(str::to_owned).or(known).ok_or_else(|| {
            Failure::new(
                "Needed to install the alternative, but unable to do so as we are missing the link",
            )
        })?;
        let present = self.choice().cloned();
        let known = present.as_ref().map(|choice| choice.priority);
        let priority = priority.or(known).unwrap_or(50);
        let subs = self.subs.clone().or(present.map(|choice| choice.subs)).unwrap_or_default();
        let number = priority.to_string();
        let mut words = vec!["--install", link.as_str(), &name, &path, &number];
        let family = self.args.text("family");
        words.extend(family.iter().flat_map(|family| ["--family", *family]));
        for (sub, link) in subs.iter().filter_map(|sub| Some((sub, sub.link.as_deref()?))) {
            words.extend(["--slave", link, &sub.name, &sub.path]);
        }
        self.act(&words, format!("Install alternative '{path}' for '{name}'."))?;
        self.after = [
            ("state", Value::from("present")),
            ("path", path.as_str().into()),
            ("family", family.map(Value::from).unwrap_or_default()),
            ("link", link.as_str().into()),
            ("priority", Value::Int(priority)),
        ]
        .into_iter()
        .collect();
        if !subs.is_empty() {
            self.after.insert("subcommands", shown(&subs));
        }
        Ok(())
    }

    fn remove(&mut self) -> Result<()> {
        if self.choice().is_none() {
            return Ok(());
        }
        let (name, path) = (self.name().to_owned(), self.path.to_owned());
        let told = format!("Remove alternative '{path}' from '{name}'.");
        self.act(&["--remove", &name, &path], told)?;
        self.after.insert("state", "absent".into());
        Ok(())
    }
}

fn shown(subs: &[Sub]) -> Value {
    let shown = subs.iter().map(|sub| {
        let entry: Dict = [
            ("name", Value::from(sub.name.as_str())),
            ("path", sub.path.as_str().into()),
            ("link", sub.link.as_deref().map(Value::from).unwrap_or_default()),
        ]
        .into_iter()
        .collect();
        Value::Dict(entry)
    });
    Value::List(shown.collect())
}
