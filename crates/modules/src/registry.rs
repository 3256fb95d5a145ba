//! A module as the table has it, how it is found by name, and what is the same in every run:
//! checking its arguments, check mode, warnings, lines of output. Must not know any module.

use std::collections::HashMap;
use std::sync::LazyLock;

use nafal_base::{Dict, Outcome, Value};

use crate::arguments::{self, Arguments};
use crate::ctx::Ctx;
use crate::files::Result;
use crate::lines;
use crate::modules::MODULES;
use crate::spec::{CheckMode, Secrecy, Spec};

/// A native module.
#[derive(Clone, Copy, Debug)]
pub struct Module {
    /// What it says about itself.
    pub spec: Spec,
    /// What it does, with arguments that have been checked.
    pub run: fn(&Arguments, &Ctx) -> Result<Outcome>,
}

/// The prefixes that mean Ansible's own modules.
const PREFIXES: [&str; 2] = ["ansible.builtin.", "ansible.legacy."];

static BY_NAME: LazyLock<HashMap<&'static str, &'static Module>> =
    LazyLock::new(|| MODULES.iter().map(|module| (module.spec.name, module)).collect());

/// The collections that nafal has modules of. ansible-core sends their short names on to them.
const COLLECTIONS: [&str; 2] = ["ansible.posix.", "community.general."];

/// The module of this name: short, or with `ansible.builtin.` or `ansible.legacy.` before it; one of a
/// collection's by its full name too.
pub fn find(name: &str) -> Option<&'static Module> {
    let short = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name);
    let of_collection = |prefix: &&str| BY_NAME.get(format!("{prefix}{short}").as_str()).copied();
    BY_NAME.get(short).copied().or_else(|| COLLECTIONS.iter().find_map(of_collection))
}

/// What stands in place of a secret argument.
pub const HIDDEN: &str = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER";

impl Module {
    /// Checks the arguments and runs it. `ctx` knows the name that it was asked for by.
    pub fn run(&self, args: &Dict, ctx: &Ctx) -> Outcome {
        if let Some(deprecated) = &self.spec.deprecated {
            ctx.deprecate_itself(deprecated.remedy, deprecated.version);
        }
        let checked = match arguments::check(&self.spec, args, ctx) {
            Ok(checked) => checked,
            Err(message) => return finish(Outcome::failed(message), ctx),
        };
        let mut outcome = if ctx.is_check() && self.spec.check_mode == CheckMode::Skipped {
            let name = ctx.module_name();
            Outcome::skipped()
                .with("msg", format!("remote module ({name}) does not support check mode"))
        } else {
            (self.run)(&checked, ctx).unwrap_or_else(|failure| failure.into_outcome())
        };
        if ctx.wants_invocation() {
            outcome.values.insert("invocation", self.invocation(&checked));
        }
        self.hide_secrets(&checked, &mut outcome);
        finish(outcome, ctx)
    }

    /// The arguments as they were taken, by name.
    fn invocation(&self, args: &Arguments) -> Value {
        let mut names: Vec<&str> = self.spec.all().map(|argument| argument.name).collect();
        names.sort_unstable();
        // Names of nafal's own are between the action and the module.
        let names = names.into_iter().filter(|name| !name.starts_with("_nafal"));
        let values = names.map(|name| (name, args.value(name).cloned().unwrap_or_default()));
        let mut invocation = Dict::new();
        invocation.insert("module_args", Value::Dict(values.collect()));
        Value::Dict(invocation)
    }

    /// The values of secret arguments never come back in a result.
    fn hide_secrets(&self, args: &Arguments, outcome: &mut Outcome) {
        let secrets: Vec<&str> = self
            .spec
            .all()
            .filter(|argument| argument.secrecy == Secrecy::Hidden)
            .filter_map(|argument| args.text(argument.name))
            .filter(|secret| !secret.is_empty())
            .collect();
        if !secrets.is_empty() {
            let values = std::mem::take(&mut outcome.values);
            outcome.values =
                values.iter().map(|(key, value)| (key.clone(), without(value, &secrets))).collect();
        }
    }
}

fn without(value: &Value, secrets: &[&str]) -> Value {
    match value {
        Value::Str(text) if secrets.contains(&text.as_str()) => Value::from(HIDDEN),
        Value::Str(text) if secrets.iter().any(|secret| text.contains(secret)) => {
            let hidden = secrets
                .iter()
                .fold(text.to_string(), |text, secret| text.replace(secret, "********"));
            Value::from(hidden)
        }
        Value::List(items) => {
            Value::List(items.iter().map(|item| without(item, secrets)).collect())
        }
        Value::Dict(dict) => Value::Dict(
            dict.iter().map(|(key, value)| (key.clone(), without(value, secrets))).collect(),
        ),
        other => other.clone(),
    }
}

/// Adds what every result has: what its file is, the lines of its output, its warnings.
fn finish(mut outcome: Outcome, ctx: &Ctx) -> Outcome {
    crate::files::info::add_path_info(&mut outcome, |path| ctx.resolve(path));
    lines::add(&mut outcome);
    let warnings = ctx.take_warnings();
    if !warnings.is_empty() {
        outcome.values.insert("warnings", Value::from(warnings));
    }
    let deprecations = ctx.take_deprecations();
    if !deprecations.is_empty() {
        outcome.values.insert("deprecations", Value::from(deprecations));
    }
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn found_by_all_their_names() {
        for name in ["ping", "ansible.builtin.ping", "ansible.legacy.ping"] {
            assert_eq!(find(name).map(|module| module.spec.name), Some("ping"));
        }
        assert!(find("community.general.ping").is_none());
        for name in ["ini_file", "ansible.builtin.ini_file", "community.general.ini_file"] {
            let found = find(name).map(|module| module.spec.name);
            assert_eq!(found, Some("community.general.ini_file"));
        }
        assert!(find("ansible.posix.ini_file").is_none());
    }

    #[test]
    fn names_are_unique() {
        assert_eq!(BY_NAME.len(), MODULES.len());
    }

    #[test]
    fn secrets_do_not_come_back() {
        let value = Value::from(vec!["pw", "a pw b", "x"]);
        let shown = Value::from(vec![HIDDEN, "a ******** b", "x"]);
        assert_eq!(without(&value, &["pw"]), shown);
    }
}
