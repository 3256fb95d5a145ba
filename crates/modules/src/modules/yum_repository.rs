//! `yum_repository`: a repository is in a file of yum's or dnf's, or isn't.

mod file;
mod spec;

use std::fs;

use nafal_base::{Outcome, Value};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::{Content, Differences, Failure, Result, Wanted, difference, paths, staged};
use crate::registry::Module;

use file::{Entries, RepoFile};

/// The table's line.
pub const MODULE: Module = Module { spec: spec::SPEC, run };

/// Arguments that go to the file as they are called, in order; `description` is its `name`.
const TELLING: &[&str] = &[
    "async",
    "bandwidth",
    "baseurl",
    "cost",
    "countme",
    "deltarpm_metadata_percentage",
    "deltarpm_percentage",
    "enabled",
    "enablegroups",
    "exclude",
    "failovermethod",
    "gpgcakey",
    "gpgcheck",
    "gpgkey",
    "http_caching",
    "include",
    "includepkgs",
    "ip_resolve",
    "keepalive",
    "metadata_expire",
    "metadata_expire_filter",
    "metalink",
    "mirrorlist",
    "mirrorlist_expire",
    "module_hotfixes",
    "description",
    "password",
    "priority",
    "protect",
    "proxy",
    "proxy_password",
    "proxy_username",
    "repo_gpgcheck",
    "retries",
    "s3_enabled",
    "skip_if_unavailable",
    "ssl_check_cert_permissions",
    "sslcacert",
    "sslclientcert",
    "sslclientkey",
    "sslverify",
    "throttle",
    "timeout",
    "ui_repoid_vars",
    "username",
];

/// Arguments that ansible-core will drop.
const DROPPED: &[&str] = &[
    "deltarpm_metadata_percentage",
    "gpgcakey",
    "http_caching",
    "keepalive",
    "metadata_expire_filter",
    "mirrorlist_expire",
    "protect",
    "ssl_check_cert_permissions",
    "ui_repoid_vars",
];

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    warn(args, ctx);
    let name = args.required_text("name");
    let state = args.required_text("state");
    let folder = args.required_text("reposdir");
    if !ctx.resolve(folder).is_dir() {
        return Err(Failure::new(format!("Repo directory '{folder}' does not exist.")));
    }
    let stem = args.text("file").unwrap_or(name);
    let shown = paths::join(folder, &format!("{stem}.repo"));
    let real = ctx.resolve(&shown);
    let mut file = match fs::read(&real) {
        Ok(bytes) => RepoFile::read(&shown, &String::from_utf8_lossy(&bytes))?,
        Err(_) => RepoFile::default(),
    };
    let before = file.shown();
    let mut changed = match state {
        "present" => file.set(name, entries(args))?,
        _ => file.remove(name),
    };
    if changed && !ctx.is_check() {
        match file.is_empty() {
            true => fs::remove_file(&real).map_err(|error| {
                let why = errno_text(&error, None);
                Failure::new(format!("Cannot remove empty repo file {shown}")).with("details", why)
            })?,
            false => {
                let text = file.text();
                let options = ctx.write_options(args);
                staged::write(&real, Content::Bytes(text.as_bytes()), &options)?;
            }
        }
    }
    let after = file.shown();
    if real.is_file() {
        let wanted = Wanted::from_arguments(args);
        changed |= wanted.apply(ctx.subject(&real), &mut Differences::default())?;
    }
    let difference = difference::of_texts((&before, &after), (&shown, &shown));
    Ok(Outcome::ok()
        .changed_if(changed)
        .with("repo", name)
        .with("state", state)
        .with("diff", difference))
}

fn warn(args: &Arguments, ctx: &Ctx) {
    if args.value("async").is_some() {
        let message = "'async' parameter is deprecated as it has been removed on systems supported by ansible-core";
        ctx.deprecate(message, Some("2.22"));
    }
    for name in DROPPED.iter().filter(|name| args.value(name).is_some()) {
        let message = format!(
            "'{name}' parameter is deprecated as it has no effect with dnf as an underlying package manager."
        );
        ctx.deprecate(&message, Some("2.22"));
    }
}

/// What the file says of the repository.
fn entries(args: &Arguments) -> Entries {
    let written = |name: &str, value: &Value| match value {
        Value::Bool(true) => "1".to_owned(),
        Value::Bool(false) => "0".to_owned(),
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(Value::to_text).collect();
            // Addresses have a line each, names of packages share one.
            items.join(if matches!(name, "baseurl" | "gpgkey") { "\n" } else { " " })
        }
        other => other.to_text().into_owned(),
    };
    let key = |name: &str| if name == "description" { "name".to_owned() } else { name.to_owned() };
    let given = TELLING.iter().filter_map(|name| Some((*name, args.value(name)?)));
    given.map(|(name, value)| (key(name), written(name, value))).collect()
}
