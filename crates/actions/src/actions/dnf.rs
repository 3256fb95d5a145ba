//! `dnf`, and `yum`, which is another name for it: the module for the generation of dnf that the target has.

use nafal_base::{Dict, Outcome, Value};

use crate::context::ActionContext;
use crate::effect::{Effect, Performed};
use crate::fact;

/// What `use_backend` may be, and the module that each means.
const BACKENDS: [(&str, &str); 5] =
    [("dnf", "dnf"), ("dnf4", "dnf"), ("dnf5", "dnf5"), ("yum", "dnf"), ("yum4", "dnf")];

const UNKNOWN: [&str; 2] = [
    "Could not detect which major revision of dnf is in use, which is required to determine module backend.",
    "You should manually specify use_backend to tell the module whether to use the dnf4 or dnf5 backend})",
];

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, mut args: Dict) -> Result<Performed, Performed> {
    if args.contains("use") && args.contains("use_backend") {
        let message = "parameters are mutually exclusive: ('use', 'use_backend')";
        return Err(Performed::refused(message));
    }
    let mut take = |name: &str| args.remove(name).filter(|value| !value.is_none());
    let named = take("use").or_else(|| take("use_backend"));
    let named = named.map(|value| value.to_text().into_owned());
    // What could be chosen once, and what is nothing, mean what is found.
    let known =
        |name: &str| BACKENDS.iter().find(|(known, _)| *known == name).map(|(_, module)| *module);
    let module = match named.as_deref().filter(|name| *name != "yum").and_then(known) {
        Some(module) => module,
        None => {
            let found = fact::find(context, context.target_scope, "pkg_mgr")?.unwrap_or_default();
            match known(&found) {
                Some(module) => module,
                None => return Ok(undetected(context, &found)),
            }
        }
    };
    Ok(Performed::module(context.remote.run(&format!("ansible.legacy.{module}"), args)))
}

/// The fact that is no dnf is told, and kept, where it had to be asked for. Above the result stock shows both sentences as
/// Python's tuple.
fn undetected(context: &ActionContext<'_>, found: &str) -> Performed {
    let facts = context.target_scope.get("ansible_facts");
    let was_known =
        facts.as_ref().and_then(Value::as_dict).is_some_and(|facts| facts.contains("pkg_mgr"));
    let [first, second] = UNKNOWN.map(nafal_base::value::string_repr);
    let mut told = Performed::raised(format!("Action failed: ({first}, {second})"), None, None);
    told.outcome = Outcome::failed("").with("msg", UNKNOWN.map(Value::from).to_vec());
    if was_known {
        return told;
    }
    let asked: Dict = [("pkg_mgr", Value::from(found))].into_iter().collect();
    told.outcome = told.outcome.with("ansible_facts", asked.clone());
    told.effect(Effect::Facts(asked))
}
