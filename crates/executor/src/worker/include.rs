//! Includes: the worker says what is wanted, the coordinator reads and splices.

use nafal_actions::{Absence, Effect, IncludeRequest, Included, Performed};
use nafal_base::{Dict, Outcome, Value};
use nafal_templating::FromValue;

use crate::worker::arguments::Finalized;
use crate::worker::fault::Fault;
use crate::worker::job::Job;
use crate::worker::once::Item;

const TASKS: &[&str] = &["file", "apply", "_raw_params"];
const ROLE: &[&str] = &[
    "name",
    "role",
    "apply",
    "public",
    "tasks_from",
    "handlers_from",
    "vars_from",
    "defaults_from",
    "allow_duplicates",
    "rescuable",
    "rolespec_validate",
];

/// What an include asks for, as an outcome with an effect.
pub(crate) fn request(
    job: &Job,
    finalized: &Finalized,
    item: Option<&Item<'_>>,
) -> Result<Performed, Fault> {
    let action = job.task.node.action();
    let role = action == "ansible.builtin.include_role";
    let known = if role { ROLE } else { TASKS };
    check_options(job, &finalized.args, known)?;
    let included = if role {
        // Their values count where the role is loaded.
        for name in nafal_graph::ROLE_FLAGS {
            flag(job, &finalized.args, name)?;
        }
        role_of(job, &finalized.args)?
    } else {
        Included::Tasks(file_of(job, finalized)?)
    };
    // Its templates are those of the tasks inside (case `includes-three-deep`).
    let written = job.task.node.args.get("apply").and_then(Value::as_dict);
    let apply = written.or_else(|| finalized.args.get("apply").and_then(Value::as_dict));
    let apply = apply.cloned().unwrap_or_default();
    let request = IncludeRequest {
        included,
        apply,
        absence: absence(job, &finalized.args)?,
        variables: item.map(|item| item.variables.clone()).unwrap_or_default(),
        label: item.map(|item| item.label.clone()),
    };
    Ok(Performed::from(Outcome::ok()).effect(Effect::Include(request)))
}

fn absence(job: &Job, args: &Dict) -> Result<Absence, Fault> {
    Ok(match flag(job, args, "rescuable")? {
        Some(false) => Absence::EndsRun,
        _ => Absence::FailsTask,
    })
}

/// Stock words a wrong value as one of a keyword (cases `include-role-rescuable`, `role-vars-private`).
fn flag(job: &Job, args: &Dict, name: &str) -> Result<Option<bool>, Fault> {
    let Some(value) = args.get(name).filter(|value| !value.is_none()) else { return Ok(None) };
    let written = job.task.node.args.get(name).and_then(Value::span).cloned();
    bool::from_value(value.clone()).map(Some).map_err(|error| {
        Fault::of("", &error, value.span().or(written.as_ref()))
            .below(format!("Error processing keyword '{name}'"), written)
    })
}

fn check_options(job: &Job, args: &Dict, known: &[&str]) -> Result<(), Fault> {
    let bad: Vec<&str> =
        args.keys().filter_map(|key| key.as_str()).filter(|key| !known.contains(key)).collect();
    if bad.is_empty() {
        return Ok(());
    }
    let message = format!("Invalid options for {}: {}", job.task.node.info.action, bad.join(","));
    Err(Fault::new(message, Some(job.task.node.action_span.clone())))
}

fn file_of(job: &Job, finalized: &Finalized) -> Result<String, Fault> {
    let named = finalized.args.get("file").or_else(|| finalized.args.get("_raw_params"));
    let file = match (named, &finalized.raw) {
        (Some(value), _) => value.to_text().into_owned(),
        (None, Some(raw)) => raw.to_string(),
        (None, None) => String::new(),
    };
    let file = file.trim();
    if file.is_empty() {
        let message = format!("No file specified for {}", job.task.node.info.action);
        return Err(Fault::new(message, Some(job.task.node.action_span.clone())));
    }
    Ok(file.to_owned())
}

fn role_of(job: &Job, args: &Dict) -> Result<Included, Fault> {
    if args.get("name").or_else(|| args.get("role")).is_none() {
        let message = format!("'name' is a required field for {}.", job.task.node.info.action);
        return Err(Fault::new(message, Some(job.task.node.action_span.clone())));
    }
    Ok(Included::Role(args.clone()))
}
