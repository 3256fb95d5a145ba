//! One fact that an action can't do without: known already, or asked for now. Must not know what it
//! is for.

use nafal_base::{Dict, Scope, Value};

use crate::context::ActionContext;
use crate::effect::Performed;

/// What the facts of this scope say, else what the target says now; None when it says nothing.
pub(crate) fn find(
    context: &ActionContext<'_>,
    scope: &dyn Scope,
    name: &str,
) -> Result<Option<String>, Performed> {
    let facts = scope.get("ansible_facts");
    let known = facts.as_ref().and_then(Value::as_dict).and_then(|facts| facts.get(name));
    if let Some(known) = known {
        return Ok(Some(context.renderer.render_string(known)?));
    }
    // Nothing else is gathered: the rest would cost time, and a Python that may not be there.
    let subset = ["!all", "!min", name].map(Value::from).to_vec();
    let name = format!("ansible_{name}");
    let args: Dict =
        [("filter", Value::from(name.as_str())), ("gather_subset", Value::from(subset))]
            .into_iter()
            .collect();
    let outcome = context.remote.run_now("ansible.legacy.setup", args);
    let found = outcome.values.get("ansible_facts").and_then(Value::as_dict);
    let found = found.and_then(|facts| facts.get(name.as_str())).and_then(Value::as_str);
    match found {
        Some(text) => Ok(Some(text.to_owned())),
        None if outcome.is_good() => Ok(None),
        None => Err(Performed::module(outcome)),
    }
}
