//! `include_vars`: variables of a file or a folder, for the rest of the run.

use std::path::{Path, PathBuf};

use nafal_base::{Dict, Outcome, Value};

use crate::arguments::Arguments;
use crate::context::ActionContext;
use crate::effect::{Effect, Performed};

const SUPPORTED: &[&str] = &[
    "_raw_params",
    "depth",
    "dir",
    "extensions",
    "file",
    "files_matching",
    "hash_behaviour",
    "ignore_files",
    "ignore_unknown_extensions",
    "name",
];

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, args: Dict) -> Result<Performed, Performed> {
    let args = Arguments::check("include_vars", args, SUPPORTED)?;
    for later in ["dir", "depth", "files_matching", "hash_behaviour", "ignore_files"] {
        if args.get(later).is_some() {
            return Err(Outcome::failed(format!(
                "include_vars: the option '{later}' is not built yet in nafal"
            ))
            .into());
        }
    }
    let file = args
        .text("file")
        .or_else(|| args.text("_raw_params"))
        .or_else(|| context.raw.clone())
        .ok_or_else(|| Performed::from(Outcome::failed("No file is given to include_vars")))?;
    let found = context.effects.find(&["vars"], &file);
    let Some(path) = found else { return Err(missing(context, &file)) };
    let loaded = load(context, &path)?;
    let facts = match args.text("name") {
        Some(name) => [(&*name, Value::Dict(loaded))].into_iter().collect(),
        None => loaded,
    };
    let outcome = Outcome::ok()
        .with("ansible_facts", Value::Dict(facts.clone()))
        .with("ansible_included_var_files", vec![path.display().to_string()]);
    Ok(Performed::from(outcome).effect(Effect::IncludedVariables(facts)))
}

fn missing(context: &ActionContext<'_>, file: &str) -> Performed {
    let message = super::copy::not_found(context, "vars", file);
    let chain = "Task failed: Action failed: Unknown error.";
    Outcome::failed(chain)
        .with("ansible_facts", Value::Dict(Dict::new()))
        .with("ansible_included_var_files", Vec::<Value>::new())
        .with("message", message)
        .into()
}

fn load(context: &ActionContext<'_>, path: &Path) -> Result<Dict, Performed> {
    let path: PathBuf = path.to_owned();
    context.effects.variables(&path).map_err(|message| Outcome::failed(message).into())
}
