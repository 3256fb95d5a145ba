//! The arguments of `file` and which state they mean. Must not change files itself.

use std::fs;
use std::path::{Path, PathBuf};

use nafal_base::{Dict, Outcome, Value};

use super::times::Times;
use super::{absent, directory, link, present};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Differences, FILE_ARGUMENTS, Failure, Result, Wanted, info, owner, paths};
use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The format of times in arguments, unless another is given.
const TIME_FORMAT: &str = "%Y%m%d%H%M.%S";

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        shared: FILE_ARGUMENTS,
        ..Spec::new(
            "file",
            &[
                Argument::text("state").choices(&[
                    "absent",
                    "directory",
                    "file",
                    "hard",
                    "link",
                    "touch",
                ]),
                Argument::path("path").required().aliases(&["dest", "name"]),
                Argument::text("_original_basename"),
                Argument::flag("recurse", false),
                Argument::flag("force", false),
                Argument::flag("follow", true),
                Argument::new("_diff_peek", crate::spec::Kind::Bool),
                Argument::path("src"),
                Argument::text("modification_time"),
                Argument::text("modification_time_format").or_text(TIME_FORMAT),
                Argument::text("access_time"),
                Argument::text("access_time_format").or_text(TIME_FORMAT),
            ],
        )
    },
    run,
};

/// What a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Absent,
    Directory,
    File,
    Hard,
    Link,
}

impl State {
    /// What is there now.
    pub fn of(path: &Path) -> State {
        match fs::symlink_metadata(path) {
            Err(_) => State::Absent,
            Ok(metadata) => match info::state_of(&metadata) {
                "link" => State::Link,
                "directory" => State::Directory,
                "hard" => State::Hard,
                _ => State::File,
            },
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            State::Absent => "absent",
            State::Directory => "directory",
            State::File => "file",
            State::Hard => "hard",
            State::Link => "link",
        }
    }
}

/// One run: its path, its arguments, its surroundings.
pub struct Task<'a> {
    pub args: &'a Arguments,
    pub ctx: &'a Ctx,
    /// The path as results show it.
    pub shown: String,
    /// The path as the system is asked for it.
    pub real: PathBuf,
    pub wanted: Wanted,
    pub times: Times,
}

impl Task<'_> {
    /// The same for another path.
    pub fn at(&self, shown: String) -> Task<'_> {
        let real = self.ctx.resolve(&shown);
        let (wanted, times) = (self.wanted.clone(), self.times.clone());
        Task { args: self.args, ctx: self.ctx, shown, real, wanted, times }
    }

    /// A failure that names the path.
    pub fn failure(&self, message: impl Into<Box<str>>) -> Failure {
        Failure::new(message).with("path", self.shown.as_str())
    }

    /// The beginning of a diff: the path, and its state if that changes.
    pub fn differences(&self, state: &str, previous: State) -> Differences {
        let mut differences = Differences::default();
        differences.note("path", self.shown.as_str(), self.shown.as_str());
        if previous.word() != state {
            differences.note("state", previous.word(), state);
        }
        differences
    }

    /// The end of a link that is followed.
    pub fn followed(&self) -> Option<Task<'_>> {
        let follows = self.args.is("follow") && self.real.is_symlink();
        follows.then(|| self.at(paths::real_path(&self.real).to_string_lossy().into_owned()))
    }

    /// Attributes, then times.
    pub fn apply(&self, mut changed: bool, differences: &mut Differences) -> Result<bool> {
        changed |= self.wanted.apply(self.ctx.subject(&self.real), differences)?;
        changed |= self.times.apply(self, differences)?;
        Ok(changed)
    }

    /// A result under `path`.
    pub fn done(&self, changed: bool, differences: Differences) -> Outcome {
        Outcome::ok()
            .changed_if(changed)
            .with("path", self.shown.as_str())
            .with("diff", differences.into_value())
    }
}

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let state = args.text("state");
    let mut shown = args.required_text("path").to_owned();
    let mut real = ctx.resolve(&shown);
    if args.is("_diff_peek") {
        return Ok(peek(&shown, &real));
    }
    if !matches!(state, Some("link" | "absent")) && real.is_dir() {
        let name = args
            .text("_original_basename")
            .filter(|name| !name.is_empty())
            .or_else(|| args.text("src").map(paths::name_of));
        if let Some(name) = name {
            shown = paths::join(&shown, name);
            real = ctx.resolve(&shown);
        }
    }
    let state = state.unwrap_or_else(|| match State::of(&real) {
        State::Absent if args.is("recurse") => "directory",
        State::Absent => "file",
        present => present.word(),
    });
    let task = Task {
        args,
        ctx,
        shown,
        real,
        wanted: Wanted::from_arguments(args),
        times: Times::from_arguments(args, state == "touch")?,
    };
    if args.is("recurse") && state != "directory" {
        return Err(task.failure("recurse option requires state to be 'directory'"));
    }
    if args.text("src").is_some() && !matches!(state, "link" | "hard") {
        return Err(task.failure("src option requires state to be 'link' or 'hard'"));
    }
    if ctx.is_check() && state != "absent" {
        warn_of_strangers(&task);
    }
    let mut outcome = match state {
        "absent" => absent::ensure(&task),
        "directory" => directory::ensure(&task),
        "file" => present::ensure_attributes(&task),
        "touch" => present::ensure_touch(&task),
        "link" => link::ensure_symlink(&task),
        _ => link::ensure_hardlink(&task),
    }?;
    if !ctx.wants_diff() {
        outcome.values.remove("diff");
    }
    Ok(outcome)
}

/// In check mode an earlier task may only have said that it would make the user or the group.
fn warn_of_strangers(task: &Task<'_>) {
    let unknown = [
        ("user", task.wanted.owner.as_ref().filter(|name| owner::uid_of(name).is_none())),
        ("group", task.wanted.group.as_ref().filter(|name| owner::gid_of(name).is_none())),
    ];
    for (kind, name) in unknown {
        if let Some(name) = name {
            task.ctx.warn(format!(
                "failed to look up {kind} {name}. Create {kind} up to this point in real play"
            ));
        }
    }
}

/// What the controller of stock asks before it draws a diff.
fn peek(shown: &str, real: &Path) -> Outcome {
    let start = fs::read(real).unwrap_or_default();
    let is_binary = start[..start.len().min(8192)].contains(&0);
    Outcome::ok().with("path", shown).with("appears_binary", is_binary)
}

/// A list of texts as a value.
pub fn texts(items: Vec<String>) -> Value {
    Value::from(items)
}

/// A dict of two lists: what was in a folder.
pub fn content(folders: Vec<String>, files: Vec<String>) -> Value {
    let entries = [("directories", texts(folders)), ("files", texts(files))];
    Value::Dict(entries.into_iter().collect::<Dict>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(args: &[(&str, &str)]) -> Outcome {
        let args: Dict = args.iter().map(|(key, value)| (*key, Value::from(*value))).collect();
        MODULE.run(&args, &Ctx::plain("file", Default::default()))
    }

    #[test]
    fn every_state_twice() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        let (sub, one, link, hard) = (at("a/b"), at("a/b/1"), at("l"), at("h"));
        let cases: [(&[(&str, &str)], bool); 11] = [
            (&[("path", &sub), ("state", "directory"), ("mode", "u=rwx,go=")], true),
            (&[("path", &sub), ("state", "directory"), ("mode", "0700")], false),
            (
                &[
                    ("path", &one),
                    ("state", "touch"),
                    ("access_time", "preserve"),
                    ("modification_time", "preserve"),
                ],
                true,
            ),
            (
                &[
                    ("path", &one),
                    ("state", "touch"),
                    ("access_time", "preserve"),
                    ("modification_time", "preserve"),
                ],
                false,
            ),
            (&[("path", &one), ("mode", "a+x")], true),
            (&[("path", &link), ("src", "a/b/1"), ("state", "link")], true),
            (&[("path", &link), ("src", "a/b/1"), ("state", "link")], false),
            (&[("path", &hard), ("src", &one), ("state", "hard")], true),
            (&[("path", &hard), ("src", &one), ("state", "hard")], false),
            (&[("path", &sub), ("state", "absent")], true),
            (&[("path", &sub), ("state", "absent")], false),
        ];
        for (args, changed) in cases {
            let outcome = file(args);
            assert!(outcome.is_good(), "{args:?} {outcome:?}");
            assert_eq!(outcome.changed, changed, "{args:?} {outcome:?}");
        }
    }
}
