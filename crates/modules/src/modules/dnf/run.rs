//! From what is wanted to one run of dnf, and from what dnf prints to stock's results. Must not know dnf's options.

use std::cmp::Ordering;

use nafal_base::Outcome;

use super::command::{Dnf, Generation};
use super::complaint;
use super::groups;
use super::installed::Rpm;
use super::list;
use super::settings;
use super::specs::{self, Wanted};
use super::transaction::{Entry, Transaction};
use super::version::Version;
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::tools::Gave;
use crate::files::{Failure, Result};
use crate::registry::Module;

/// The table's line.
pub const DNF: Module = Module { spec: settings::DNF, run: run_four };

/// The table's line.
pub const DNF5: Module = Module { spec: settings::DNF5, run: run_five };

fn run_four(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    run(args, ctx, Generation::Four)
}

fn run_five(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    run(args, ctx, Generation::Five)
}

/// `state`, or what it means when it isn't given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Present,
    Latest,
    Absent,
}

/// Which command of dnf's brings a package to where it should be.
enum Step {
    Install,
    Upgrade,
    Downgrade,
}

struct Job<'a> {
    args: &'a Arguments,
    ctx: &'a Ctx,
    dnf: Dnf<'a>,
    rpm: Rpm<'a>,
    /// What is told before the packages.
    told: Vec<String>,
    failures: Vec<String>,
}

fn run(args: &Arguments, ctx: &Ctx, generation: Generation) -> Result<Outcome> {
    let state = match args.text("state") {
        Some("absent" | "removed") => State::Absent,
        Some("latest") => State::Latest,
        Some(_) => State::Present,
        None if args.is("autoremove") => State::Absent,
        None => State::Present,
    };
    let refused = |message: &str| Failure::new(message).with("results", Vec::<String>::new());
    if args.is("autoremove") && state != State::Absent {
        return Err(refused("Autoremove should be used alone or with state=absent"));
    }
    if let Some(file) = args.text("conf_file")
        && std::fs::File::open(ctx.resolve(file)).is_err()
    {
        return Err(match generation {
            Generation::Four => {
                complaint::refused(format!("cannot read configuration file: {file}"))
            }
            Generation::Five => {
                complaint::refused(format!("Configuration file \"{file}\" not found"))
                    .with("failures", Vec::<String>::new())
            }
        });
    }
    let root = args.required_text("installroot");
    if !ctx.resolve(root).is_dir() {
        let told = refused(&format!("Installroot {root} must be a directory"));
        return Err(match generation {
            Generation::Four => told.with("rc", 1),
            Generation::Five => told,
        });
    }
    let dnf = Dnf::new(args, ctx, generation)?;
    if let Some(what) = args.text("list") {
        return list::list(&dnf, what);
    }
    let rpm = Rpm::new(ctx, root)?;
    let mut job = Job { args, ctx, dnf, rpm, told: Vec::new(), failures: Vec::new() };
    let wanted = specs::wanted(&args.texts("name"));
    if wanted.is_empty() && !args.is("autoremove") {
        return job.refresh();
    }
    match state {
        State::Absent => job.remove(&wanted),
        State::Present | State::Latest => job.install(&wanted, state),
    }
}

impl Job<'_> {
    /// Nothing is named: at most dnf's knowledge of its repositories is renewed.
    fn refresh(&self) -> Result<Outcome> {
        let outcome = Outcome::ok().with("results", Vec::<String>::new()).with("rc", 0);
        if !self.args.is("update_cache") {
            return Ok(outcome.with("msg", "Nothing to do"));
        }
        let gave = self.dnf.run(&["makecache"])?;
        if gave.code != 0 {
            return Err(self.failed(&gave, &Transaction::default()));
        }
        Ok(outcome.with("msg", "Cache updated"))
    }

    fn install(&mut self, wanted: &[Wanted], state: State) -> Result<Outcome> {
        if state == State::Latest
            && wanted.iter().any(|one| *one == Wanted::Package("*".to_owned()))
        {
            return self.act(&[self.upgrade(&[])]);
        }
        let (mut install, mut upgrade, mut downgrade) = (Vec::new(), Vec::new(), Vec::new());
        for one in wanted {
            match one {
                Wanted::Group(group) => {
                    let known = self.group(group)?;
                    install.push(format!("@{}", known.as_ref().unwrap_or(group)));
                    let done = if state == State::Latest { "upgraded" } else { "installed" };
                    self.tell(known.map(|id| format!("Group {id} {done}.")));
                }
                // It takes an older one's place too, allowed or not.
                Wanted::File(file) if !self.is_four() => install.push(file.clone()),
                Wanted::File(file) => {
                    self.told.push(format!("Installed {file}"));
                    if let Some(order) = self.place_of_file(file)? {
                        match order {
                            Ordering::Less if self.args.is("allow_downgrade") => {
                                downgrade.push(file.clone())
                            }
                            Ordering::Greater => install.push(file.clone()),
                            _ => {}
                        }
                    } else if !self.args.is("update_only") {
                        install.push(file.clone());
                    }
                }
                Wanted::Package(spec) => match self.step(spec, state)? {
                    Some(Step::Install) => install.push(spec.clone()),
                    Some(Step::Upgrade) => upgrade.push(spec.clone()),
                    Some(Step::Downgrade) => downgrade.push(spec.clone()),
                    None => {}
                },
            }
        }
        let mut runs = Vec::new();
        if !upgrade.is_empty() {
            runs.push(self.upgrade(&upgrade));
        }
        if !downgrade.is_empty() {
            runs.push(self.words("downgrade", &downgrade));
        }
        if !install.is_empty() {
            runs.push(self.words("install", &install));
        }
        self.act(&runs)
    }

    /// What has to be done for a package.
    fn step(&mut self, spec: &str, state: State) -> Result<Option<Step>> {
        let found = self.rpm.found(spec_name(spec))?;
        if found.is_empty() && self.is_older(spec)? {
            return Ok(self.args.is("allow_downgrade").then_some(Step::Downgrade));
        }
        if found.is_empty() && self.args.is("update_only") {
            self.told.push(format!(
                "Packages providing {spec} not installed due to update_only specified"
            ));
            return Ok(None);
        }
        Ok(match state {
            _ if found.is_empty() || !satisfies(&found, spec) => Some(Step::Install),
            State::Latest => Some(Step::Upgrade),
            _ => None,
        })
    }

    /// What dnf 4 tells beside the packages, and dnf 5 doesn't.
    fn tell(&mut self, line: Option<String>) {
        self.told.extend(line.filter(|_| self.is_four()));
    }

    fn words(&self, command: &str, specs: &[String]) -> Vec<String> {
        let mut words = vec![command.to_owned()];
        words.extend(self.dnf.of_installing());
        words.extend(specs.iter().cloned());
        words
    }

    fn upgrade(&self, specs: &[String]) -> Vec<String> {
        let mut words = self.words("upgrade", specs);
        for kind in ["security", "bugfix"] {
            if self.args.is(kind) {
                words.insert(1, format!("--{kind}"));
            }
        }
        words
    }

    fn remove(&mut self, wanted: &[Wanted]) -> Result<Outcome> {
        let mut specs = Vec::new();
        for one in wanted {
            match one {
                Wanted::Group(group) => {
                    let known = self.group(group)?;
                    let is_group = known.is_some() || group.contains([':', '/']);
                    match (is_group, self.dnf.generation()) {
                        (true, _) => specs.push(format!("@{}", known.as_ref().unwrap_or(group))),
                        (false, Generation::Four) => {
                            self.failures.push(format!("No group {group} available."));
                            return Err(self.failed(&Gave::default(), &Transaction::default()));
                        }
                        (false, Generation::Five) => {}
                    }
                }
                Wanted::File(spec) | Wanted::Package(spec) => {
                    match self.rpm.found(spec)?.is_empty() {
                        true => self.tell(Some(format!("No match for argument: {spec}"))),
                        false => specs.push(spec.clone()),
                    }
                }
            }
        }
        if wanted.is_empty() {
            return self.act(&[vec!["autoremove".to_owned()]]);
        }
        if specs.is_empty() {
            return self.act(&[]);
        }
        let mut words = self.dnf.removal();
        words.extend(specs);
        self.act(&[words])
    }

    /// The name by which dnf knows a group that may be called by its title; None of environments and streams of modules.
    fn group(&self, title: &str) -> Result<Option<String>> {
        Ok(match self.dnf.generation() {
            Generation::Four => {
                groups::of_four(&self.dnf.run(&["-q", "group", "list", "--ids"])?.stdout, title)
            }
            Generation::Five => {
                groups::of_five(&self.dnf.run(&["-q", "group", "list", "--hidden"])?.stdout, title)
            }
        })
    }

    /// Whether a package's file is newer than what is installed (greater), the same, or older; None when it isn't there.
    fn place_of_file(&self, file: &str) -> Result<Option<Ordering>> {
        if file.contains("://") {
            return Ok(None);
        }
        if !self.ctx.resolve(file).exists() {
            return Err(Failure::new(format!(
                "Error occurred attempting remote rpm operation: Could not open: {file}"
            ))
            .with("rc", 1)
            .with("results", Vec::<String>::new()));
        }
        let Some(inside) = self.rpm.in_file(file)? else { return Ok(None) };
        let present = self.rpm.found(&inside.name)?;
        let present = present.iter().filter(|entry| entry.name == inside.name);
        let orders = present
            .map(|entry| Version::new(&inside.version).compare(&Version::new(&entry.version)));
        Ok(orders.min())
    }

    /// Whether a version is asked for that is older than the one that is there.
    fn is_older(&self, spec: &str) -> Result<bool> {
        for (name, version) in specs::name_and_version(spec) {
            let present = self.rpm.found(name)?;
            let mut present = present.iter().filter(|entry| entry.name == name).peekable();
            if present.peek().is_some() {
                let version = present.peek().map_or(version, |entry| {
                    version.strip_suffix(&format!(".{}", entry.arch)).unwrap_or(version)
                });
                return Ok(present.any(|entry| {
                    Version::new(version).compare(&Version::new(&entry.version)) == Ordering::Less
                }));
            }
        }
        Ok(false)
    }

    /// Runs dnf, and tells what it did or would do.
    fn act(&mut self, runs: &[Vec<String>]) -> Result<Outcome> {
        let before = self.rpm.all()?;
        let mut results = Transaction::default();
        let consent = if self.ctx.is_check() { "--assumeno" } else { "-y" };
        for words in runs {
            let all: Vec<&str> =
                std::iter::once(consent).chain(words.iter().map(String::as_str)).collect();
            let gave = self.dnf.run(&all)?;
            let mut transaction = Transaction::read(&gave.stdout);
            self.note_missing(&gave, words.get(1..).unwrap_or_default());
            let was_asked = self.ctx.is_check() && gave.stderr.contains("Operation aborted");
            if !self.failures.is_empty() && self.is_four() {
                // What would come without the missing ones is told too.
                let mut rest = vec!["--assumeno", "--setopt=strict=0"];
                rest.extend(words.iter().map(String::as_str));
                transaction = Transaction::read(&self.dnf.run(&rest)?.stdout);
            }
            if !self.failures.is_empty() && !self.is_four() {
                // It looks at what the others need only once these are passed over.
                let mut rest = vec!["--assumeno"];
                rest.extend(words.iter().map(String::as_str));
                rest.insert(2, "--skip-unavailable");
                if let Some(problems) = complaint::problems(&self.dnf.run(&rest)?) {
                    return Err(complaint::unsolved(&self.failures, problems));
                }
            }
            let is_nothing = gave.stderr.contains("No packages marked for removal");
            if gave.code != 0 && !was_asked && !is_nothing || !self.failures.is_empty() {
                return Err(self.failed(&gave, &transaction));
            }
            results.extend(transaction);
        }
        self.outcome(&results, &before)
    }

    /// Names that dnf doesn't know: failures, unless broken ones are to be passed over, which is dnf 4's alone.
    fn note_missing(&mut self, gave: &Gave, specs: &[String]) {
        let is_passed_over = self.args.is("skip_broken") && self.is_four();
        for name in complaint::missing(gave, specs) {
            let told = match name.strip_prefix('@') {
                Some(group) if self.is_four() => format!("No group {group} available."),
                group => format!("No package {} available.", group.unwrap_or(&name)),
            };
            let list = if is_passed_over { &mut self.told } else { &mut self.failures };
            if !list.contains(&told) {
                list.push(told);
            }
        }
        self.failures.extend(complaint::excluded(gave).filter(|_| !self.is_four()));
    }

    /// Which dnf: their modules don't tell the same.
    fn is_four(&self) -> bool {
        self.dnf.generation() == Generation::Four
    }

    fn outcome(&self, done: &Transaction, before: &[Entry]) -> Result<Outcome> {
        let mut results = self.told.clone();
        let shown = |what: &str, entries: &[Entry]| {
            let mut all: Vec<String> =
                entries.iter().map(|entry| format!("{what}: {}", entry.shown())).collect();
            all.sort();
            all.dedup();
            all
        };
        let downloads = self.args.is("download_only") && !(self.ctx.is_check() && self.is_four());
        let (verb, mut removed) = match downloads {
            true => ("Downloaded", Vec::new()),
            false => ("Installed", done.removed.clone()),
        };
        if !downloads {
            for entry in &done.replacing {
                let is_old = |old: &&Entry| {
                    old.name == entry.name && old.arch == entry.arch && old.version != entry.version
                };
                removed.extend(before.iter().filter(is_old).cloned());
            }
        }
        let is_own = |entry: &&Entry| self.is_four() || !done.downgraded.contains(entry);
        let installed: Vec<Entry> = done.installed.iter().filter(is_own).cloned().collect();
        results.extend(shown(verb, &installed));
        if !self.is_four() {
            results.extend(shown("Downgrade", &done.downgraded));
        }
        results.extend(shown("Removed", &removed));
        let changed = !done.installed.is_empty() || !removed.is_empty();
        let message = match (changed, self.ctx.is_check()) {
            (false, _) if !self.is_four() && !results.is_empty() => "",
            (false, _) => "Nothing to do",
            (true, true) => "Check mode: No changes made, but would have if not in check mode",
            (true, false) => "",
        };
        Ok(Outcome::ok()
            .changed_if(changed)
            .with("msg", message)
            .with("rc", 0)
            .with("results", results))
    }

    /// Why dnf failed, in stock's words where it has some.
    fn failed(&self, gave: &Gave, planned: &Transaction) -> Failure {
        if let Some(group) = self.failures.iter().find(|told| told.starts_with("No group")) {
            return complaint::refused(group.as_str());
        }
        if !self.failures.is_empty() {
            let planned = planned.installed.iter().filter(|_| self.is_four());
            let planned: Vec<String> =
                planned.map(|entry| format!("Installed: {}", entry.shown())).collect();
            return Failure::new("Failed to install some of the specified packages")
                .with("failures", self.failures.clone())
                .with("rc", 1)
                .with("results", planned);
        }
        match self.dnf.generation() {
            Generation::Four => complaint::of_four(gave),
            Generation::Five => complaint::of_five(gave),
        }
    }
}

/// What rpm is asked for: relations are looked at here.
fn spec_name(spec: &str) -> &str {
    specs::relation(spec).map_or(spec, |(name, _, _)| name)
}

/// Whether what is installed is as new as `name >= 1.0` wants it.
fn satisfies(found: &[Entry], spec: &str) -> bool {
    let Some((_, sign, version)) = specs::relation(spec) else { return true };
    let wanted = Version::new(version);
    found.iter().any(|entry| {
        let order = Version::new(&entry.version).compare(&wanted);
        match sign {
            "<" => order == Ordering::Less,
            "<=" => order != Ordering::Greater,
            "=" => order == Ordering::Equal,
            ">=" => order != Ordering::Less,
            _ => order == Ordering::Greater,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relations() {
        let found = [Entry { name: "one".into(), arch: "noarch".into(), version: "2.0-1".into() }];
        for (spec, is) in [
            ("one", true),
            ("one >= 2.0", true),
            ("one > 2.0", false),
            ("one < 3", true),
            ("one = 2.0-2", false),
        ] {
            assert_eq!(satisfies(&found, spec), is, "{spec}");
        }
    }
}
