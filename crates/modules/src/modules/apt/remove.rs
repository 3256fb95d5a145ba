//! Removing, with settings or without. Must not know how anything is installed.

use nafal_base::Outcome;

use super::options::Task;
use super::status::Knowledge;
use crate::debian::{Specification, State};
use crate::files::{Failure, Result};

/// Removes what is there.
pub fn remove(task: Task<'_>, packages: &[&str]) -> Result<Outcome> {
    let purge = task.args.is("purge");
    let names: Vec<String> = packages.iter().map(|package| (*package).to_owned()).collect();
    let mut chosen: Vec<String> = Vec::new();
    for package in &names {
        let name = Specification::parse(package).name;
        let knowledge = Knowledge::installed_alone(task.ctx, std::slice::from_ref(package))?;
        let mut there: Vec<&str> = Vec::new();
        if Specification::parse(package).is_pattern() {
            there.extend(knowledge.names());
        } else {
            there.push(name);
        }
        for name in there {
            let is_there = knowledge.installed(name).is_some_and(|found| {
                found.state == State::Installed || (purge && found.state == State::Settings)
            });
            if is_there {
                chosen.push(format!("'{name}'"));
            }
        }
    }
    if chosen.is_empty() {
        return Ok(Outcome::ok());
    }
    let packages = chosen.join(" ");
    let line = format!(
        "{} {} {} {} {} remove {packages}",
        task.apt_get(),
        task.when("purge", "--purge"),
        task.when("force", "--force-yes"),
        task.when("autoremove", "--auto-remove"),
        task.simulate(),
    );
    let mut line = line;
    line.push_str(task.when("allow_change_held_packages", " --allow-change-held-packages"));
    let gave = task.run(&line)?;
    if !gave.is_good() {
        let message = format!("'apt-get remove {packages}' failed: {}", gave.stderr);
        return Err(Failure::new(message)
            .with("stdout", gave.stdout)
            .with("stderr", gave.stderr)
            .with("rc", gave.code));
    }
    Ok(task.told(Outcome::changed(), &gave))
}
