//! Running dnf: with which options, and again while another process holds its lock. Must not know what it is run for.

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::tools::Gave;
use crate::files::{Failure, Result};

/// Which dnf: their options differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// dnf 4.
    Four,
    /// dnf 5.
    Five,
}

/// What is said by a dnf that won't wait for another one.
const LOCKED: [&str; 5] = [
    // dnf 4: "metadata already locked by 31176" (the story `locks` of tests/dnf).
    "already locked by",
    "exit_on_lock",
    "Failed to obtain the transaction lock",
    "Failed to obtain rpm transaction lock",
    "can't create transaction lock",
];

/// Removing in dnf 5 without taking along what requires a package.
const DO_REMOVE: [&str; 2] = ["do", "--action=remove"];

/// How long one waits until the lock is tried again.
const PAUSE: Duration = Duration::from_secs(1);

/// dnf, ready to be run.
pub struct Dnf<'a> {
    args: &'a Arguments,
    ctx: &'a Ctx,
    program: PathBuf,
    generation: Generation,
}

impl<'a> Dnf<'a> {
    /// The target's.
    pub fn new(args: &'a Arguments, ctx: &'a Ctx, generation: Generation) -> Result<Dnf<'a>> {
        let names: &[&str] = match generation {
            Generation::Four => &["dnf-3", "dnf4", "dnf"],
            Generation::Five => &["dnf5", "dnf"],
        };
        let found = names.iter().find_map(|name| ctx.find_tool(name));
        let last = names.last().copied().unwrap_or("dnf");
        let program = match found {
            Some(program) => program,
            None => ctx.tool(last)?,
        };
        Ok(Dnf { args, ctx, program, generation })
    }

    /// Which it is.
    pub fn generation(&self) -> Generation {
        self.generation
    }

    /// Runs it with the task's options; waits as long as `lock_timeout` says for whoever holds its lock, so that nothing is
    /// done by halves.
    pub fn run<W: AsRef<str>>(&self, words: &[W]) -> Result<Gave> {
        let mut all = self.options();
        all.extend(words.iter().map(|word| word.as_ref().to_owned()));
        let seconds = self.args.int("lock_timeout").and_then(|seconds| u64::try_from(seconds).ok());
        let end = Instant::now() + Duration::from_secs(seconds.unwrap_or_default());
        loop {
            let mut command = self.ctx.command(&self.program);
            // What dnf says is looked at; names stay as they are.
            command.args(&all).env("LC_ALL", "C.UTF-8").env("LANG", "C.UTF-8");
            let gave = self.ctx.run_prepared(command, None)?;
            let said = |text: &str| LOCKED.iter().any(|words| text.contains(words));
            if let Some(unknown) = unknown_repository(&gave.stderr)
                && all.contains(&unknown)
            {
                // As in stock: a repository that isn't there can't be switched on, and nobody complains.
                all.retain(|word| *word != unknown);
                continue;
            }
            if let Some(known) = older_removal(&all, &gave.stderr) {
                all = known;
                continue;
            }
            let is_locked = gave.code != 0 && (said(&gave.stderr) || said(&gave.stdout));
            if !is_locked {
                return Ok(gave);
            }
            if Instant::now() >= end {
                return Err(Failure::new("lockfile is held by another process"));
            }
            thread::sleep(PAUSE);
        }
    }

    fn options(&self) -> Vec<String> {
        let args = self.args;
        let is_five = self.generation == Generation::Five;
        let mut words: Vec<String> = Vec::new();
        let mut put = |word: &str| words.push(word.to_owned());
        if !is_five {
            put("--setopt=exit_on_lock=1");
        }
        if let Some(file) = args.text("conf_file") {
            put(&format!("--config={file}"));
        }
        if let Some(root) = args.text("installroot").filter(|root| *root != "/") {
            put(&format!("--installroot={root}"));
            if is_five {
                put("--use-host-config");
            }
        }
        if let Some(release) = args.text("releasever") {
            put(&format!("--releasever={release}"));
        }
        for (name, option) in [
            ("disablerepo", "--disablerepo"),
            ("enablerepo", "--enablerepo"),
            ("exclude", "--exclude"),
        ] {
            for value in args.texts(name).iter().flat_map(|value| value.split(',')).map(str::trim) {
                put(&format!("{option}={value}"));
            }
        }
        for (name, option) in
            [("disable_plugin", "--disableplugin"), ("enable_plugin", "--enableplugin")]
        {
            args.texts(name).iter().for_each(|value| put(&format!("{option}={value}")));
        }
        match args.text("disable_excludes") {
            Some(which) if is_five && which == "all" => put("--setopt=disable_excludes=*"),
            Some(which) if is_five => put(&format!("--setopt=disable_excludes={which}")),
            Some(which) => put(&format!("--disableexcludes={which}")),
            None => {}
        }
        match args.is("disable_gpg_check") {
            true => put(if is_five { "--no-gpgchecks" } else { "--nogpgcheck" }),
            // Files are checked like what comes from repositories.
            false => put("--setopt=localpkg_gpgcheck=1"),
        }
        if !args.is("sslverify") {
            put("--setopt=sslverify=0");
        }
        if !args.is("install_weak_deps") {
            put("--setopt=install_weak_deps=0");
        }
        if args.is("cacheonly") {
            put("--cacheonly");
        }
        if args.is("update_cache") {
            put("--refresh");
        }
        words
    }

    /// The command that removes. That of dnf 5 takes what requires a package along, which stock's dnf5 only does when it is
    /// told to.
    pub fn removal(&self) -> Vec<String> {
        let clean = i32::from(self.args.is("autoremove"));
        let erasing = self.args.is("allowerasing").then_some("--allowerasing");
        let command: &[&str] = match self.generation {
            Generation::Four => &["remove"],
            Generation::Five => &DO_REMOVE,
        };
        let erasing = erasing.filter(|_| self.generation == Generation::Five);
        let mut words: Vec<String> =
            command.iter().copied().chain(erasing).map(str::to_owned).collect();
        words.push(format!("--setopt=clean_requirements_on_remove={clean}"));
        words
    }

    /// Options of what installs, which not all commands take.
    pub fn of_installing(&self) -> Vec<String> {
        let args = self.args;
        let best = args.flag("best").or(args.flag("nobest").map(|nobest| !nobest));
        let best = best.map(|best| match (best, self.generation) {
            (true, _) => "--best",
            (false, Generation::Four) => "--nobest",
            (false, Generation::Five) => "--no-best",
        });
        let given = [
            best,
            args.is("allowerasing").then_some("--allowerasing"),
            args.is("skip_broken").then_some("--skip-broken"),
        ];
        let mut words: Vec<String> = given.into_iter().flatten().map(str::to_owned).collect();
        if args.is("download_only") {
            words.push("--downloadonly".to_owned());
            let folder = args.text("download_dir").filter(|_| self.generation == Generation::Four);
            words.extend(folder.map(|folder| format!("--downloaddir={folder}")));
            let folder = args.text("download_dir").filter(|_| self.generation == Generation::Five);
            words.extend(folder.map(|folder| format!("--setopt=destdir={folder}")));
        }
        words
    }
}

/// The option that names a repository that isn't there.
fn unknown_repository(complaint: &str) -> Option<String> {
    let four = complaint.split_once("Unknown repo: '").and_then(|(_, rest)| rest.split_once('\''));
    let five = || complaint.split_once("No matching repositories for ")?.1.split_once(". ");
    let (name, _) = four.or_else(five)?;
    Some(format!("--enablerepo={name}"))
}

/// The words of a removal for a dnf 5 that is too old for the ones that it was given.
fn older_removal(words: &[String], complaint: &str) -> Option<Vec<String>> {
    let is_unknown = complaint.contains("Unknown argument \"do\"");
    let at = words.windows(2).position(|pair| *pair == DO_REMOVE).filter(|_| is_unknown)?;
    let mut words = words.to_vec();
    words.splice(at..at + 2, ["remove".to_owned()]);
    words.retain(|word| word != "--allowerasing");
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_that_are_not_there() {
        let option = unknown_repository("Error: Unknown repo: 'nosuch'\n");
        assert_eq!(option.as_deref(), Some("--enablerepo=nosuch"));
        let five = "No matching repositories for nosuch. Add \"--help\" for more information about the arguments.";
        assert_eq!(unknown_repository(five).as_deref(), Some("--enablerepo=nosuch"));
        assert_eq!(unknown_repository("Error: other"), None);
    }

    #[test]
    fn dnf_5_that_knows_no_do() {
        let words = ["-y", "do", "--action=remove", "--allowerasing", "one"].map(str::to_owned);
        let complaint = "Unknown argument \"do\" for command \"dnf5\".";
        assert_eq!(older_removal(&words, complaint).unwrap(), ["-y", "remove", "one"]);
        assert_eq!(older_removal(&words, "Failed to resolve the transaction"), None);
    }
}
