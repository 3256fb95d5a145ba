//! One run: what is wanted of a unit against what `systemctl` says of it. Must not know how its output
//! is read.

use std::path::PathBuf;

use nafal_base::{Dict, Outcome, Value};

use super::unit::{STATES, properties};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::tools::{Gave, refused};
use crate::files::{Failure, Result};
use crate::modules::services;

struct Systemctl<'a> {
    ctx: &'a Ctx,
    tool: PathBuf,
    /// Options of every call.
    options: Vec<&'static str>,
    scope: &'a str,
}

impl Systemctl<'_> {
    fn call(&self, words: &[&str]) -> Result<Gave> {
        let mut command = self.ctx.command(&self.tool);
        command.args(&self.options).args(words).env("LC_ALL", "C").env("LANG", "C");
        if self.scope == "user" && self.ctx.env("XDG_RUNTIME_DIR").is_none() {
            let uid = rustix::process::geteuid().as_raw();
            command.env("XDG_RUNTIME_DIR", format!("/run/user/{uid}"));
        }
        self.ctx.run_prepared(command, None)
    }

    fn manage(&self, action: &str) -> Result<()> {
        let gave = self.call(&[action])?;
        if gave.code == 0 {
            return Ok(());
        }
        let (code, why) = (gave.code, gave.stdout + &gave.stderr);
        Err(Failure::new(format!("failure {code} during {action}: {why}")))
    }

    /// Whether a unit exists that can't be shown; fails where systemd can't be talked to at all.
    fn exists(&self, unit: &str) -> Result<bool> {
        let state = self.call(&["is-enabled", unit])?.stdout;
        if STATES.contains(&state.trim()) || self.call(&["list-unit-files", unit])?.code == 0 {
            return Ok(true);
        }
        let all = self.call(&[])?;
        if all.code == 0 {
            return Ok(false);
        }
        let words: Vec<String> = std::iter::once(self.tool.to_string_lossy().into_owned())
            .chain(self.options.iter().map(|option| (*option).to_owned()))
            .collect();
        Err(refused(&words.join(" "), all))
    }
}

/// A unit and what came of it.
struct Unit<'a> {
    systemctl: Systemctl<'a>,
    name: &'a str,
    status: Dict,
    is_known: bool,
    is_script: bool,
    outcome: Outcome,
}

/// The module's function.
pub fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    if let Some(name) = args.text("name")
        && let Some(glob) = name.chars().find(|c| "*?[".contains(*c))
    {
        return Err(Failure::new(format!(
            "This module does not currently support using glob patterns, found '{glob}' in service name: {name}"
        )));
    }
    let scope = args.required_text("scope");
    let mut options = match scope {
        "user" => vec!["--user"],
        "global" => vec!["--global"],
        _ => Vec::new(),
    };
    for (argument, option) in [("no_block", "--no-block"), ("force", "--force")] {
        if args.is(argument) {
            options.push(option);
        }
    }
    let systemctl = Systemctl { ctx, tool: ctx.tool("systemctl")?, options, scope };
    for (argument, action) in
        [("daemon_reload", "daemon-reload"), ("daemon_reexec", "daemon-reexec")]
    {
        if args.is(argument) && !ctx.is_check() {
            systemctl.manage(action)?;
        }
    }
    let name = args.value("name").cloned().unwrap_or_default();
    let outcome = Outcome::ok().with("name", name).with("status", Dict::new());
    let Some(name) = args.text("name") else {
        return Ok(outcome);
    };
    let mut unit = Unit {
        systemctl,
        name,
        status: Dict::new(),
        is_known: false,
        is_script: services::has_script(name.strip_suffix(".service").unwrap_or(name)),
        outcome,
    };
    unit.look()?;
    if let Some(wanted) = args.flag("masked") {
        unit.mask(wanted)?;
    }
    if let Some(wanted) = args.flag("enabled") {
        unit.enable(wanted)?;
    }
    if let Some(wanted) = args.text("state") {
        unit.bring(wanted)?;
    }
    Ok(unit.outcome)
}

impl Unit<'_> {
    fn status(&self, property: &str) -> &str {
        self.status.get(property).and_then(Value::as_str).unwrap_or_default()
    }

    fn look(&mut self) -> Result<()> {
        let shown = self.systemctl.call(&["show", self.name])?;
        if shown.code != 0 {
            self.is_known = self.systemctl.exists(self.name)?;
            return Ok(());
        }
        self.status = properties(&shown.stdout);
        self.is_known = !matches!(self.status("LoadState"), "not-found" | "");
        let error = self.status("LoadError");
        if self.is_known && self.status("LoadState") != "masked" && !error.is_empty() {
            let name = self.name;
            return Err(Failure::new(format!("Error loading unit file '{name}': {error}")));
        }
        self.outcome.values.insert("status", Value::Dict(self.status.clone()));
        Ok(())
    }

    fn refuse_missing(&self) -> Result<()> {
        if self.is_known || self.is_script {
            return Ok(());
        }
        let name = self.name;
        Err(Failure::new(format!("Could not find the requested service {name}: host")))
    }

    /// Changes something, unless only asked about it.
    fn act(&mut self, action: &str) -> Result<Option<Gave>> {
        self.outcome.changed = true;
        if self.systemctl.ctx.is_check() {
            return Ok(None);
        }
        let gave = self.systemctl.call(&[action, self.name])?;
        Ok(Some(gave).filter(|gave| gave.code != 0))
    }

    fn mask(&mut self, wanted: bool) -> Result<()> {
        let state = self.systemctl.call(&["is-enabled", self.name])?.stdout;
        let is_masked = state.trim() == "masked";
        if is_masked == wanted {
            return Ok(());
        }
        let action = if wanted { "mask" } else { "unmask" };
        match self.act(action)? {
            None => Ok(()),
            Some(gave) => {
                let (name, why) = (self.name, gave.stderr.trim());
                Err(Failure::new(format!("Failed to {action} the service ({name}): {why}")))
            }
        }
    }

    fn is_enabled(&self) -> Result<bool> {
        let gave = self.systemctl.call(&["is-enabled", self.name, "-l"])?;
        let said = gave.stdout.trim();
        if gave.code == 0 {
            // These are in use by way of others only.
            return Ok(!matches!(said, "indirect" | "alias" | "enabled-runtime"));
        }
        Ok(gave.code == 1
            && self.systemctl.scope == "system"
            && self.is_script
            && !said.ends_with("disabled")
            && services::is_script_enabled(self.name, None))
    }

    fn enable(&mut self, wanted: bool) -> Result<()> {
        self.refuse_missing()?;
        let present = self.is_enabled()?;
        if present != wanted {
            let action = if wanted { "enable" } else { "disable" };
            if let Some(gave) = self.act(action)? {
                let (name, why) = (self.name, gave.stdout + &gave.stderr);
                return Err(Failure::new(format!("Unable to {action} service {name}: {why}")));
            }
        }
        self.outcome.values.insert("enabled", Value::Bool(wanted));
        Ok(())
    }

    fn bring(&mut self, wanted: &str) -> Result<()> {
        self.refuse_missing()?;
        let active = self.status("ActiveState");
        if active.is_empty() {
            if self.is_offline() {
                self.systemctl.ctx.warn(
                    "Target is a chroot or systemd is offline. This can lead to false positives or \
                     prevent the init system tools from working.",
                );
                self.outcome.values.insert("state", Value::from(wanted));
                return Ok(());
            }
            let status = self.status.clone();
            return Err(Failure::new("Service is in unknown state").with("status", status));
        }
        let is_running = matches!(active, "active" | "activating");
        let action = match wanted {
            "started" => (!is_running).then_some("start"),
            "stopped" => (is_running || active == "deactivating").then_some("stop"),
            "reloaded" if is_running => Some("reload"),
            "restarted" => Some("restart"),
            _ => Some("start"),
        };
        let shown = if wanted == "stopped" { "stopped" } else { "started" };
        self.outcome.values.insert("state", Value::from(shown));
        let Some(action) = action else { return Ok(()) };
        if let Some(gave) = self.act(action)? {
            let (name, why) = (self.name, gave.stderr);
            return Err(Failure::new(format!("Unable to {action} service {name}: {why}")));
        }
        Ok(())
    }

    fn is_offline(&self) -> bool {
        self.systemctl.ctx.env("SYSTEMD_OFFLINE").is_some_and(|value| value == "1")
            || crate::facts::is_chroot()
    }
}
