//! `assert`: fails unless all conditions hold.

use nafal_base::{Dict, Outcome, Value};

use crate::arguments::{Arguments, Flag};
use crate::context::ActionContext;
use crate::effect::Performed;

pub(crate) const SUPPORTED: &[&str] = &["fail_msg", "quiet", "success_msg", "that(msg)"];

/// Whether an action's argument holds conditions, which it evaluates itself.
pub fn takes_conditions(action: &str, argument: &str) -> bool {
    action == "ansible.builtin.assert" && argument == "that"
}

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, args: Dict) -> Result<Performed, Performed> {
    let missing = || Performed::refused("missing required arguments: that");
    // What is missing is told before what nobody knows.
    if !args.contains("that") {
        return Err(missing());
    }
    let args = Arguments::check("assert", args, SUPPORTED)?;
    // One that is nothing is there, and empty (case `assert-nothing`).
    let that = args.get("that").cloned().unwrap_or_default();
    let single = [that.clone()];
    let conditions = match &that {
        Value::List(items) | Value::Tuple(items) => &items[..],
        _ => &single[..],
    };
    let quiet = args.flag("quiet", Flag::Off)?;
    for condition in conditions {
        let written = || {
            let written = context.written.get("that").filter(|_| !condition.is_none());
            written.and_then(Value::span).cloned()
        };
        let holds = context.renderer.single_condition(condition);
        let holds = holds.map_err(|error| error.at(written()))?;
        if holds {
            continue;
        }
        let message = args.first(&["fail_msg", "msg"]).cloned();
        let outcome = Outcome::failed("")
            .with("msg", message.unwrap_or_else(|| Value::from("Assertion failed")))
            .with("evaluated_to", false)
            .with("assertion", as_data(condition));
        return Ok(verbose(outcome, quiet).into());
    }
    let message = args.get("success_msg").cloned();
    let outcome =
        Outcome::ok().with("msg", message.unwrap_or_else(|| Value::from("All assertions passed")));
    Ok(verbose(outcome, quiet).into())
}

/// What is registered of a condition is never rendered again.
fn as_data(condition: &Value) -> Value {
    match condition {
        Value::Str(text) => Value::Str(text.untrusted()),
        other => other.clone(),
    }
}

/// What stock's callbacks look at to show the result whatever the verbosity.
fn verbose(outcome: Outcome, quiet: bool) -> Outcome {
    if quiet { outcome } else { outcome.with("_ansible_verbose_always", true) }
}
