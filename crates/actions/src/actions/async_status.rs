//! `async_status`: what a job in the background has come to.

use nafal_base::Dict;

use crate::arguments::Arguments;
use crate::context::ActionContext;
use crate::effect::Performed;
use crate::foreign_result::performed;

const MODES: [&str; 2] = ["status", "cleanup"];

/// What it takes.
pub(crate) const SUPPORTED: &[&str] = &["jid", "mode"];

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, args: Dict) -> Result<Performed, Performed> {
    let args = Arguments::check(&context.task.action, args, SUPPORTED)?;
    let Some(job) = args.text("jid") else {
        return Err(Performed::refused("missing required arguments: jid"));
    };
    let mode = args.text("mode");
    let mode = mode.as_deref().unwrap_or(MODES[0]);
    if !MODES.contains(&mode) {
        let known = MODES.join(", ");
        return Err(Performed::refused(&format!(
            "value of mode must be one of: {known}, got: {mode}"
        )));
    }
    Ok(performed(context.remote.status(&job, mode), "", context.modules))
}
