//! `hostname`: the machine has this name, in the way of its distribution.

mod entries;
mod run;
mod strategy;

use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "hostname",
        &[
            Argument::text("name").required(),
            Argument::text("use").choices(&[
                "alpine", "debian", "freebsd", "generic", "macos", "macosx", "darwin", "openbsd",
                "openrc", "redhat", "sles", "solaris", "systemd",
            ]),
        ],
    ),
    run: run::run,
};
