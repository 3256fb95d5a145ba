//! `systemd` and `systemd_service`: units are running, enabled or masked as wanted, through
//! `systemctl`.

mod run;
mod unit;

use crate::registry::Module;
use crate::spec::{Argument, Spec};

const ARGUMENTS: &[Argument] = &[
    Argument::text("name").aliases(&["service", "unit"]),
    Argument::text("state").choices(&["reloaded", "restarted", "started", "stopped"]),
    Argument::new("enabled", crate::spec::Kind::Bool),
    Argument::new("force", crate::spec::Kind::Bool),
    Argument::new("masked", crate::spec::Kind::Bool),
    Argument::flag("daemon_reload", false).aliases(&["daemon-reload"]),
    Argument::flag("daemon_reexec", false).aliases(&["daemon-reexec"]),
    Argument::text("scope").or_text("system").choices(&["system", "user", "global"]),
    Argument::flag("no_block", false),
];

const fn named(name: &'static str) -> Module {
    let needs = &[("state", &["name"] as &[&str]), ("enabled", &["name"]), ("masked", &["name"])];
    Module { spec: Spec { required_by: needs, ..Spec::new(name, ARGUMENTS) }, run: run::run }
}

/// The table's line under the old name.
pub const SYSTEMD: Module = named("systemd");
/// The table's line.
pub const SYSTEMD_SERVICE: Module = named("systemd_service");
