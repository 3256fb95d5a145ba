//! `service` where no module of the target's own service manager is there: scripts of /etc/init.d through
//! `service`, and OpenRC.

mod run;
mod status;
mod tools;

use crate::registry::Module;
use crate::spec::{Argument, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        required_one_of: &[&["state", "enabled"]],
        ..Spec::new(
            "service",
            &[
                Argument::text("name").required(),
                Argument::text("state").choices(&["started", "stopped", "reloaded", "restarted"]),
                Argument::new("sleep", Kind::Int),
                Argument::text("pattern"),
                Argument::new("enabled", Kind::Bool),
                Argument::text("runlevel").or_text("default"),
                Argument::text("arguments").or_text("").aliases(&["args"]),
            ],
        )
    },
    run: run::run,
};
