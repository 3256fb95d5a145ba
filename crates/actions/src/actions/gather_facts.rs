//! `gather_facts`: what a play does by itself before its tasks: runs `setup` and keeps the facts.

use nafal_base::{Dict, Value};

use crate::context::ActionContext;
use crate::effect::{Effect, Performed};

/// The fact that says that a host's facts were gathered.
pub const GATHERED: &str = "_ansible_facts_gathered";

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    let args = match context.with_defaults("ansible.builtin.setup", args) {
        Ok(args) => args,
        Err(refused) => return refused,
    };
    let mut outcome = context.remote.run("ansible.builtin.setup", args);
    // A host that answers but has no facts is still a host whose facts were gathered.
    let mut facts = outcome.values.get("ansible_facts").and_then(Value::as_dict).cloned();
    if let Some(facts) = &mut facts {
        // What smart gathering looks for; `setup` by itself doesn't count (case facts-smart).
        facts.insert(GATHERED, Value::Bool(true));
        outcome.values.insert("ansible_facts", Value::Dict(facts.clone()));
    }
    outcome.values.insert("_ansible_verbose_override", Value::Bool(true));
    match facts {
        Some(facts) => Performed::module(outcome).effect(Effect::Facts(facts)),
        None => Performed::module(outcome),
    }
}
