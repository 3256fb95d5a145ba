//! `gather_facts`: what a play does by itself before its tasks: runs `setup` and keeps the facts.

use nafal_base::{Dict, Value};

use crate::context::ActionContext;
use crate::effect::{Effect, Performed};

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    let args = match context.with_defaults("ansible.builtin.setup", args) {
        Ok(args) => args,
        Err(refused) => return refused,
    };
    let mut outcome = context.remote.run("ansible.builtin.setup", args);
    // A host that answers but has no facts is still a host whose facts were gathered.
    let facts = outcome.values.get("ansible_facts").and_then(Value::as_dict).cloned();
    outcome.values.insert("_ansible_verbose_override", Value::Bool(true));
    match facts {
        Some(facts) => Performed::module(outcome).effect(Effect::Facts(facts)),
        None => Performed::module(outcome),
    }
}
