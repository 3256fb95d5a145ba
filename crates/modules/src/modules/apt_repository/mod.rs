//! `apt_repository`: a line of apt's one-line sources is there and enabled, or isn't.

mod lines;
mod run;
mod sources;
mod update;

use crate::registry::Module;
use crate::spec::{Argument, Default, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "apt_repository",
        &[
            Argument::text("repo").required(),
            Argument::text("state").or_text("present").choices(&["absent", "present"]),
            Argument::new("mode", Kind::Raw),
            Argument::flag("update_cache", true).aliases(&["update-cache"]),
            Argument::new("update_cache_retries", Kind::Int).or(Default::Int(5)),
            Argument::new("update_cache_retry_max_delay", Kind::Int).or(Default::Int(12)),
            Argument::text("filename"),
            // python3-apt isn't needed here: what says whether to install it has nothing to say.
            Argument::flag("install_python_apt", true),
            Argument::flag("validate_certs", true),
            Argument::text("codename"),
        ],
    )
    .until("2.25", "Use deb822_repository instead."),
    run: run::run,
};
