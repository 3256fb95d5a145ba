//! The file of the source: written, left, or removed. Must not know fields.

use std::path::Path;

use nafal_base::{Outcome, Value};

use super::{key, stanza};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::failure::errno_text;
use crate::files::{Content, Differences, Failure, Result, Wanted, staged};
use crate::registry::Module;
use crate::spec::{Argument, Default, Kind, Spec};

/// Where apt looks for sources.
const FOLDER: &str = "/etc/apt/sources.list.d";

const fn flag(name: &'static str) -> Argument {
    Argument::new(name, Kind::Bool)
}

const fn texts(name: &'static str) -> Argument {
    Argument::list(name, Kind::Str)
}

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec {
        mutually_exclusive: &[&["exclude", "include"]],
        ..Spec::new(
            "deb822_repository",
            &[
                flag("allow_downgrade_to_insecure"),
                flag("allow_insecure"),
                flag("allow_weak"),
                texts("architectures"),
                flag("by_hash"),
                flag("check_date"),
                flag("check_valid_until"),
                texts("components"),
                Argument::new("date_max_future", Kind::Int),
                flag("enabled"),
                texts("exclude"),
                texts("include"),
                Argument::text("inrelease_path"),
                // python3-debian isn't needed here: what says whether to install it has nothing to say.
                Argument::flag("install_python_debian", false),
                texts("languages"),
                Argument::new("mode", Kind::Raw).or_text("0644"),
                Argument::text("name").required(),
                flag("pdiffs"),
                Argument::text("signed_by"),
                Argument::text("state").or_text("present").choices(&["present", "absent"]),
                texts("suites"),
                texts("targets"),
                flag("trusted"),
                texts("types").or(Default::Texts(&["deb"])).choices(&["deb", "deb-src"]),
                texts("uris"),
            ],
        )
    },
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let slug = args.required_text("name").replace(' ', "-");
    let path = format!("{FOLDER}/{slug}.sources");
    if args.required_text("state") == "absent" {
        let mut is_changed = remove(ctx, &path)?;
        is_changed |= key::remove(ctx, &slug)?;
        let key = format!("{}/{slug}.gpg", key::FOLDER);
        return Ok(result(&path, Value::None, key.into()).changed_if(is_changed));
    }
    let key = key::obtain(args, ctx, &slug)?;
    let text = stanza::written(args, key.as_ref().map(|key| key.path.as_str()));
    let mut is_changed = key.as_ref().is_some_and(|key| key.is_changed);
    let file = Path::new(&path);
    if std::fs::read(file).ok().as_deref() != Some(text.as_bytes()) {
        is_changed = true;
        if !ctx.is_check() {
            staged::write(file, Content::Bytes(text.as_bytes()), &ctx.plain_options())?;
        }
    }
    if file.exists() {
        let wanted = Wanted { mode: args.value("mode").cloned(), ..Wanted::default() };
        is_changed |= wanted.apply(ctx.subject(file), &mut Differences::default())?;
    }
    let key = key.map_or(Value::None, |key| key.path.into());
    Ok(result(&path, text.into(), key).changed_if(is_changed))
}

fn result(path: &str, repo: Value, key: Value) -> Outcome {
    Outcome::ok().with("repo", repo).with("dest", path).with("key_filename", key)
}

/// Removes a file; tells whether it was there.
pub fn remove(ctx: &Ctx, path: &str) -> Result<bool> {
    if std::fs::symlink_metadata(path).is_err() {
        return Ok(false);
    }
    if !ctx.is_check() {
        std::fs::remove_file(path)
            .map_err(|error| Failure::raised([errno_text(&error, Some(path))]))?;
    }
    Ok(true)
}
