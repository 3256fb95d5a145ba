//! One run: what is wanted of a service against what its tools say. Must not know the tools.

use std::time::Duration;

use nafal_base::Outcome;

use super::tools::{Service, Tools, failure};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::tools::Gave;
use crate::files::{Failure, Result};
use crate::modules::services;

/// The module's function.
pub fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let name = args.required_text("name");
    let service = Service {
        ctx,
        name,
        runlevel: args.required_text("runlevel"),
        arguments: args.required_text("arguments"),
        tools: Tools::find(ctx, name)?,
    };
    let mut outcome = Outcome::ok().with("name", name);
    if let Some(wanted) = args.flag("enabled") {
        if service.is_enabled()? != wanted {
            if !ctx.is_check() {
                service.enable(wanted)?;
            } else if matches!(service.tools, Tools::OpenRc { .. }) {
                return Ok(Outcome::changed());
            }
            outcome.changed = true;
        }
        outcome = outcome.with("enabled", wanted);
    }
    let Some(wanted) = args.text("state") else { return Ok(outcome) };
    if let Some(action) = action(wanted, is_running(args, &service)?) {
        if ctx.is_check() {
            return Ok(Outcome::changed().with("msg", "service state changed"));
        }
        bring(&service, action, args.int("sleep"))?;
        outcome.changed = true;
    }
    Ok(outcome.with("state", if wanted == "stopped" { "stopped" } else { "started" }))
}

fn is_running(args: &Arguments, service: &Service<'_>) -> Result<bool> {
    match args.text("pattern").filter(|pattern| !pattern.is_empty()) {
        Some(pattern) => services::is_listed(service.ctx, pattern),
        None => service.is_running()?.ok_or_else(|| {
            Failure::new("failed determining service state, possible typo of service name?")
        }),
    }
}

/// What has to be done for it, if anything.
fn action(wanted: &str, is_running: bool) -> Option<&'static str> {
    match (wanted, is_running) {
        ("started", true) | ("stopped", false) => None,
        ("stopped", true) => Some("stop"),
        ("restarted", _) => Some("restart"),
        ("reloaded", true) => Some("reload"),
        _ => Some("start"),
    }
}

fn bring(service: &Service<'_>, action: &str, sleep: Option<i64>) -> Result<()> {
    let is_script = matches!(service.tools, Tools::Script { .. });
    let (before, gave) = if action == "restart" && is_script {
        let before = service.call("stop")?;
        let seconds = sleep.and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or_default();
        std::thread::sleep(Duration::from_secs(seconds));
        (before, service.call("start")?)
    } else {
        let none = Gave { code: 0, stdout: String::new(), stderr: String::new() };
        (none, service.call(action)?)
    };
    // That it couldn't be stopped is no fault if it starts.
    if gave.code == 0 || gave.code == 1 && gave.stderr.contains("Job is already running") {
        return Ok(());
    }
    Err(failure(&(before.stdout + &gave.stdout), &(before.stderr + &gave.stderr)))
}

#[cfg(test)]
mod tests {
    use super::action;

    #[test]
    fn actions() {
        assert_eq!(action("started", true), None);
        assert_eq!(action("stopped", false), None);
        assert_eq!(action("reloaded", false), Some("start"));
        assert_eq!(action("restarted", false), Some("restart"));
    }
}
