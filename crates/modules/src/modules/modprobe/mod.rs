//! `community.general.modprobe`: a module of the kernel is loaded or isn't, now and after each boot.

mod boot;
mod run;

use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "community.general.modprobe",
        &[
            Argument::text("name").required(),
            Argument::text("state").or_text("present").choices(&["absent", "present"]),
            Argument::text("params").or_text(""),
            Argument::text("persistent")
                .or_text("disabled")
                .choices(&["disabled", "present", "absent"]),
        ],
    ),
    run: run::run,
};
