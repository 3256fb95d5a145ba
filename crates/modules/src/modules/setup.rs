//! `setup`: facts about the target. Must not change anything.

use std::time::Duration;

use nafal_base::{Dict, Outcome, Value};

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::facts::{self, Shared, Survey};
use crate::files::{Failure, Result};
use crate::glob;
use crate::registry::Module;
use crate::spec::{Argument, Default, Kind, Spec};

/// The table's line.
pub const MODULE: Module = Module {
    spec: Spec::new(
        "setup",
        &[
            Argument::list("gather_subset", Kind::Str).or(Default::Texts(&["all"])),
            Argument::new("gather_timeout", Kind::Int).or(Default::Int(10)),
            Argument::list("filter", Kind::Str).or(Default::Texts(&[])),
            Argument::path("fact_path").or_text("/etc/ansible/facts.d"),
        ],
    ),
    run,
};

fn run(args: &Arguments, ctx: &Ctx) -> Result<Outcome> {
    let subsets = args.texts("gather_subset");
    let collectors = facts::choose(&subsets).map_err(Failure::new)?;
    // No time is stock's own time; less than none is none.
    let patience = match args.int("gather_timeout").unwrap_or_default() {
        0 => Duration::from_secs(10),
        seconds => Duration::from_secs(u64::try_from(seconds).unwrap_or_default()),
    };
    let fact_path = ctx.resolve(args.required_text("fact_path"));
    let fact_path = fact_path.to_string_lossy();
    let shared: Shared = std::default::Default::default();
    let survey = Survey { ctx, fact_path: &fact_path, patience, shared: &shared };
    let surveyed = facts::gather(&collectors, survey);
    if let Some(fault) = shared.fault.into_inner() {
        return Err(fault);
    }
    for name in &surveyed.broken {
        ctx.warn(format!("facts of {name} could not be gathered"));
    }
    let filters: Vec<&str> =
        args.texts("filter").into_iter().filter(|filter| !filter.is_empty()).collect();
    let mut all = surveyed.facts;
    all.insert("gather_subset", subsets.into());
    all.insert("module_setup", true.into());
    // They are many: no verbosity shows them.
    Ok(Outcome::ok()
        .with("ansible_facts", filtered(all, &filters))
        .with("_ansible_verbose_override", true))
}

/// Facts whose name (with its prefix or without) is like one of the filters.
fn filtered(facts: Dict, filters: &[&str]) -> Dict {
    if filters.is_empty() || filters.contains(&"*") {
        return facts;
    }
    facts
        .iter()
        .filter(|(key, _)| {
            let name = key.as_str().unwrap_or_default();
            let short = name.strip_prefix("ansible_").unwrap_or(name);
            filters.iter().any(|filter| glob::is_like(name, filter) || glob::is_like(short, filter))
        })
        .map(|(key, value): (_, &Value)| (key.clone(), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_of_this_machine() {
        let ctx = Ctx::plain("setup", std::default::Default::default());
        let all = MODULE.run(&Dict::new(), &ctx);
        let facts = all.values.get("ansible_facts").and_then(Value::as_dict).unwrap();
        assert_eq!(facts.get("ansible_system").and_then(Value::as_str), Some("Linux"));
        for name in ["ansible_distribution", "ansible_memtotal_mb", "ansible_mounts", "ansible_env"]
        {
            assert!(facts.contains(name), "{name}");
        }
        let args: Dict =
            [("filter", "os_fam*".into()), ("gather_subset", "min".into())].into_iter().collect();
        let one = MODULE.run(&args, &ctx);
        let facts = one.values.get("ansible_facts").and_then(Value::as_dict).unwrap();
        assert_eq!(facts.len(), 1);
        let bad: Dict = [("gather_subset", "nosuch".into())].into_iter().collect();
        assert!(MODULE.run(&bad, &ctx).is_failed());
    }
}
