//! What a task asks for, in stock's order. Must not know how any of it is done.

use nafal_base::Outcome;

use super::options::Task;
use super::{cache, clean, deb, install, remove, upgrade};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result};
use crate::registry::Module;
use crate::spec::{Argument, Default, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        mutually_exclusive: &[&["deb", "package", "upgrade"]],
        ..Spec::new(
            "apt",
            &[
                Argument::flag("allow_change_held_packages", false),
                Argument::flag("allow_downgrade", false).aliases(&[
                    "allow-downgrade",
                    "allow_downgrades",
                    "allow-downgrades",
                ]),
                Argument::flag("allow_unauthenticated", false).aliases(&["allow-unauthenticated"]),
                Argument::flag("auto_install_module_deps", true),
                Argument::flag("autoclean", false),
                Argument::flag("autoremove", false),
                Argument::new("cache_valid_time", Kind::Int).or(Default::Int(0)),
                Argument::flag("clean", false),
                Argument::path("deb"),
                Argument::text("default_release").aliases(&["default-release"]),
                Argument::text("dpkg_options").or_text("force-confdef,force-confold"),
                Argument::flag("fail_on_autoremove", false),
                Argument::flag("force", false),
                Argument::flag("force_apt_get", false),
                Argument::new("install_recommends", Kind::Bool).aliases(&["install-recommends"]),
                Argument::new("lock_timeout", Kind::Int).or(Default::Int(60)),
                Argument::flag("only_upgrade", false),
                Argument::list("package", Kind::Str).aliases(&["pkg", "name"]),
                Argument::new("policy_rc_d", Kind::Int),
                Argument::flag("purge", false),
                Argument::text("state").or_text("present").choices(&[
                    "absent",
                    "build-dep",
                    "fixed",
                    "latest",
                    "present",
                ]),
                Argument::new("update_cache", Kind::Bool).aliases(&["update-cache"]),
                Argument::new("update_cache_retries", Kind::Int).or(Default::Int(5)),
                Argument::new("update_cache_retry_max_delay", Kind::Int).or(Default::Int(12)),
                Argument::text("upgrade").choices(&["dist", "full", "no", "safe", "yes"]),
            ],
        )
    },
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let task = Task { args, ctx };
    let packages = args.value("package").map(|_| args.texts("package"));
    let mode = args.text("upgrade").filter(|mode| *mode != "no");
    let operation = ["autoremove", "autoclean"].into_iter().find(|name| args.is(name));
    if args.is("clean") {
        let outcome = clean::clean(task)?;
        let alone = packages.is_none() && mode.is_none() && args.text("deb").is_none();
        if alone && operation.is_none() && !cache::is_wanted(task) {
            return Ok(outcome);
        }
    }
    let lists = cache::look(task)?;
    let has_work = packages.is_some() || mode.is_some() || args.text("deb").is_some();
    if !has_work && operation.is_none() {
        return Ok(lists.told(Outcome::ok().changed_if(lists.is_updated)));
    }
    if let Some(mode) = mode {
        return upgrade::upgrade(task, mode);
    }
    if let Some(files) = args.text("deb") {
        if args.text("state") != Some("present") {
            return Err(Failure::new("deb only supports state=present"));
        }
        return deb::install(task, files, lists);
    }
    let packages = packages.unwrap_or_default();
    let is_latest = args.text("state") == Some("latest");
    if is_latest && packages == ["*"] {
        return upgrade::upgrade(task, "yes");
    }
    for package in &packages {
        if package.matches('=').count() > 1 {
            return Err(Failure::new(format!("invalid package spec: {package}")));
        }
        if is_latest && package.contains('=') {
            let message = format!("version number inconsistent with state=latest: {package}");
            return Err(Failure::new(message));
        }
    }
    match operation {
        Some(operation) if packages.is_empty() => clean::tidy(task, operation),
        _ if args.text("state") == Some("absent") => remove::remove(task, &packages),
        _ => install::install(task, &packages, lists),
    }
}
