//! The arguments of both modules. Must not know dnf.

use crate::spec::{Argument, Default, Kind, Spec};

const SHARED: &[Argument] = &[
    Argument::flag("allow_downgrade", false),
    Argument::flag("allowerasing", false),
    Argument::flag("autoremove", false),
    Argument::new("best", Kind::Bool),
    Argument::flag("bugfix", false),
    Argument::flag("cacheonly", false),
    Argument::text("conf_file"),
    Argument::text("disable_excludes"),
    Argument::flag("disable_gpg_check", false),
    Argument::list("disable_plugin", Kind::Str).or(Default::Texts(&[])),
    Argument::list("disablerepo", Kind::Str).or(Default::Texts(&[])),
    Argument::text("download_dir"),
    Argument::flag("download_only", false),
    Argument::list("enable_plugin", Kind::Str).or(Default::Texts(&[])),
    Argument::list("enablerepo", Kind::Str).or(Default::Texts(&[])),
    Argument::list("exclude", Kind::Str).or(Default::Texts(&[])),
    Argument::text("installroot").or_text("/"),
    Argument::flag("install_weak_deps", true),
    Argument::text("list"),
    Argument::list("name", Kind::Str).or(Default::Texts(&[])).aliases(&["pkg"]),
    Argument::new("nobest", Kind::Bool),
    Argument::text("releasever"),
    Argument::flag("security", false),
    Argument::flag("skip_broken", false),
    Argument::text("state").choices(&["absent", "installed", "latest", "present", "removed"]),
    Argument::flag("sslverify", true),
    Argument::flag("update_cache", false).aliases(&["expire-cache"]),
    Argument::flag("update_only", false),
    Argument::flag("validate_certs", true),
    Argument::new("lock_timeout", Kind::Int).or(Default::Int(30)),
];

const fn spec(name: &'static str, arguments: &'static [Argument]) -> Spec {
    Spec {
        shared: SHARED,
        mutually_exclusive: &[&["name", "list"], &["best", "nobest"]],
        ..Spec::new(name, arguments)
    }
}

/// `dnf`: the choice of a backend is the action's.
pub const DNF: Spec = spec(
    "dnf",
    &[Argument::text("use_backend")
        .or_text("auto")
        .choices(&["auto", "dnf", "dnf4", "dnf5", "yum", "yum4"])],
);

/// `dnf5`: its bindings, which stock can install, aren't needed.
pub const DNF5: Spec = spec("dnf5", &[Argument::flag("auto_install_module_deps", true)]);
