//! One run: what is wanted of a script against what it and its links say.

use std::path::{Path, PathBuf};
use std::time::Duration;

use nafal_base::{Dict, Outcome, Value};

use super::status::is_running;
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::tools::Gave;
use crate::files::{Failure, Result};
use crate::modules::services;

struct Script<'a> {
    args: &'a Arguments,
    ctx: &'a Ctx,
    name: &'a str,
    path: PathBuf,
}

/// What came of one half of the task.
#[derive(Default)]
struct Half {
    changed: bool,
    gave: Option<Gave>,
}

impl Half {
    fn into_dict(self) -> Dict {
        let (code, out, complaint) = match self.gave {
            Some(gave) => (gave.code.into(), gave.stdout.into(), gave.stderr.into()),
            None => (Value::None, Value::None, Value::None),
        };
        let changed = Value::Bool(self.changed);
        [("changed", changed), ("rc", code), ("stdout", out), ("stderr", complaint)]
            .into_iter()
            .collect()
    }
}

/// The module's function.
pub fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let name = args.required_text("name");
    let path = Path::new("/etc/init.d").join(name);
    if !path.exists() {
        return Err(Failure::new(format!("Could not find the requested service {name}: ")));
    }
    let script = Script { args, ctx, name, path };
    let running = script.is_running()?;
    if running.is_none() {
        ctx.warn("Unable to determine if service is up, assuming it is down");
    }
    let enabled = match args.flag("enabled") {
        Some(wanted) => script.enable(wanted)?,
        None => Half::default(),
    };
    let state = args.text("state");
    let brought = match state {
        Some(wanted) => script.bring(wanted, running.unwrap_or(false))?,
        None => Half::default(),
    };
    let changed = enabled.changed || brought.changed;
    let mut enabled = enabled.into_dict();
    if let Some(levels) = args.value("runlevels") {
        enabled.insert("runlevels", levels.clone());
    }
    let mut status = Dict::new();
    status.insert("enabled", Value::Dict(enabled));
    // Python's None as a key of JSON.
    status.insert(state.unwrap_or("null"), Value::Dict(brought.into_dict()));
    Ok(Outcome::ok().changed_if(changed).with("name", name).with("status", status))
}

impl Script<'_> {
    fn is_running(&self) -> Result<Option<bool>> {
        if let Some(pattern) = self.args.text("pattern").filter(|pattern| !pattern.is_empty()) {
            return Ok(services::is_listed(self.ctx, pattern)?.then_some(true));
        }
        let gave = match services::system_tool(self.ctx, "service") {
            Some(service) => self.ctx.run_tool(&service, &[self.name, "status"])?,
            None => self.ctx.run_tool(&self.path, &["status"])?,
        };
        Ok(is_running(self.name, &gave.stdout, gave.code))
    }

    fn enable(&self, wanted: bool) -> Result<Half> {
        let levels = self.args.texts("runlevels");
        let differs = |level| services::is_script_enabled(self.name, level) != wanted;
        let changed = match levels.is_empty() {
            true => differs(None),
            false => levels.iter().any(|level| differs(Some(level))),
        };
        if !changed || self.ctx.is_check() {
            return Ok(Half { changed, gave: None });
        }
        let Some(tool) = services::system_tool(self.ctx, "update-rc.d") else {
            let message = "links of runlevels without update-rc.d are not built yet in nafal";
            return Err(Failure::new(message));
        };
        let action = match (wanted, levels.is_empty()) {
            (true, true) => "defaults",
            (true, false) => "enable",
            (false, _) => "disable",
        };
        let words = [&[self.name, action], levels.as_slice()].concat();
        Ok(Half { changed, gave: Some(self.ctx.run_tool(&tool, &words)?) })
    }

    /// What the script does with an action and the task's arguments.
    fn act(&self, action: &str, told: &str) -> Result<Gave> {
        let arguments = self.args.text("arguments").unwrap_or_default();
        let mut words = vec![action.to_owned()];
        words.extend(shlex::split(arguments).unwrap_or_default());
        let gave = self.ctx.run_tool(&self.path, &words)?;
        if gave.code == 0 {
            return Ok(gave);
        }
        Err(Failure::new(format!("Failed to {told} service: {}", self.name))
            .with("rc", gave.code)
            .with("stdout", gave.stdout)
            .with("stderr", gave.stderr))
    }

    fn bring(&self, wanted: &str, is_running: bool) -> Result<Half> {
        let (action, changed) = match wanted {
            "started" => ("start", !is_running),
            "stopped" => ("stop", is_running),
            "restarted" => ("restart", true),
            _ => ("reload", true),
        };
        if !changed || self.ctx.is_check() {
            return Ok(Half { changed, gave: None });
        }
        let gave = if action == "restart" {
            self.act("stop", action)?;
            let seconds = self.args.int("sleep").unwrap_or_default();
            std::thread::sleep(Duration::from_secs(u64::try_from(seconds).unwrap_or_default()));
            self.act("start", action)?
        } else {
            self.act(action, action)?
        };
        Ok(Half { changed, gave: Some(gave) })
    }
}
