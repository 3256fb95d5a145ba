//! `ansible.posix.authorized_key`: a user's file of authorized keys has a key, or hasn't.

mod file;
mod keys;
mod options;

use nafal_base::{Outcome, Value};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result, difference, owner, paths};
use crate::http::{self, Request};
use crate::lines;
use crate::registry::Module;
use crate::spec::{Argument, Spec};

use file::{Folder, KeyFile};
use keys::{Key, Keys};
use options::KeyOptions;

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "ansible.posix.authorized_key",
        &[
            Argument::text("user").required(),
            Argument::text("key").required(),
            Argument::path("path"),
            Argument::flag("manage_dir", true),
            Argument::text("state").or_text("present").choices(&["absent", "present"]),
            Argument::text("key_options"),
            Argument::flag("exclusive", false),
            Argument::text("comment"),
            Argument::flag("validate_certs", true),
            Argument::flag("follow", false),
        ],
    ),
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let file = key_file(args, ctx)?;
    let new = new_keys(args, ctx)?;
    let before = file.read()?;
    let mut keys = Keys::read(&before)?;
    let changed = match args.required_text("state") {
        "present" => {
            let changed = keys.add(&new);
            changed | (args.is("exclusive") && keys.keep_only(&new))
        }
        _ => keys.remove(&new),
    };
    let mut outcome = Outcome::ok().changed_if(changed);
    outcome.values.lay_over(&args.with_aliases());
    outcome.values.insert("keyfile", Value::from(file.shown.as_str()));
    if changed {
        let after = keys.text();
        if !ctx.is_check() {
            file.write(&after)?;
        }
        let headers = (file.shown.as_str(), file.shown.as_str());
        let difference = difference::of_texts((&before, &after), headers);
        outcome = outcome.with("diff", difference);
    }
    Ok(outcome)
}

/// Where the keys are and whose they are.
fn key_file<'a>(args: &'a Arguments, ctx: &'a Ctx) -> Result<KeyFile<'a>> {
    let name = args.required_text("user");
    let user = owner::user_by_name(name);
    let shown = match (args.text("path"), &user) {
        (Some(path), _) => path.to_owned(),
        (None, Some(user)) => paths::join(&paths::join(&user.home, ".ssh"), "authorized_keys"),
        (None, None) if ctx.is_check() => {
            return Err(Failure::new(
                "Either user must exist or you must provide full path to key file in check mode",
            ));
        }
        (None, None) => String::new(),
    };
    if user.is_none() && !ctx.is_check() {
        return Err(Failure::new(format!(
            "Failed to lookup user {name}: \"getpwnam(): name not found: '{name}'\""
        )));
    }
    let shown = match args.is("follow") {
        true => paths::real_path(&ctx.resolve(&shown)).to_string_lossy().into_owned(),
        false => shown,
    };
    let folder = if args.is("manage_dir") { Folder::Managed } else { Folder::Left };
    Ok(KeyFile { ctx, shown, user, folder })
}

/// The keys that the task gives, or names a place of.
fn new_keys(args: &Arguments, ctx: &Ctx) -> Result<Vec<Key>> {
    let given = args.required_text("key");
    let text = match given.strip_prefix("file:").map(|path| path.trim_start_matches('/')) {
        Some(path) => {
            let path = format!("/{path}");
            let missing = || Failure::new(format!("Path to a key file not found: {path}"));
            let bytes = std::fs::read(&path).map_err(|_| missing())?;
            String::from_utf8_lossy(&bytes).into_owned()
        }
        None if given.starts_with("http") => fetched(args, ctx, given)?,
        None => given.to_owned(),
    };
    let options = args.text("key_options").filter(|text| !text.is_empty()).map(KeyOptions::read);
    let lines = lines::split(&text).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut keys: Vec<Key> = Vec::new();
    for line in lines {
        let Some(mut key) = Key::read(line)? else {
            return Err(Failure::new(format!("invalid key specified: {line}")));
        };
        if let Some(options) = &options {
            key.options = Some(options.clone());
        }
        if let Some(comment) = args.text("comment") {
            key.comment = comment.to_owned();
        }
        match keys.iter_mut().find(|known| known.blob == key.blob) {
            Some(known) => *known = key,
            None => keys.push(key),
        }
    }
    Ok(keys)
}

fn fetched(args: &Arguments, ctx: &Ctx, url: &str) -> Result<String> {
    let options = http::plain_options(args, ctx);
    let failed = || Failure::new(format!("Error getting key from: {url}"));
    let mut response = http::fetch(&Request::get(url), &options).map_err(|_| failed())?;
    if response.is_error() {
        return Err(failed());
    }
    let bytes = response.read().map_err(|_| failed())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
