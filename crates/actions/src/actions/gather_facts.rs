//! `gather_facts`: what a play does by itself before its tasks: runs `setup`, or the modules that
//! `ansible_facts_modules` names, and keeps the facts.

use nafal_base::outcome::NO_TRACEBACK;
use nafal_base::{Cause, Dict, Outcome, Status, Value};
use nafal_templating::filters::dicts::{Depth, ListMerge, merge};

use crate::arguments::{to_bool, to_names};
use crate::context::ActionContext;
use crate::effect::{Effect, Failure, Performed};
use crate::foreign;
use crate::python;
use crate::table::{self, ActionKind};

/// The fact that says that a host's facts were gathered.
pub const GATHERED: &str = "_ansible_facts_gathered";

/// What only `setup` takes, and how stock calls it.
const OF_SETUP: [(&str, &str); 3] =
    [("gather_subset", "subset"), ("gather_timeout", "timeout"), ("filter", "filter")];

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, mut args: Dict) -> Result<Performed, Performed> {
    // One after the other gives the same facts.
    if let Some(parallel) = args.remove("parallel").filter(|value| !value.is_none())
        && to_bool(&parallel).is_none()
    {
        let message = format!("The value {} is not a valid boolean.", parallel.repr());
        return Err(Performed::raised(message, None, None));
    }
    let mut gathered = Gathered::default();
    for module in &modules(context)? {
        let outcome = one(context, module, args.clone(), &mut gathered.warnings)?;
        if outcome.status == Status::Unreachable {
            return Ok(Performed::module(outcome));
        }
        gathered.add(module, outcome);
    }
    Ok(gathered.performed())
}

/// The modules that the host wants.
fn modules(context: &ActionContext<'_>) -> Result<Vec<String>, Performed> {
    let value = context.target_scope.get("ansible_facts_modules");
    let value = value.map(|value| context.renderer.render(&value)).transpose()?;
    let value = value.filter(|value| !value.is_none());
    let value_is_unset = value.is_none();
    let names: Vec<String> = match value {
        None => context.facts_modules.to_vec(),
        Some(value) => to_names(&value),
    };
    let is_usual = names == ["smart"] || value_is_unset && names.is_empty();
    Ok(if is_usual { vec!["ansible.legacy.setup".to_owned()] } else { names })
}

/// Runs one of them: the user's own before nafal's.
fn one(
    context: &ActionContext<'_>,
    name: &str,
    mut args: Dict,
    warnings: &mut Vec<Value>,
) -> Result<Outcome, Performed> {
    let full = table::full_name(name);
    if full != "ansible.builtin.setup" {
        for (key, word) in OF_SETUP {
            if let Some(value) = args.remove(key).filter(Value::is_true) {
                let text = format!("Not passing {word}({}) to {name}", value.to_text());
                warnings.push(Value::from(text));
            }
        }
    }
    let own = context.finder.in_library(name);
    let native = table::find(name)
        .is_some_and(|action| own.is_none() && matches!(action.kind, ActionKind::Module));
    let mut args = context.with_defaults(&full, args)?;
    if native {
        if let Some(subsets) = context.facts_subsets
            && full == "ansible.builtin.setup"
            && !args.contains("gather_subset")
        {
            args.insert("gather_subset", Value::from(subsets.to_vec()));
        }
        return Ok(context.remote.run_now(name, args));
    }
    let Some(module) = own.or_else(|| context.finder.find(name)) else {
        let message = format!("The module {name} was not found in configured module paths");
        return Err(Performed::raised(message, None, None));
    };
    let performed = foreign::run(context, context.finder, &module, &args);
    match performed.failure {
        Failure::Raised(_) if performed.outcome.text("msg").is_none() => Err(performed),
        _ => Ok(performed.outcome),
    }
}

/// What they gave.
#[derive(Default)]
struct Gathered {
    facts: Dict,
    warnings: Vec<Value>,
    deprecations: Vec<Value>,
    failed: Vec<(String, Outcome)>,
    skipped: Vec<(String, Outcome)>,
}

impl Gathered {
    fn add(&mut self, module: &str, mut outcome: Outcome) {
        match outcome.status {
            Status::Failed => return self.failed.push((module.to_owned(), outcome)),
            Status::Skipped => return self.skipped.push((module.to_owned(), outcome)),
            _ => {}
        }
        for (key, all) in
            [("warnings", &mut self.warnings), ("deprecations", &mut self.deprecations)]
        {
            if let Some(Value::List(some)) = outcome.values.remove(key) {
                all.extend(some.iter().cloned());
            }
        }
        if let Some(Value::Dict(facts)) = outcome.values.get("ansible_facts") {
            self.facts = merge(&self.facts, facts, Depth::Recursive, ListMerge::AppendPresent);
        }
    }

    fn performed(mut self) -> Performed {
        let message = named("failed to execute", &self.failed);
        let mut outcome = match &message {
            Some(message) => Outcome::failed(message.as_str()),
            None => {
                // What smart gathering looks for; `setup` by itself doesn't count (case facts-smart).
                self.facts.insert(GATHERED, Value::Bool(true));
                Outcome::ok()
            }
        };
        if let Some(skipped) = named("were skipped", &self.skipped) {
            outcome = outcome.with("msg", skipped).with("skipped_modules", results(&self.skipped));
        }
        for (key, all) in [("warnings", self.warnings), ("deprecations", self.deprecations)] {
            if !all.is_empty() {
                outcome.values.insert(key, Value::from(all));
            }
        }
        let facts = Value::Dict(self.facts.clone());
        outcome = outcome.with("ansible_facts", facts).with("_ansible_verbose_override", true);
        let Some(message) = message else {
            return Performed::module(outcome).effect(Effect::Facts(self.facts));
        };
        let hint = Some(sub_events(&self.failed));
        outcome.values.insert("failed_modules", results(&self.failed));
        let failure = Failure::Broken(Cause { message, span: None, hint });
        Performed { outcome, effects: Vec::new(), failure }
    }
}

/// "The following modules …", when there are any.
fn named(what: &str, modules: &[(String, Outcome)]) -> Option<String> {
    let names: Vec<&str> = modules.iter().map(|(name, _)| name.as_str()).collect();
    let names = Some(names.join(", ")).filter(|_| !modules.is_empty())?;
    Some(format!("The following modules {what}: {names}."))
}

/// Modules' results as they stand in that of the task.
fn results(modules: &[(String, Outcome)]) -> Value {
    let each = modules.iter().map(|(name, outcome)| (name.clone(), result(outcome)));
    Value::Dict(each.collect())
}

fn result(outcome: &Outcome) -> Value {
    let mut result = outcome.to_registered();
    if outcome.is_failed() {
        result.insert("exception", Value::from(NO_TRACEBACK));
    }
    for key in ["warnings", "deprecations"] {
        if !result.contains(key) {
            result.insert(key, Value::from(Vec::<Value>::new()));
        }
    }
    Value::Dict(result)
}

/// What each of them said, in a frame.
fn sub_events(failed: &[(String, Outcome)]) -> String {
    let mut text = String::new();
    for (index, (_, outcome)) in failed.iter().enumerate() {
        let mut said = outcome.text("msg").unwrap_or_default().to_owned();
        if let Some(remedy) = python::remedy(&said) {
            said += &format!(" {remedy}");
        }
        text += &format!("+--[ Sub-Event {} of {} ]---\n| \n", index + 1, failed.len());
        for line in said.split('\n').chain([""]) {
            text += &format!("| {line}\n");
        }
    }
    text + "+--[ End Sub-Event ]---"
}
