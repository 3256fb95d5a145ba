//! `service`: the module of whichever service manager the target has.

use nafal_base::{Dict, Value};

use crate::context::ActionContext;
use crate::effect::Performed;
use crate::fact;
use crate::foreign;
use crate::table::{self, ActionKind};

/// Arguments that a manager's module doesn't have, and that are left out for it.
const UNUSED: &[(&str, &[&str])] =
    &[("systemd", &["pattern", "runlevel", "sleep", "arguments", "args"])];
/// Managers whose module is always stock's own or the user's, never a collection's.
const OWN: [&str; 4] = ["openrc", "service", "systemd", "sysvinit"];

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, mut args: Dict) -> Result<Performed, Performed> {
    let named = args.remove("use").filter(|value| !value.is_none());
    let named = named.map(|value| value.to_text().into_owned());
    let named = named.map(|name| name.to_lowercase()).filter(|name| name != "auto");
    let manager = match named {
        Some(name) => name,
        None => fact::find(context, context.target_scope, "service_mgr")?
            .unwrap_or_else(|| "service".to_owned()),
    };
    let is_there = is_module(&manager) || context.finder.find(&manager).is_some();
    let manager = if is_there { manager } else { "service".to_owned() };
    let unused = UNUSED.iter().find(|(name, _)| *name == manager);
    let mut warnings = Vec::new();
    for name in unused.map_or(&[][..], |(_, names)| names) {
        if args.contains(name) {
            args.remove(name);
            warnings.push(format!("Ignoring \"{name}\" as it is not used in \"{manager}\""));
        }
    }
    let args = context.with_defaults(&table::full_name(&manager), args)?;
    let mut performed = call(context, &manager, args);
    if !warnings.is_empty() {
        let mut all: Vec<Value> = warnings.into_iter().map(Value::from).collect();
        if let Some(Value::List(told)) = performed.outcome.values.get("warnings") {
            all.extend(told.iter().cloned());
        }
        performed.outcome.values.insert("warnings", Value::from(all));
    }
    Ok(performed)
}

/// `service` itself is the module for targets whose manager has none.
fn is_module(name: &str) -> bool {
    name == "service"
        || table::find(name).is_some_and(|action| matches!(action.kind, ActionKind::Module))
}

/// The user's module of this name before nafal's own, before that of the user's ansible-core.
fn call(context: &ActionContext<'_>, manager: &str, args: Dict) -> Performed {
    let full = match OWN.contains(&manager) {
        true => format!("ansible.legacy.{manager}"),
        false => manager.to_owned(),
    };
    let users = context.finder.in_library(&full);
    let users = users.or_else(|| match is_module(manager) {
        true => None,
        false => context.finder.find(&full),
    });
    match users {
        Some(module) => foreign::run(context, context.finder, &module, &args),
        None => Performed::module(context.remote.run(&full, args)),
    }
}
