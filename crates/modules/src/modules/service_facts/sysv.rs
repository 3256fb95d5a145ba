//! Scripts of init: what `service`, `chkconfig` and Upstart's `initctl` say of them. Must not know
//! other managers.

use std::path::Path;

use nafal_base::Value;

use super::run::{OpenRc, Services};
use crate::ctx::Ctx;
use crate::files::Result;

/// Adds its services, where it is.
pub fn add(ctx: &Ctx, services: &mut Services, openrc: OpenRc) -> Result<()> {
    let Some(service) = ctx.find_tool("service") else { return Ok(()) };
    if let Some(chkconfig) = ctx.find_tool("chkconfig") {
        return by_chkconfig(ctx, services, &service, &chkconfig);
    }
    if openrc == OpenRc::Absent {
        by_service(ctx, services, &service)?;
    }
    if let Some(initctl) = ctx.find_tool("initctl") {
        let gave = ctx.run_tool(&initctl, &["list"])?;
        for job in gave.stdout.lines().filter_map(job) {
            let known = [("state", job.state.into()), ("goal", job.goal.into())];
            services.add(job.name, "upstart", known);
        }
    }
    Ok(())
}

fn by_service(ctx: &Ctx, services: &mut Services, service: &Path) -> Result<()> {
    let gave = ctx.run_tool(service, &["--status-all"])?;
    if gave.code != 0 {
        let (code, why) = (gave.code, gave.stderr);
        ctx.warn(format!("Unable to query 'service' tool ({code}): {why}"));
    }
    for (name, state) in gave.stdout.lines().filter_map(status_line) {
        services.add(name, "sysv", [("state", state.into())]);
    }
    Ok(())
}

/// ` [ + ]  name`; what doesn't know whether it runs is left out.
fn status_line(line: &str) -> Option<(&str, &str)> {
    let (mark, name) = line.trim_start().strip_prefix("[ ")?.split_once(" ]")?;
    let state = match mark {
        "+" => "running",
        "-" => "stopped",
        _ => return None,
    };
    Some((name.trim(), state))
}

fn by_chkconfig(
    ctx: &Ctx,
    services: &mut Services,
    service: &Path,
    chkconfig: &Path,
) -> Result<()> {
    let none: [&str; 0] = [];
    let mut table = ctx.run_tool(chkconfig, &none)?.stdout;
    if !table.contains(":on") && !table.contains(":off") {
        table = ctx.run_tool(chkconfig, &["-l", "--allservices"])?.stdout;
    }
    for (name, status) in table.lines().filter_map(levels_line) {
        let is_running = ctx.run_tool(service, &[name, "status"])?.code == 0;
        let state = if is_running { "running" } else { "stopped" };
        let known = [("state", Value::from(state)), ("status", status.into())];
        services.add(name, "sysv", known);
    }
    Ok(())
}

/// `name  0:off 1:off 2:on 3:on …`: what starts with several users is enabled.
fn levels_line(line: &str) -> Option<(&str, &str)> {
    let mut words = line.split_whitespace();
    let name = words.next()?;
    let level = words.find_map(|word| word.strip_prefix("3:"))?;
    Some((name, if level == "on" { "enabled" } else { "disabled" }))
}

struct Job<'a> {
    name: &'a str,
    goal: &'a str,
    state: &'a str,
}

/// `name (instance) start/running, process 12`.
fn job(line: &str) -> Option<Job<'_>> {
    let line = line.split_once(", process ").map_or(line, |(job, _)| job).trim_end();
    let (name, what) = line.rsplit_once(' ')?;
    let (goal, state) = what.split_once('/')?;
    Some(Job { name: name.trim(), goal, state })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        assert_eq!(status_line(" [ + ]  two words"), Some(("two words", "running")));
        assert_eq!(status_line(" [ ? ]  hwclock.sh"), None);
        assert_eq!(levels_line("a\t0:off\t3:on\t6:off"), Some(("a", "enabled")));
        assert_eq!(levels_line("\trsync:   on"), None);
        let job = job("tty (tty3) start/running, process 1").unwrap();
        assert_eq!((job.name, job.goal, job.state), ("tty (tty3)", "start", "running"));
    }
}
