//! `validate_argument_spec`: the host's variables, or given arguments, against a spec. Roles with
//! `argument_specs` start with it.

use nafal_base::{Dict, Outcome, Value};

use crate::argument_spec::faults;
use crate::context::ActionContext;
use crate::effect::Performed;

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, &args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, args: &Dict) -> Result<Performed, Performed> {
    let Some(spec) = args.get("argument_spec") else {
        let message = format!(
            "\"argument_spec\" arg is required in args: {}",
            Value::Dict(args.clone()).repr()
        );
        return Err(Performed::raised(message, None, None));
    };
    let spec = dict("argument_spec", spec)?;
    if let Some(wrong) = spec.values().find(|option| option.as_dict().is_none()) {
        let message =
            format!("an option of argument_spec must be a dict, not '{}'", wrong.type_name());
        return Err(Performed::raised(message, None, None));
    }
    let mut given = Dict::new();
    for key in spec.keys() {
        let name = key.value().to_text();
        let Some(value) = context.scope.get(&name) else { continue };
        match context.renderer.render(&value) {
            Ok(value) => {
                given.insert(key.clone(), value);
            }
            Err(error) if matches!(error.kind(), nafal_templating::ErrorKind::Omit) => {}
            Err(error) => return Err(error.into()),
        }
    }
    if let Some(provided) = args.get("provided_arguments") {
        given.lay_over(&dict("provided_arguments", provided)?);
    }
    let about = args.get("validate_args_context").cloned().unwrap_or(Value::Dict(Dict::new()));
    let faults = faults(&spec, &given);
    if faults.is_empty() {
        return Ok(Outcome::ok()
            .with("msg", "The arg spec validation passed")
            .with("validate_args_context", about)
            .into());
    }
    let message = format!("Validation of arguments failed:\n{}", faults.join("\n"));
    Ok(Outcome::failed(message)
        .with("argument_errors", faults)
        .with("argument_spec_data", Value::Dict(spec))
        .with("validate_args_context", about)
        .into())
}

fn dict(name: &str, value: &Value) -> Result<Dict, Performed> {
    match value {
        Value::Dict(dict) => Ok(dict.clone()),
        other => {
            let class = match other {
                Value::List(_) => "List",
                Value::Int(_) => "Int",
                _ => "Str",
            };
            let message = format!(
                "Incorrect type for {name}, expected dict and got <class 'ansible.module_utils._internal._datatag._AnsibleTagged{class}'>"
            );
            Err(Performed::raised(message, None, None))
        }
    }
}
