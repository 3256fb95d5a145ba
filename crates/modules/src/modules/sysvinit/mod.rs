//! `sysvinit`: scripts of /etc/init.d are running and linked into runlevels as wanted.

mod run;
mod status;

use crate::registry::Module;
use crate::spec::{Argument, Default, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        required_one_of: &[&["state", "enabled"]],
        ..Spec::new(
            "sysvinit",
            &[
                Argument::text("name").required().aliases(&["service"]),
                Argument::text("state").choices(&["started", "stopped", "restarted", "reloaded"]),
                Argument::new("enabled", Kind::Bool),
                Argument::new("sleep", Kind::Int).or(Default::Int(1)),
                Argument::text("pattern"),
                Argument::text("arguments").aliases(&["args"]),
                Argument::list("runlevels", Kind::Str),
                Argument::flag("daemonize", false),
            ],
        )
    },
    run: run::run,
};
