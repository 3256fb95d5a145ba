//! What modules of services share: scripts in /etc/init.d and their links. Must not know how services
//! are managed otherwise.

use std::path::Path;

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
