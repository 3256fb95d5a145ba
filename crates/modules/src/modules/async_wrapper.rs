//! `async_wrapper`: another module in the background. Nobody writes it into a playbook: the
//! keyword `async` asks for it. Must not know what the module does.

use std::path::PathBuf;

use nafal_base::wire::{FOREIGN, Request};
use nafal_base::{Dict, Outcome, Value};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result};
use crate::jobs::{self, Order};
use crate::python;
use crate::registry::Module;
use crate::spec::{Argument, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "async_wrapper",
        &[
            Argument::text("module").required(),
            Argument::new("arguments", Kind::Raw).required(),
            Argument::new("seconds", Kind::Int).required(),
            Argument::path("folder").or_text(jobs::FOLDER),
        ],
    ),
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let arguments = match args.value("arguments") {
        Some(Value::Dict(arguments)) => arguments.clone(),
        _ => Dict::new(),
    };
    let module = args.required_text("module").to_owned();
    if module == FOREIGN
        && let Some(missing) = python::prepare(&arguments, ctx)?
    {
        return Ok(missing);
    }
    let request = Request { module, args: arguments, surroundings: ctx.surroundings().clone() };
    // Stock's limit is looked at once a second, from the first one on.
    let seconds =
        args.int("seconds").and_then(|seconds| u64::try_from(seconds).ok()).unwrap_or(0).max(1);
    let folder = PathBuf::from(ctx.expand(args.text("folder").unwrap_or(jobs::FOLDER)));
    let begun = jobs::start(&Order { request, seconds, folder })
        .map_err(|error| Failure::new(format!("the job could not be started: {error}")))?;
    Ok(Outcome::changed()
        .with("failed", false)
        .with("started", true)
        .with("finished", false)
        .with("ansible_job_id", begun.id)
        .with("results_file", begun.file.to_string_lossy().into_owned()))
}
