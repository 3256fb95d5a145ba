//! systemd: the units that are loaded, and those that have a file. Must not know other managers.

use std::path::{Path, PathBuf};

use super::run::Services;
use crate::ctx::Ctx;
use crate::files::{Result, tools};

/// systemd runs where one of these is.
const SIGNS: [&str; 3] = ["/run/systemd/system/", "/dev/.run/systemd/", "/dev/.systemd/"];

/// States of a unit that tell more than what its file says.
const BROKEN: [&str; 3] = ["not-found", "masked", "failed"];

/// What is known of a unit.
struct Unit {
    name: String,
    state: String,
    status: String,
}

/// Adds its services, where it is.
pub fn add(ctx: &Ctx, services: &mut Services) -> Result<()> {
    let first = ["/usr/bin/systemctl", "/usr/local/bin/systemctl"].map(PathBuf::from);
    let found = first.into_iter().find(|file| tools::is_executable(file));
    let Some(systemctl) = found.or_else(|| ctx.find_tool("systemctl")) else { return Ok(()) };
    if !SIGNS.iter().any(|sign| Path::new(sign).exists()) {
        return Ok(());
    }
    let list = |what: &str| {
        let plain = (what == "list-units").then_some("--plain");
        let words = [what, "--no-pager", "--type", "service", "--all"].into_iter().chain(plain);
        ctx.run_tool(&systemctl, &words.collect::<Vec<_>>())
    };
    let gave = list("list-units")?;
    if gave.code != 0 {
        ctx.warn(format!("Could not list units from systemd: {}", gave.stderr));
    }
    let mut units: Vec<Unit> = Vec::new();
    for unit in gave.stdout.lines().filter_map(loaded) {
        match units.iter_mut().find(|known| known.name == unit.name) {
            Some(known) => *known = unit,
            None => units.push(unit),
        }
    }
    let gave = list("list-unit-files")?;
    if gave.code != 0 {
        ctx.warn(format!("Could not get unit files data from systemd: {}", gave.stderr));
    }
    for (name, status) in gave.stdout.lines().filter_map(filed) {
        match units.iter_mut().find(|known| known.name == name) {
            Some(known) if BROKEN.contains(&known.status.as_str()) => {}
            Some(known) => status.clone_into(&mut known.status),
            None => {
                let state = state_of(ctx, &systemctl, name)?;
                units.push(Unit { name: name.to_owned(), state, status: status.to_owned() });
            }
        }
    }
    for unit in units {
        let known = [("state", unit.state.into()), ("status", unit.status.into())];
        services.add(&unit.name, "systemd", known);
    }
    Ok(())
}

/// A line of `list-units`: `cron.service loaded active running …`.
fn loaded(line: &str) -> Option<Unit> {
    let words: Vec<&str> = line.split_whitespace().collect();
    if !line.contains(".service") || words.len() < 4 {
        return None;
    }
    let broken = BROKEN.into_iter().find(|state| words.contains(state));
    let state = if words[3] == "running" { "running" } else { "stopped" };
    Some(Unit {
        name: words[0].to_owned(),
        state: state.to_owned(),
        status: broken.unwrap_or(words[2]).to_owned(),
    })
}

/// A line of `list-unit-files`: `cron.service enabled …`.
fn filed(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split_whitespace();
    let name = words.next().filter(|_| line.contains(".service"))?;
    Some((name, words.next()?))
}

/// What runs of a unit that isn't loaded.
fn state_of(ctx: &Ctx, systemctl: &Path, name: &str) -> Result<String> {
    let gave = ctx.run_tool(systemctl, &["show", name, "--property=ActiveState"])?;
    let told = gave.stdout.trim().strip_prefix("ActiveState=");
    Ok(told.filter(|_| gave.code == 0).unwrap_or("unknown").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let unit = loaded("  gone.service  not-found inactive dead gone.service").unwrap();
        assert_eq!((unit.state.as_str(), unit.status.as_str()), ("stopped", "not-found"));
        let unit = loaded("cron.service loaded active running Regular").unwrap();
        assert_eq!((unit.state.as_str(), unit.status.as_str()), ("running", "active"));
        assert!(loaded("some.socket loaded active listening x").is_none());
        assert_eq!(filed("a@.service  enabled  enabled"), Some(("a@.service", "enabled")));
        assert_eq!(filed("12 unit files listed."), None);
    }
}
