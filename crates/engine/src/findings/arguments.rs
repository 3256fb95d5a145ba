//! Arguments that modules and actions don't have, lack, or can't take. Of modules that users bring nothing is known.

use nafal_actions::ActionKind;
use nafal_base::{Dict, Span, Value};
use nafal_graph::TaskNode;
use nafal_graph::findings::{Finding, Program, Rule, did_you_mean, word_after};
use nafal_modules::arguments::Fault;

use crate::services::EngineServices;

/// How far below its action's name an argument is looked for.
const LINES: u32 = 60;

/// Actions that hand on what they are given to whichever module the target needs: their names aren't known.
const HANDS_ON: [&str; 2] = ["service", "package"];

/// Every fault of the arguments of a play's tasks.
pub(super) fn faults(program: &Program, services: &EngineServices) -> Vec<Finding> {
    program.all().flat_map(|task| of_task(task, services)).collect()
}

fn of_task(task: &TaskNode, services: &EngineServices) -> Vec<Finding> {
    let Some(taken) = Taken::of(task, services) else { return Vec::new() };
    let given = given(task);
    // What is given elsewhere may be what is missing here.
    let is_rendered = given.get("_raw_params").is_some_and(Value::has_template);
    let is_all =
        task.args_template.is_none() && task.keywords.module_defaults.is_empty() && !is_rendered;
    let faults = taken.faults(&given);
    let told = faults.into_iter().filter(|fault| is_all || !matches!(fault, Fault::Missing { .. }));
    told.map(|fault| finding(task, &taken, fault)).collect()
}

/// The arguments as the module will see them.
fn given(task: &TaskNode) -> Dict {
    let mut given = task.args.clone();
    if let Some(raw) = &task.raw {
        given.insert("_raw_params", Value::Str(raw.clone()));
    }
    given
}

fn finding(task: &TaskNode, taken: &Taken, fault: Fault) -> Finding {
    let action = &task.info.action;
    match fault {
        Fault::Unknown { name } => {
            let place = place_of(task, &name);
            let hint = did_you_mean(&name, taken.names());
            let message = format!("{action} has no argument '{name}'");
            Finding::new(Rule::UnknownArgument, message, place).hint(hint)
        }
        Fault::Wrong { name, message, choices } => {
            let value = task.args.get(&name);
            let place = value.and_then(Value::span).cloned().or_else(|| place_of(task, &name));
            let word = value.map(|value| value.to_text().into_owned()).unwrap_or_default();
            let hint = did_you_mean(&word, choices.iter().copied());
            Finding::new(Rule::WrongArgument, format!("{action}: {message}"), place).hint(hint)
        }
        Fault::Missing { name } => {
            let message = format!("{action} needs the argument '{name}'");
            Finding::new(Rule::MissingArgument, message, Some(task.action_span.clone()))
        }
    }
}

/// Where an argument's name stands.
fn place_of(task: &TaskNode, name: &str) -> Option<Span> {
    // In `k=v` text it is the text's place.
    let key = task.args.entry(name).and_then(|(key, _)| key.value().span());
    Some(word_after(key.unwrap_or(&task.action_span), name, LINES))
}

fn may_be_omitted(value: &Value) -> bool {
    value.has_template() && value.as_str().is_some_and(|text| text.contains("omit"))
}

/// What an action takes.
struct Taken {
    spec: Option<&'static nafal_modules::Spec>,
    own: Option<Vec<&'static str>>,
    hands_on: bool,
}

impl Taken {
    fn of(task: &TaskNode, services: &EngineServices) -> Option<Taken> {
        let action = nafal_actions::find(task.action())?;
        // A module in `library/` stands before nafal's, for who writes its short name.
        if services.files.finder.in_library(&task.info.action).is_some() {
            return None;
        }
        let spec = match action.kind {
            ActionKind::Flow => return None,
            ActionKind::Here(_) | ActionKind::Module => {
                nafal_modules::find(action.name).map(|module| &module.spec)
            }
        };
        let own = nafal_actions::own_arguments(action.name);
        let hands_on = HANDS_ON.contains(&action.name);
        (spec.is_some() || own.is_some()).then_some(Taken { spec, own, hands_on })
    }

    fn faults(&self, given: &Dict) -> Vec<Fault> {
        let mut faults = match self.spec {
            Some(spec) => nafal_modules::arguments::faults(spec, given),
            None => given
                .keys()
                .filter(|key| !key.value().has_template())
                .map(|key| Fault::Unknown { name: key.value().to_text().into_owned() })
                .collect(),
        };
        faults.retain(|fault| match fault {
            // `{{ x | default(omit) }}`: it may not be given at all.
            Fault::Unknown { name } if given.get(name).is_some_and(may_be_omitted) => false,
            Fault::Unknown { name } => {
                let is_own = self.own.iter().flatten().any(|own| own == name);
                !(is_own || self.hands_on || name == "_raw_params")
            }
            Fault::Wrong { .. } => true,
            Fault::Missing { .. } => !self.hands_on,
        });
        faults
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        let of_spec =
            self.spec.into_iter().flat_map(nafal_modules::Spec::all).flat_map(|argument| {
                [argument.name].into_iter().chain(argument.aliases.iter().copied())
            });
        let all: Vec<&'static str> = of_spec.chain(self.own.iter().flatten().copied()).collect();
        all.into_iter().filter(|name| !name.starts_with('_'))
    }
}
