//! What modules of services share: scripts in /etc/init.d and their links, tools of the system, processes
//! that stand for a service. Must not know how services are managed otherwise.

use std::path::{Path, PathBuf};

use crate::ctx::Ctx;
use crate::files::Result;
use crate::files::tools::is_executable;
use crate::glob;

/// Whether there is a script for it.
pub fn has_script(name: &str) -> bool {
    !name.is_empty() && is_executable(Path::new(&format!("/etc/init.d/{name}")))
}

/// Whether a script is linked to start in some runlevel, or in this one.
pub fn is_script_enabled(name: &str, runlevel: Option<&str>) -> bool {
    let level = runlevel.unwrap_or("?");
    glob::matches_any(Path::new(&format!("/etc/rc{level}.d/S??{name}")))
}

/// A tool: the system's own stands before those of PATH.
pub fn system_tool(ctx: &Ctx, name: &str) -> Option<PathBuf> {
    ["/sbin", "/usr/sbin"]
        .iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|file| is_executable(file))
        .or_else(|| ctx.find_tool(name))
}

/// Whether the pattern is in the list of processes.
pub fn is_listed(ctx: &Ctx, pattern: &str) -> Result<bool> {
    let listed = ctx.run_tool(&ctx.tool("ps")?, &["auxww"])?;
    Ok(listed.stdout.lines().any(|line| line.contains(pattern)))
}
