//! The ways to a machine's time zone: systemd's tool, else files. Must not know what files there are.

use std::path::{Path, PathBuf};

use super::files::Files;
use super::run::{Stop, What, clock_of, shown};
use crate::ctx::Ctx;
use crate::files::{Failure, Result};

/// Where the zones are.
pub const ZONES: &str = "/usr/share/zoneinfo";

/// How the machine is asked and told.
pub enum Way {
    /// `timedatectl`.
    Systemd(PathBuf),
    /// Files, and `hwclock`.
    Files(Files),
}

/// systemd's tool, where its service answers.
pub fn systemd(ctx: &Ctx) -> Result<Option<PathBuf>> {
    let Some(tool) = ctx.find_tool("timedatectl") else { return Ok(None) };
    let gave = ctx.run_tool::<&str>(&tool, &[])?;
    Ok((gave.code == 0).then_some(tool))
}

/// A zone's file.
pub fn zone(name: &str) -> PathBuf {
    PathBuf::from(format!("{ZONES}/{name}"))
}

/// Runs a tool that mustn't fail, and says so.
pub fn execute(ctx: &Ctx, tool: &Path, words: &[&str], told: &mut Vec<String>) -> Result<()> {
    ctx.need_tool(tool, words)?;
    told.push(format!("executed `{} {}`", shown(tool), words.join(" ")));
    Ok(())
}

impl Way {
    /// What there is now of what is planned.
    pub fn now(&self, ctx: &Ctx, planned: &[(What, &str)]) -> Result<Vec<Option<String>>, Stop> {
        match self {
            Way::Files(files) => {
                planned.iter().map(|(what, value)| files.value_of(*what, value)).collect()
            }
            Way::Systemd(tool) => {
                let status = ctx.need_tool(tool, &["status"])?.stdout;
                Ok(planned.iter().map(|(what, _)| said(&status, *what)).collect())
            }
        }
    }

    /// Sets one thing.
    pub fn set(
        &self,
        ctx: &Ctx,
        what: What,
        value: &str,
        told: &mut Vec<String>,
    ) -> Result<(), Stop> {
        match (self, what) {
            (Way::Files(files), _) => files.set(ctx, what, value, told),
            (Way::Systemd(tool), What::Name) => {
                Ok(execute(ctx, tool, &["set-timezone", value], told)?)
            }
            (Way::Systemd(tool), What::Clock) => {
                let is_local = if value == "local" { "yes" } else { "no" };
                Ok(execute(ctx, tool, &["set-local-rtc", is_local], told)?)
            }
        }
    }
}

/// What `timedatectl status` says.
fn said(status: &str, what: What) -> Option<String> {
    let wanted: &[&str] = match what {
        // Old ones write it in one word.
        What::Name => &["Time zone", "Timezone"],
        What::Clock => &["RTC in local TZ"],
    };
    let value = status.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        wanted.contains(&name.trim()).then(|| value.split_whitespace().next())?
    })?;
    Some(match what {
        What::Name => value.to_owned(),
        What::Clock => clock_of(value == "no"),
    })
}

/// The failure for a distribution whose files nafal doesn't know.
pub fn unknown(distribution: &str) -> Failure {
    Failure::new(format!(
        "timezone without systemd is not built yet in nafal for {distribution}: only for files as those of Debian and Red Hat"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status() {
        let new = "      Local time: Sat 2026\n       Time zone: Asia/Tokyo (JST, +0900)\n RTC in local TZ: no\n";
        assert_eq!(said(new, What::Name).as_deref(), Some("Asia/Tokyo"));
        assert_eq!(said(new, What::Clock).as_deref(), Some("UTC"));
        assert_eq!(said("Timezone: UTC (x)\n", What::Name).as_deref(), Some("UTC"));
        assert_eq!(said("RTC in local TZ: yes", What::Clock).as_deref(), Some("local"));
        assert_eq!(said("nothing", What::Name), None);
    }
}
