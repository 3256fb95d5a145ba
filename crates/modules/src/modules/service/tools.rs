//! What the target manages its services with. Must not know what is wanted of them.

use std::path::{Path, PathBuf};

use super::status::is_running;
use crate::ctx::Ctx;
use crate::facts;
use crate::files::tools::Gave;
use crate::files::{Failure, Result};
use crate::modules::services;

/// The tools for one service.
pub enum Tools {
    /// A script of /etc/init.d.
    Script {
        /// `service`, or the script itself where that isn't there.
        service: Option<PathBuf>,
        /// `update-rc.d`, which links scripts into runlevels.
        links: PathBuf,
    },
    /// OpenRC.
    OpenRc {
        /// `rc-service`.
        service: PathBuf,
        /// `rc-update`.
        update: PathBuf,
    },
}

/// One service with its tools.
pub struct Service<'a> {
    /// The surroundings.
    pub ctx: &'a Ctx,
    /// Its name.
    pub name: &'a str,
    /// The runlevel, which only OpenRC knows.
    pub runlevel: &'a str,
    /// More words for its script.
    pub arguments: &'a str,
    /// What manages it.
    pub tools: Tools,
}

impl Tools {
    /// The target's tools for this service.
    pub fn find(ctx: &Ctx, name: &str) -> Result<Tools> {
        if facts::is_systemd() {
            return Err(Failure::new(
                "the module service is not built yet in nafal for targets with systemd: leave out `use`, \
                 or say `use: systemd`",
            ));
        }
        let tool = |name| services::system_tool(ctx, name);
        if let (Some(service), Some(update)) = (tool("rc-service"), tool("rc-update")) {
            return Ok(Tools::OpenRc { service, update });
        }
        let is_there = !name.is_empty() && !name.contains('/') && script(name).exists();
        match tool("update-rc.d").filter(|_| is_there) {
            Some(links) => Ok(Tools::Script { service: tool("service"), links }),
            None => Err(Failure::new(format!("Could not find the requested service {name}: host"))),
        }
    }
}

fn script(name: &str) -> PathBuf {
    Path::new("/etc/init.d").join(name)
}

impl Service<'_> {
    /// Calls it with an action.
    pub fn call(&self, action: &str) -> Result<Gave> {
        let (tool, mut words) = match &self.tools {
            Tools::Script { service: Some(service), .. } | Tools::OpenRc { service, .. } => {
                (service.clone(), vec![self.name.to_owned(), action.to_owned()])
            }
            Tools::Script { service: None, .. } => (script(self.name), vec![action.to_owned()]),
        };
        words.extend(shlex::split(self.arguments).unwrap_or_default());
        self.ctx.run_tool(&tool, &words)
    }

    /// Whether it runs; None when that can't be told.
    pub fn is_running(&self) -> Result<Option<bool>> {
        let gave = self.call("status")?;
        Ok(is_running(self.name, &gave.stdout, gave.code))
    }

    /// Whether it starts with the machine.
    pub fn is_enabled(&self) -> Result<bool> {
        match &self.tools {
            Tools::Script { .. } => Ok(services::is_script_enabled(self.name, None)),
            Tools::OpenRc { update, .. } => {
                let shown = self.ctx.run_tool(update, &["show"])?.stdout;
                Ok(shown.lines().filter_map(|line| line.split_once('|')).any(|(name, levels)| {
                    let mut levels = levels.split_whitespace();
                    name.trim() == self.name && levels.any(|level| level == self.runlevel)
                }))
            }
        }
    }

    /// Changes that; stops at the first tool that fails.
    pub fn enable(&self, wanted: bool) -> Result<()> {
        match &self.tools {
            Tools::OpenRc { update, .. } => {
                let action = if wanted { "add" } else { "delete" };
                let gave = self.ctx.run_tool(update, &[action, self.name, self.runlevel])?;
                let (name, code, said) = (self.name, gave.code, gave.stdout + &gave.stderr);
                let message = format!("Error when trying to {action} {name}: rc={code} {said}");
                if code == 0 { Ok(()) } else { Err(Failure::new(message)) }
            }
            Tools::Script { links, .. } => {
                let actions: &[&str] = if wanted { &["defaults", "enable"] } else { &["disable"] };
                for action in actions {
                    let gave = self.ctx.run_tool(links, &[self.name, action])?;
                    if gave.code != 0 {
                        return Err(failure(&gave.stdout, &gave.stderr));
                    }
                }
                Ok(())
            }
        }
    }
}

/// What a tool complained of, else what it said.
pub fn failure(out: &str, complaint: &str) -> Failure {
    Failure::new(if complaint.is_empty() { out } else { complaint })
}
