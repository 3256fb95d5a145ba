//! `register` as a mapping: variables that are expressions of the task's result. They see each
//! other, and conditions after the action see them (case `register-projections`).

use std::sync::Arc;

use nafal_base::{Diagnostic, Outcome, Status, Text, Value};
use nafal_parser::playbook::ast::Register;
use nafal_templating::Renderer;
use nafal_variables::TaskScope;

use crate::prepared::Prepared;
use crate::worker::current_task;
use crate::worker::job::{Job, Report};
use crate::worker::once;

/// What the expressions came to.
#[derive(Clone, Default)]
pub(crate) struct Projected {
    /// The variables that are registered.
    pub values: Vec<(Text, Value)>,
    /// What is wrong with the others.
    faults: Vec<Diagnostic>,
}

/// The scope in which a task (or an item) has come to this: under its registered name, as `_task`.
pub(crate) fn with_result(scope: &TaskScope, task: &Prepared, outcome: &Outcome) -> TaskScope {
    let mut scope = scope.clone();
    current_task::record(&mut scope, outcome);
    match &task.node.register {
        None => {}
        Some(Register::Whole(name)) => {
            scope.with_local(name.clone(), Value::Dict(outcome.to_registered()));
        }
        Some(Register::Projections(projections)) => {
            for (name, expression) in projections {
                scope.with_local(name.clone(), lazy(expression));
            }
        }
    }
    scope
}

/// An expression as a variable that is evaluated when it is read.
fn lazy(expression: &Value) -> Value {
    match expression {
        Value::Str(text) => {
            let template = format!("{{{{ {} }}}}", text.as_str());
            Value::Str(Text::trusted(template, text.span().cloned()))
        }
        other => other.clone(),
    }
}

/// Whether the task registers expressions of its result.
pub(crate) fn are_wanted(job: &Job) -> bool {
    matches!(job.task.node.register, Some(Register::Projections(_)))
}

/// Evaluates a task's projections for this outcome.
pub(crate) fn project(job: &Job, scope: &TaskScope, outcome: &Outcome) -> Projected {
    let Some(Register::Projections(projections)) = &job.task.node.register else {
        return Projected::default();
    };
    let scope = with_result(scope, &job.task, outcome);
    let renderer = Renderer::new(&scope, &*job.task.effects);
    let mut projected = Projected::default();
    for (name, expression) in projections {
        let value = match expression {
            Value::Str(text) => renderer.expression(text),
            other => renderer.render(other),
        };
        match value {
            Ok(value) => projected.values.push((name.clone(), value)),
            Err(error) => {
                let told = error.to_diagnostic();
                let place = told.span.or_else(|| expression.span().cloned());
                let message = format!("Register projection '{}' failed", name.as_str());
                let mut fault = Diagnostic::error(message).caused_by(told.message, place);
                fault.causes.extend(told.causes);
                projected.faults.push(fault);
            }
        }
    }
    projected
}

/// Gives a report what its last projections came to: any fault fails the task, whose result stays.
pub(crate) fn settle(job: &Job, scope: &TaskScope, report: &mut Report, projected: Projected) {
    let Projected { values, faults } = projected;
    let total = values.len() + faults.len();
    report.registered = values;
    if faults.is_empty() {
        return;
    }
    let count = faults.len();
    let many = if count == 1 { "" } else { "s" };
    let mut told = Diagnostic::error(format!(
        "Task failed due to errors in {count} out of {total} register projections. ({count} sub-exception{many})"
    ));
    told.parts = faults;
    let result = &mut report.result;
    // The error that the task had goes on below.
    if let Some(before) = result.diagnostic.take() {
        told = told.caused_by(before.message.clone(), before.span.clone());
        told.causes.extend(before.causes.iter().cloned());
    }
    result.diagnostic = Some(Box::new(told));
    if result.outcome.status != Status::Unreachable {
        Arc::make_mut(&mut result.outcome).status = Status::Failed;
        let renderer = Renderer::new(scope, &*job.task.effects);
        result.ignored = matches!(once::ignores(job, &renderer), Ok(true));
    }
}
