//! The words of apt-get's command lines that tasks choose. Must not know what is installed.

use std::time::Duration;

use nafal_base::{Dict, Outcome, Value};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::debian::{self, Gave};
use crate::files::Result;

/// A task's arguments with its surroundings.
#[derive(Clone, Copy)]
pub struct Task<'a> {
    /// The arguments.
    pub args: &'a Arguments,
    /// The surroundings.
    pub ctx: &'a Ctx,
}

impl Task<'_> {
    /// The words when the argument says so, else nothing.
    pub fn when(&self, argument: &str, words: &'static str) -> &'static str {
        if self.args.is(argument) { words } else { "" }
    }

    /// `--simulate` in check mode.
    pub fn simulate(&self) -> &'static str {
        if self.ctx.is_check() { "--simulate" } else { "" }
    }

    /// apt-get with what is the same in all its commands.
    pub fn apt_get(&self) -> String {
        let options: Vec<String> = self
            .dpkg_options()
            .map(|option| format!("-o \"Dpkg::Options::=--{option}\""))
            .collect();
        let wait = self.wait().as_secs();
        format!("/usr/bin/apt-get -y {} -o DPkg::Lock::Timeout={wait}", options.join(" "))
    }

    /// The options for dpkg, without dashes.
    pub fn dpkg_options(&self) -> impl Iterator<Item = &str> {
        let options = self.args.required_text("dpkg_options").split(',');
        options.map(str::trim).filter(|option| !option.is_empty())
    }

    /// How long to wait for locks.
    pub fn wait(&self) -> Duration {
        let seconds = self.args.int("lock_timeout").unwrap_or(60);
        Duration::from_secs(u64::try_from(seconds).unwrap_or_default())
    }

    /// Runs a command line as it is shown.
    pub fn run(&self, line: &str) -> Result<Gave> {
        let words = shlex::split(line).unwrap_or_default();
        debian::run_waiting(self.ctx, &words, self.wait())
    }

    /// What a tool wrote, and what it says that changes.
    pub fn told(&self, outcome: Outcome, gave: &Gave) -> Outcome {
        let outcome =
            outcome.with("stdout", gave.stdout.as_str()).with("stderr", gave.stderr.as_str());
        // There is one even when nobody wants it (case `results-in-order`).
        outcome.with(
            "diff",
            match self.ctx.wants_diff() {
                true => difference(&gave.stdout),
                false => Dict::new(),
            },
        )
    }
}

/// What apt-get says that it will do, as a difference that is shown as it is.
fn difference(stdout: &str) -> Dict {
    let lines: Vec<&str> = stdout.lines().collect();
    let is_summary = |line: &&str| {
        line.split_once(" upgraded, ").is_some_and(|(count, _)| count.parse::<u64>().is_ok())
    };
    let begin = lines.iter().position(|line| *line == "Reading state information...");
    let end = lines.iter().position(is_summary);
    // apt leaves the line of the state out when its cache was built beforehand: all up to the summary, then.
    let from = begin.map_or(0, |begin| begin + 1);
    let shown = match end {
        Some(end) => lines.get(from..=end),
        None => lines.get(from..),
    };
    let shown = shown.unwrap_or_default().join("\n");
    [("prepared", Value::from(shown))].into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences() {
        let text = "Reading package lists...\nReading state information...\nThe following NEW packages will be installed:\n  a\n0 upgraded, 1 newly installed, 0 to remove and 0 not upgraded.\nInst a\n";
        let shown = difference(text).get("prepared").unwrap().to_text().into_owned();
        assert!(shown.starts_with("The following") && shown.ends_with("not upgraded."), "{shown}");
        let text = text.replace("Reading state information...\n", "");
        let shown = difference(&text).get("prepared").unwrap().to_text().into_owned();
        assert!(
            shown.starts_with("Reading package") && shown.ends_with("not upgraded."),
            "{shown}"
        );
    }
}
