//! `raw`: a command line for the login's shell, without anything around it.

use nafal_base::event::Mode;
use nafal_base::{Dict, Outcome, Value};

use crate::context::ActionContext;
use crate::effect::Performed;

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    let environment = context.remote.has_environment();
    let mut outcome = perform(context, args);
    if environment {
        let warning = "raw module does not support the environment keyword";
        let warnings = Value::from(vec![warning]);
        outcome.outcome.values.insert("warnings", warnings);
    }
    outcome
}

fn perform(context: &ActionContext<'_>, args: Dict) -> Performed {
    if context.mode == Mode::Check {
        return Performed::from(Outcome::skipped());
    }
    let named = args.get("_raw_params").map(Value::to_text);
    let line = context.raw.as_deref().or(named.as_deref()).unwrap_or_default();
    if line.is_empty() && !args.contains("executable") {
        return Performed::raised("'NoneType' object is not iterable", None, None);
    }
    let mut module = Dict::new();
    module.insert("_raw_params", Value::from(line));
    if let Some(executable) = args.get("executable") {
        module.insert("executable", executable.clone());
    }
    context.remote.run_bare("ansible.builtin.raw", module).into()
}
