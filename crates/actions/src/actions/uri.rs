//! `uri`: files of the controller that a request sends go to the target first; the request is the
//! module's.

use std::path::Path;

use nafal_base::event::Mode;
use nafal_base::{Cause, Dict, Outcome, Value};

use crate::arguments::to_bool;
use crate::context::ActionContext;
use crate::effect::Performed;

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, mut args: Dict) -> Result<Performed, Performed> {
    if context.mode == Mode::Check {
        let message = "This action (uri) does not support check mode.";
        return Ok(Outcome::skipped().with("msg", message).into());
    }
    let is_remote = args.get("remote_src").and_then(to_bool).unwrap_or(false);
    let text = |name: &str| args.get(name).and_then(Value::as_str);
    if is_remote {
        return Ok(module(context, args));
    }
    if let Some(source) = text("src").map(str::to_owned) {
        if !args.get("body").is_none_or(Value::is_none) {
            return Ok(module(context, args));
        }
        let path = sent(context, &source)?;
        args.insert("src", Value::from(path));
    } else if text("body_format") == Some("form-multipart") {
        let body = args.get("body").cloned().unwrap_or_default();
        let Value::Dict(fields) = body else {
            let kind = match &body {
                Value::Str(_) => "_AnsibleTaggedStr",
                Value::List(_) => "_AnsibleTaggedList",
                other => other.type_name(),
            };
            let message = format!("body must be mapping, cannot be type {kind}");
            return Err(Performed::refused(&message));
        };
        let fields = with_files(context, fields)?;
        args.insert("body", Value::Dict(fields));
    }
    Ok(module(context, args))
}

fn module(context: &ActionContext<'_>, args: Dict) -> Performed {
    Performed::module(context.remote.run("ansible.legacy.uri", args))
}

/// The fields of a form, their files sent.
fn with_files(context: &ActionContext<'_>, fields: Dict) -> Result<Dict, Performed> {
    let mut sent_fields = Dict::new();
    for (name, value) in fields.iter() {
        let mut value = value.clone();
        if let Value::Dict(field) = &mut value {
            let has_content = !field.get("content").is_none_or(Value::is_none);
            let file = field.get("filename").and_then(Value::as_str).map(str::to_owned);
            if let Some(file) = file.filter(|_| !has_content) {
                field.insert("_nafal_file", Value::from(sent(context, &file)?));
            }
        }
        sent_fields.insert(name.clone(), value);
    }
    Ok(sent_fields)
}

/// Where a file of the controller is on the target.
fn sent(context: &ActionContext<'_>, source: &str) -> Result<String, Performed> {
    let Some(path) = context.effects.find(&["files"], source) else {
        return Err(missing(context, source));
    };
    let bytes = read(context, &path)?;
    context.remote.put(&mut &bytes[..]).map_err(Performed::module)
}

fn read(context: &ActionContext<'_>, path: &Path) -> Result<Vec<u8>, Performed> {
    context.effects.read(path).map_err(|error| {
        let message = format!("could not read the file {}: {error}", path.display());
        Performed::from(Outcome::failed(message))
    })
}

/// Stock's error for a file of the controller that isn't there, with its hint.
fn missing(context: &ActionContext<'_>, source: &str) -> Performed {
    let message = super::copy::not_found(context, "files", source);
    let hint = "If you are using a module and expect the file to exist on the remote, see the remote_src option.";
    let mut performed = Performed::from_causes(vec![
        Cause { message: "Task failed.".to_owned(), span: None, hint: None },
        Cause { message: message.clone(), span: None, hint: Some(hint.to_owned()) },
    ]);
    performed.outcome = Outcome::failed(format!("Task failed: {message}"));
    performed
}
