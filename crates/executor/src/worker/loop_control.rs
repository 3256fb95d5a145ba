//! `loop_control`: the loop's names and switches, its labels, and when it ends early.

use std::sync::Arc;
use std::time::Duration;

use nafal_actions::{is_variable_name, name_fault};
use nafal_base::outcome::NO_TRACEBACK;
use nafal_base::{Diagnostic, Scope, Span, Status, Template, Value};
use nafal_templating::Renderer;
use nafal_variables::TaskScope;

use crate::worker::conditions::{self, Verdict};
use crate::worker::fault::Fault;
use crate::worker::job::Job;
use crate::worker::keywords;
use crate::worker::once::{self, Done};
use crate::worker::projections::with_result;

/// Stock's advice for names of variables.
const NAMES: &str = "Variable names must be strings starting with a letter or underscore character, and contain only letters, numbers and underscores.";

/// Names that an extended loop takes for itself.
const RESERVED: &[&str] = &["ansible_loop", "ansible_loop_var", "ansible_index_var"];

/// The names and switches.
pub(crate) struct Control {
    pub variable: String,
    pub index: Option<String>,
    pub extended: bool,
    pub all_items: bool,
    pub pause: Duration,
}

/// Renders them; names that can't be used fail the task, those in use are warned of.
pub(crate) fn control(
    job: &Job,
    scope: &TaskScope,
    renderer: &Renderer<'_>,
) -> Result<Control, Fault> {
    let control = &job.task.node.loop_control;
    let variable = name(job, scope, "loop_var", control.loop_var.as_ref(), renderer)?;
    let index = name(job, scope, "index_var", control.index_var.as_ref(), renderer)?;
    if variable.is_none() && scope.get("item").is_some() {
        warn(job, "item", "loop_var", None);
    }
    let pause = keywords::optional("pause", control.pause.as_ref(), renderer)?.unwrap_or(0.0);
    Ok(Control {
        variable: variable.unwrap_or_else(|| "item".to_owned()),
        index,
        extended: keywords::optional("extended", control.extended.as_ref(), renderer)?
            .unwrap_or(false),
        all_items: keywords::optional(
            "extended_allitems",
            control.extended_allitems.as_ref(),
            renderer,
        )?
        .unwrap_or(true),
        pause: Duration::try_from_secs_f64(pause.max(0.0)).unwrap_or_default(),
    })
}

fn name(
    job: &Job,
    scope: &TaskScope,
    keyword: &str,
    template: Option<&Template<String>>,
    renderer: &Renderer<'_>,
) -> Result<Option<String>, Fault> {
    let Some(name) = keywords::optional(keyword, template, renderer)? else { return Ok(None) };
    let written = template.and_then(|template| template.source.span());
    let unplaced = || Span::whole(&nafal_base::Source::new("<unknown>", name.as_str()));
    let span = written.cloned().unwrap_or_else(unplaced);
    if !is_variable_name(&name) {
        let fault = name_fault(&Value::from(name.as_str()));
        return Err(Fault::new(fault, Some(span))
            .hint(NAMES)
            .below(format!("Invalid '{keyword}'"), None));
    }
    if scope.get(&name).is_some() || RESERVED.contains(&name.as_str()) {
        warn(job, &name, keyword, Some(span));
    }
    Ok(Some(name))
}

fn warn(job: &Job, name: &str, keyword: &str, span: Option<Span>) {
    let span = span.unwrap_or_else(|| Span::whole(&nafal_base::Source::new("<unknown>", name)));
    let what = if RESERVED.contains(&name) { "reserved" } else { "already in use" };
    let warning = Diagnostic::warning(format!("The variable '{name}' is {what}."))
        .at(span)
        .hint(format!("You should set the `{keyword}` value in the `loop_control` option for the task to something else to avoid variable collisions and unexpected behavior."));
    job.task.effects.tell(warning);
}

/// What is shown of an item: its label, or itself where that can't be rendered, with a warning.
pub(crate) fn label(
    job: &Job,
    inner: &TaskScope,
    item: &Value,
    done: Option<&Done>,
) -> (Value, Option<String>) {
    // One that is empty as it is written is none (case `loop-control-labels`).
    let written = job.task.node.loop_control.label.as_ref().filter(|label| label.is_true());
    let Some(written) = written else { return (item.clone(), None) };
    let scope = done
        .map_or_else(|| inner.clone(), |done| with_result(inner, &job.task, &done.result.outcome));
    let renderer = Renderer::new(&scope, &*job.task.effects);
    match renderer.render(written) {
        Ok(label) => (label, None),
        Err(error) => {
            let message = format!("Failed to template loop_control label: {}", error.chain());
            job.task.effects.tell(Diagnostic::warning(&*message).at(written.span().cloned()));
            (item.clone(), Some(message))
        }
    }
}

/// Whether `break_when` ends the loop after this item. One that can't be evaluated fails it.
pub(crate) fn breaks(job: &Job, inner: &TaskScope, done: &mut Done) -> bool {
    let conditions = &job.task.node.loop_control.break_when;
    if conditions.is_empty() {
        return false;
    }
    let scope = with_result(inner, &job.task, &done.result.outcome);
    let renderer = Renderer::new(&scope, &*job.task.effects);
    let verdict = conditions::all("break_when", conditions, &job.task.node.keywords, &renderer);
    let outcome = Arc::make_mut(&mut done.result.outcome);
    match verdict {
        Ok(verdict) => {
            let holds = matches!(verdict, Verdict::Holds);
            outcome.values.insert("break_when_result", Value::Bool(holds));
            holds
        }
        Err(fault) => {
            let (told, diagnostic) = fault.alone();
            let message = told.text("msg").unwrap_or_default();
            let reason = message.split_once("failed: ").map_or(message, |(_, reason)| reason);
            outcome.values.insert("break_when_result", Value::from(reason));
            // What the item failed of stays beside it (case `loop-break-corners`).
            if outcome.is_failed() {
                let own = outcome.values.get("exception").cloned().unwrap_or_default();
                outcome.values.insert("break_when_suppressed_exception", own);
            }
            outcome.values.insert("exception", Value::from(NO_TRACEBACK));
            outcome.status = Status::Failed;
            done.result.ignored = matches!(once::ignores(job, &renderer), Ok(true));
            done.result.diagnostic = Some(Box::new(diagnostic));
            true
        }
    }
}
