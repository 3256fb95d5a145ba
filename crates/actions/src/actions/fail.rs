//! `fail`: fails with a message.

use nafal_base::{Dict, Outcome, Value};

use crate::arguments::{Arguments, refuse_others};
use crate::context::ActionContext;
use crate::effect::Performed;

/// What it takes.
pub(crate) const SUPPORTED: &[&str] = &["msg"];

/// Runs it.
pub fn run(_context: &ActionContext<'_>, args: Dict) -> Performed {
    if let Err(refused) = refuse_others("fail", &args, SUPPORTED) {
        return refused;
    }
    let args = Arguments::unchecked(args);
    let message = args.get("msg").cloned();
    Outcome::failed("")
        .with("msg", message.unwrap_or_else(|| Value::from("Failed as requested from task")))
        .into()
}
