//! `unarchive`: an archive of the controller is sent, then unpacked by the module.

use std::path::PathBuf;

use nafal_base::{Dict, Outcome, Value};

use super::copy::{not_found, source_bytes};
use crate::arguments::{Arguments, to_bool};
use crate::context::ActionContext;
use crate::effect::Performed;

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, args: Dict) -> Result<Performed, Performed> {
    let args = Arguments::unchecked(args);
    if args.has("copy") && args.has("remote_src") {
        let message = "parameters are mutually exclusive: ('copy', 'remote_src')";
        return Err(Performed::refused(message));
    }
    let (Some(source), Some(dest)) = (args.text("src"), args.text("dest")) else {
        return Err(Performed::refused("src (or content) and dest are required"));
    };
    // What is no bool is refused by the module.
    let flag = |name: &str| args.get(name).and_then(to_bool);
    let is_remote = flag("copy").map_or_else(|| flag("remote_src").unwrap_or(false), |copy| !copy);
    if let Some(creates) = args.text("creates") {
        let found = look(context, &creates)?;
        if found.len() > 1 {
            let path = found.get("path").map(Value::to_text).unwrap_or_default();
            let message = format!("skipped, since {path} exists");
            return Err(Outcome::skipped().with("msg", message).into());
        }
    }
    let local = if is_remote { None } else { Some(local_file(context, &source)?) };
    let found = look(context, &dest)?;
    if !found.contains("isdir") {
        let path = found.get("path").map(Value::to_text).unwrap_or_default();
        return Err(Performed::refused(&format!("dest '{path}' must be an existing dir")));
    }
    let mut module = args.into_dict();
    if let Some(path) = local {
        let bytes = source_bytes(context, &path, &module)?;
        let sent = context.remote.put(&mut &bytes[..]).map_err(Performed::module)?;
        module.insert("src", Value::from(sent));
    }
    Ok(Performed::module(context.remote.run("ansible.legacy.unarchive", module)))
}

/// What is on the target at a path, which the login's shell has expanded.
fn look(context: &ActionContext<'_>, path: &str) -> Result<Dict, Performed> {
    let mut args = Dict::new();
    args.insert("path", Value::from(path));
    let mut outcome = context.remote.run_bare("nafal.builtin.look", args);
    match outcome.values.remove("found") {
        Some(Value::Dict(found)) => Ok(found),
        _ => Err(outcome.into()),
    }
}

/// The archive on the controller.
fn local_file(context: &ActionContext<'_>, source: &str) -> Result<PathBuf, Performed> {
    if source.contains("://") {
        return Err(Performed::refused(&format!(
            "Unsupported option, an URI src ({source}) is only supported when remote_src is True"
        )));
    }
    let found = context.effects.find(&["files"], source);
    match found {
        Some(path) if !path.is_dir() => Ok(path),
        found => {
            let named = found.map(|folder| folder.to_string_lossy().into_owned());
            let message = not_found(context, "files", named.as_deref().unwrap_or(source));
            let hint = "If you are using a module and expect the file to exist on the remote, see the remote_src option.";
            Err(Performed::raised(message, None, Some(hint.to_owned())))
        }
    }
}
