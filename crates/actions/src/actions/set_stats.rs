//! `set_stats`: values that the end of the run tells (`show_custom_stats`).

use nafal_base::{Dict, Outcome, Value};

use super::set_fact::{NAMES, is_variable_name, name_fault};
use crate::arguments::{refuse_others, to_bool};
use crate::context::ActionContext;
use crate::effect::{Effect, Performed};

pub(crate) const OPTIONS: [&str; 3] = ["aggregate", "data", "per_host"];

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, &args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, args: &Dict) -> Result<Performed, Performed> {
    refuse_others("set_stats", args, &OPTIONS)?;
    let data = match args.get("data") {
        Some(Value::Dict(data)) => named(context, data)?,
        None | Some(Value::None) => Dict::new(),
        Some(_) => {
            return Err(Outcome::failed("The 'data' option needs to be a dictionary/hash").into());
        }
    };
    // What is no bool counts as false.
    let flag = |name: &str| args.get(name).map(|value| to_bool(value).unwrap_or(false));
    let (aggregate, per_host) =
        (flag("aggregate").unwrap_or(true), flag("per_host").unwrap_or(false));
    let told: Dict = [
        ("data", Value::Dict(data.clone())),
        ("per_host", Value::Bool(per_host)),
        ("aggregate", Value::Bool(aggregate)),
    ]
    .into_iter()
    .collect();
    let outcome = Outcome::ok().with("ansible_stats", Value::Dict(told));
    Ok(Performed::from(outcome).effect(Effect::Stats { data, aggregate, per_host }))
}

/// The values under their names, which may be templates.
fn named(context: &ActionContext<'_>, data: &Dict) -> Result<Dict, Performed> {
    let mut named = Dict::with_capacity(data.len());
    for (key, value) in data {
        match context.renderer.render(key.value())? {
            Value::Str(name) if is_variable_name(&name) => named.insert(&*name, value.clone()),
            other => {
                let span = other.span().or_else(|| key.value().span()).cloned();
                return Err(Performed::raised(name_fault(&other), span, Some(NAMES.to_owned())));
            }
        };
    }
    Ok(named)
}
