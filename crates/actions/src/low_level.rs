//! What an action plugin in Python does on its target without a module: command lines, files there and back. Must not
//! know the plugin.

use std::path::Path;

use nafal_base::{Dict, Outcome, Value};
use nafal_connection::{Identity, Target};
use nafal_plugins::{Granted, Runner};

use crate::actions::fetch::receive;
use crate::context::ActionContext;
use crate::effect::{Failure, Performed};
use crate::error::Error;

/// A line for a shell, the shell, what stands on its standard input.
pub(crate) type Line = (String, Option<String>, Option<Vec<u8>>);

/// Runs a command line.
pub(crate) fn command(
    context: &ActionContext<'_>,
    (line, executable, input): Line,
    runner: Runner,
) -> Result<Granted, Outcome> {
    let mut args: Dict = std::iter::once(("line", Value::from(line))).collect();
    if let Some(executable) = executable {
        args.insert("executable", Value::from(executable));
    }
    if let Some(input) = input {
        args.insert("input", Value::bytes(input));
    }
    let login = || -> Result<Target, Error> {
        let target = context.remote.target()?;
        Ok(Target { identity: Identity::Login, ..target })
    };
    let module = "nafal.builtin.low_level";
    let outcome = match runner {
        Runner::Task => context.remote.run_bare(module, args),
        Runner::Login => context.remote.towards(&login).run_bare(module, args),
    };
    if !outcome.is_good() {
        return Err(outcome);
    }
    let bytes = |key: &str| match outcome.values.get(key) {
        Some(Value::Bytes(bytes)) => bytes.to_vec(),
        _ => Vec::new(),
    };
    let code = outcome.values.get("rc").and_then(Value::as_int).unwrap_or_default();
    Ok(Granted::Command { code, out: bytes("out"), err: bytes("err") })
}

/// Puts a file of the controller on the target.
pub(crate) fn put(
    context: &ActionContext<'_>,
    source: &str,
    dest: &str,
) -> Result<Granted, Outcome> {
    let mut file = std::fs::File::open(source).map_err(|error| {
        Outcome::failed(format!("file or module does not exist: {source}: {error}"))
    })?;
    let uploaded = context.remote.put(&mut file)?;
    let args = [("src", Value::from(uploaded)), ("dest", Value::from(dest))].into_iter().collect();
    let outcome = context.remote.run_bare("nafal.builtin.place", args);
    if outcome.is_good() { Ok(Granted::File) } else { Err(outcome) }
}

/// Fetches a file of the target.
pub(crate) fn fetch(
    context: &ActionContext<'_>,
    source: &str,
    dest: &str,
) -> Result<Granted, Outcome> {
    match receive(context, source, Path::new(dest)) {
        Ok(()) => Ok(Granted::File),
        Err(Performed { failure: Failure::Raised(causes), .. }) => {
            let texts: Vec<&str> = causes.iter().map(|cause| cause.message.as_str()).collect();
            Err(Outcome::failed(texts.join(": ")))
        }
        Err(performed) => Err(performed.outcome),
    }
}
