//! `cron`: a crontab has a named job or a variable of the environment, or hasn't.

mod entries;
mod run;
mod source;

use crate::registry::Module;
use crate::spec::{Argument, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        mutually_exclusive: &[&["insertafter", "insertbefore"]],
        ..Spec::new(
            "cron",
            &[
                Argument::text("name").required(),
                Argument::text("user"),
                Argument::text("job").aliases(&["value"]),
                Argument::path("cron_file"),
                Argument::text("state").or_text("present").choices(&["present", "absent"]),
                Argument::flag("backup", false),
                Argument::text("minute").or_text("*"),
                Argument::text("hour").or_text("*"),
                Argument::text("day").or_text("*").aliases(&["dom"]),
                Argument::text("month").or_text("*"),
                Argument::text("weekday").or_text("*").aliases(&["dow"]),
                Argument::text("special_time").choices(&[
                    "reboot", "yearly", "annually", "monthly", "weekly", "daily", "hourly",
                ]),
                Argument::flag("disabled", false),
                Argument::flag("env", false),
                Argument::text("insertafter"),
                Argument::text("insertbefore"),
            ],
        )
    },
    run: run::run,
};
