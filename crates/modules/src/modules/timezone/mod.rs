//! `community.general.timezone`: the machine is in this time zone, and its clock keeps the time of that or UTC.

mod files;
mod run;
mod way;

use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        required_one_of: &[&["hwclock", "name"]],
        ..Spec::new(
            "community.general.timezone",
            &[
                Argument::text("hwclock").aliases(&["rtc"]).choices(&["local", "UTC"]),
                Argument::text("name"),
            ],
        )
    },
    run: run::run,
};
