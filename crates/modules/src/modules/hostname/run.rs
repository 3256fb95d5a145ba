//! One run: the name that is wanted against the names that there are. Must not know how they are kept.

use nafal_base::{Dict, Outcome, Value};

use super::strategy::Strategy;
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::facts;
use crate::files::Result;

/// The module's function.
pub fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let name = args.required_text("name");
    let strategy = Strategy::choose(args.text("use"))?;
    let names = strategy.names(ctx)?;
    let other = [&names.current, &names.permanent].into_iter().find(|present| *present != name);
    if other.is_some() && !ctx.is_check() {
        strategy.set(ctx, &names, name)?;
    }
    let mut outcome = Outcome::ok().changed_if(other.is_some()).with("name", name);
    outcome = outcome.with("ansible_facts", names_as_facts(name));
    if let Some(other) = other {
        let difference: Dict = [("before", other.as_str()), ("after", name)]
            .map(|(key, name)| (key, Value::from(format!("hostname = {name}\n"))))
            .into_iter()
            .collect();
        outcome = outcome.with("diff", difference);
    }
    Ok(outcome)
}

/// The new name as facts; its domain is what the resolver has for the name that the kernel knows.
fn names_as_facts(name: &str) -> Dict {
    let full = facts::full_name();
    let domain = full.split_once('.').map(|(_, domain)| domain.to_owned()).unwrap_or_default();
    [
        ("ansible_hostname", Value::from(name.split('.').next().unwrap_or_default())),
        ("ansible_nodename", name.into()),
        ("ansible_fqdn", full.into()),
        ("ansible_domain", domain.into()),
    ]
    .into_iter()
    .collect()
}
