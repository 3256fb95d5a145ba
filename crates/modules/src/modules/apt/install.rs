//! Installing: present, latest, build-dep, fixed. Must not know how the lists are kept.

use nafal_base::Outcome;

use super::cache::Lists;
use super::options::Task;
use super::policy_rc::Policy;
use super::status::{Knowledge, expand};
use crate::debian::{self, Specification};
use crate::files::{Failure, Result};

/// Installs what isn't there as it is wanted.
pub fn install(task: Task<'_>, packages: &[&str], lists: Lists) -> Result<Outcome> {
    let packages = expand(task.ctx, packages)?;
    let state = task.args.required_text("state");
    let (chosen, there) = match state {
        "build-dep" => {
            (packages.iter().map(|package| format!("'{package}'")).collect(), Vec::new())
        }
        _ => choose(task, &packages, state == "latest").map_err(|failure| match failure {
            Refused::Failed(failure) => failure,
            Refused::NoCandidate(package) => {
                let message = format!("no available installation candidate for {package}");
                with_lists(Failure::new(message), lists)
            }
        })?,
    };
    let outcome = match chosen.is_empty() {
        true => Outcome::ok(),
        false => run(task, &chosen.join(" "), lists)?,
    };
    if !task.ctx.is_check() {
        mark_as_wanted(task, &there)?;
    }
    Ok(lists.told(outcome))
}

fn with_lists(failure: Failure, lists: Lists) -> Failure {
    failure.with("cache_updated", lists.is_updated).with("cache_update_time", lists.time)
}

enum Refused {
    Failed(Failure),
    NoCandidate(String),
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Refused {
        Refused::Failed(failure)
    }
}

/// What apt-get is told to install, and what is there already.
fn choose(
    task: Task<'_>,
    packages: &[String],
    latest: bool,
) -> Result<(Vec<String>, Vec<String>), Refused> {
    let are_plain = packages.iter().all(|package| Specification::parse(package).version.is_none());
    let release = task.args.text("default_release");
    if are_plain && !latest && release.is_none() {
        // The usual case needs none of apt's own, slower knowledge.
        let knowledge = Knowledge::installed_alone(task.ctx, packages)?;
        if packages.iter().all(|package| knowledge.version(package).is_some()) {
            return Ok((Vec::new(), packages.to_vec()));
        }
    }
    let knowledge = Knowledge::of(task.ctx, packages, release)?;
    let only_upgrade = task.args.is("only_upgrade");
    let (mut chosen, mut there) = (Vec::new(), Vec::new());
    for package in packages {
        let wanted = Specification::parse(package);
        let standing = knowledge.standing(task.ctx, &wanted)?;
        if standing.installed.is_none() && only_upgrade {
            continue;
        }
        let is_wanted = !standing.is_satisfied || latest;
        match (&standing.installed, &standing.installable) {
            (_, Some(version)) if is_wanted => {
                chosen.push(format!("'{}={version}'", standing.name));
            }
            (None, None) if standing.name == wanted.name && wanted.version.is_none() => {
                match knowledge.standing(task.ctx, &wanted)?.installed {
                    Some(_) => {}
                    None => return Err(Refused::NoCandidate(package.clone())),
                }
            }
            (_, None) if !standing.is_satisfied => {
                return Err(Refused::NoCandidate(package.clone()));
            }
            _ => there.push(standing.name),
        }
    }
    Ok((chosen, there))
}

fn run(task: Task<'_>, packages: &str, lists: Lists) -> Result<Outcome> {
    let is_build = task.args.text("state") == Some("build-dep");
    let fixed = if task.args.text("state") == Some("fixed") { "--fix-broken" } else { "" };
    let mut words =
        vec![task.when("only_upgrade", "--only-upgrade"), fixed, task.when("force", "--force-yes")];
    if !is_build {
        words.push(task.when("autoremove", "--auto-remove"));
    }
    words.push(task.when("fail_on_autoremove", "--no-remove"));
    words.push(task.simulate());
    words.push(if is_build { "build-dep" } else { "install" });
    let mut line = format!("{} {} {packages}", task.apt_get(), words.join(" "));
    if let Some(release) = task.args.text("default_release") {
        line.push_str(&format!(" -t '{release}'"));
    }
    match task.args.flag("install_recommends") {
        Some(true) => line.push_str(" -o APT::Install-Recommends=yes"),
        Some(false) => line.push_str(" -o APT::Install-Recommends=no"),
        None => {}
    }
    for (argument, option) in [
        ("allow_unauthenticated", " --allow-unauthenticated"),
        ("allow_downgrade", " --allow-downgrades"),
        ("allow_change_held_packages", " --allow-change-held-packages"),
    ] {
        line.push_str(task.when(argument, option));
    }
    let policy = Policy::of(task)?;
    let gave = task.run(&line)?;
    drop(policy);
    if !gave.is_good() {
        let message = format!("'{line}' failed: {}", gave.stderr);
        let failure = Failure::new(message)
            .with("stdout", gave.stdout)
            .with("stderr", gave.stderr)
            .with("rc", gave.code);
        return Err(with_lists(failure, lists));
    }
    // What build-dep does is only to be seen in what it writes.
    let changed = !is_build || !gave.stdout.contains("0 upgraded, 0 newly installed, 0 to remove");
    Ok(task.told(Outcome::ok().changed_if(changed), &gave))
}

/// Packages that were there because others need them are now wanted themselves.
fn mark_as_wanted(task: Task<'_>, names: &[String]) -> Result<()> {
    let states = std::fs::read_to_string("/var/lib/apt/extended_states").unwrap_or_default();
    let automatic: Vec<&str> = states
        .split("\n\n")
        .filter(|entry| entry.lines().any(|line| line == "Auto-Installed: 1"))
        .filter_map(|entry| entry.lines().find_map(|line| line.strip_prefix("Package: ")))
        .collect();
    let names: Vec<&str> = names
        .iter()
        .map(String::as_str)
        .filter(|name| automatic.contains(&name.split(':').next().unwrap_or_default()))
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    let words = [&["apt-mark", "manual"][..], &names].concat();
    let gave = debian::run_waiting(task.ctx, &words, task.wait())?;
    match gave.is_good() {
        true => Ok(()),
        false => {
            let line = words.join(" ");
            Err(Failure::new(format!("'{line}' failed: {}", gave.stderr)).with("rc", gave.code))
        }
    }
}
