//! Loops: their items, their variables, and what they come to.

use std::sync::{Arc, PoisonError};

use nafal_actions::Effect;
use nafal_base::event::{Disclosure, ItemResult};
use nafal_base::outcome::NO_TRACEBACK;
use nafal_base::{Dict, List, Outcome, Source, Span, Value};
use nafal_parser::playbook::ast::{LoopSource, Register};
use nafal_templating::Renderer;
use nafal_variables::TaskScope;

use crate::worker::conditions::{self, Verdict};
use crate::worker::current_task::{self, Progress, SharedProgress};
use crate::worker::fault::Fault;
use crate::worker::job::{Job, Message, Report};
use crate::worker::loop_control::{self, Control};
use crate::worker::once::{self, Done, Item};
use crate::worker::projections::{self, Projected};
use crate::worker::{described, keywords, remains, results};

/// Runs the task for each item.
pub(crate) fn perform(job: &Job, scope: &TaskScope) -> Report {
    let renderer = Renderer::new(scope, &*job.task.effects);
    match items(job, &renderer) {
        Ok(items) => match loop_control::control(job, scope, &renderer) {
            Ok(_) if items.is_empty() => nothing(job, scope),
            Ok(control) => each(job, scope, &items, &control),
            Err(fault) => broken(job, scope, &renderer, fault, Told::Alone),
        },
        Err(fault) => {
            // Something undefined fails the task; a list that is none is told by itself.
            let is_missing = |message: &str| {
                message.ends_with("is undefined") || message.contains("has no attribute '")
            };
            let undefined = fault.0.iter().any(|cause| is_missing(&cause.message));
            let told = if undefined { Told::AsFailedTask } else { Told::Alone };
            broken(job, scope, &renderer, fault, told)
        }
    }
}

/// How a loop's fault is told.
#[derive(Clone, Copy)]
enum Told {
    AsFailedTask,
    Alone,
}

/// A list that can't be made: a task whose `when` is false without it is skipped all the same.
fn broken(
    job: &Job,
    scope: &TaskScope,
    renderer: &Renderer<'_>,
    fault: Fault,
    told: Told,
) -> Report {
    let when = &job.task.node.keywords.when;
    if !when.is_empty()
        && let Ok(Verdict::Fails(_)) =
            conditions::all("when", when, &job.task.node.keywords, renderer)
    {
        return projected(job, scope, Report::of(job, once::perform(job, scope, None)));
    }
    let (mut outcome, diagnostic) = match told {
        Told::AsFailedTask => fault.outcome(job.task.node.info.span.as_ref()),
        Told::Alone => fault.alone(),
    };
    outcome.values.insert("exception", Value::from(NO_TRACEBACK));
    let ignored = matches!(once::ignores(job, renderer), Ok(true));
    let mut done = bare(job, outcome);
    done.result.ignored = ignored;
    done.result.diagnostic = Some(Box::new(diagnostic));
    projected(job, scope, done)
}

fn nothing(job: &Job, scope: &TaskScope) -> Report {
    let outcome = Outcome::skipped()
        .with("results", Vec::<Value>::new())
        .with("skip_reason", "No items in the list")
        .with("skipped_reason", "No items in the list");
    projected(job, scope, bare(job, outcome))
}

/// A report of a task that ran for no item.
fn bare(job: &Job, outcome: Outcome) -> Report {
    let mut report = Report::bare(job, outcome);
    let settings = job.shared.services.settings();
    report.result.disclosure = keywords::disclosure_as_written(&job.task.node.keywords, settings);
    report
}

/// A report of what no item ran for, with what it registers.
fn projected(job: &Job, scope: &TaskScope, mut report: Report) -> Report {
    let projected = projections::project(job, scope, &report.result.outcome);
    projections::settle(job, scope, &mut report, projected);
    report
}

fn items(job: &Job, renderer: &Renderer<'_>) -> Result<Vec<Value>, Fault> {
    let Some(repeat) = &job.task.node.repeat else { return Ok(Vec::new()) };
    match &repeat.source {
        LoopSource::Items(written) => match rendered(written, renderer)? {
            Value::List(items) | Value::Tuple(items) => Ok(items.into_vec()),
            other => Err(Fault::new(
                format!("The `loop` value must resolve to a 'list', not '{}'.", other.type_name()),
                written.span().or(Some(&repeat.span)).cloned(),
            )
            .hint("Provide a list of items/templates, or a template resolving to a list.")),
        },
        LoopSource::Lookup { name, terms } => {
            // What is undefined is no file (case `loop-first-found-undefined`).
            let terms = if name.ends_with("first_found") {
                let defined = renderer.render_defined(terms);
                defined.map_err(|error| Fault::of("", &error, terms.span()))?
            } else {
                rendered(terms, renderer)?
            };
            let terms = match terms {
                Value::List(items) => items.into_vec(),
                other => vec![other],
            };
            renderer.lookup(name, &terms).map_err(|error| {
                // Stock knows no place of what a lookup says (case `loops-with-everything`).
                let unplaced = Span::whole(&Source::new("<unknown>", "invoke_lookup()"));
                Fault::of("", &error, Some(&unplaced))
            })
        }
    }
}

/// A value that a loop's list is made of.
fn rendered(written: &Value, renderer: &Renderer<'_>) -> Result<Value, Fault> {
    renderer.render(written).map_err(|error| Fault::of("", &error, written.span()))
}

/// `ansible_loop`.
fn extended(items: &[Value], index: usize, all: Option<&List>) -> Value {
    let length = items.len();
    let mut dict = Dict::new();
    dict.insert("index", Value::from(index + 1));
    dict.insert("index0", Value::from(index));
    dict.insert("first", Value::Bool(index == 0));
    dict.insert("last", Value::Bool(index + 1 == length));
    dict.insert("length", Value::from(length));
    dict.insert("revindex", Value::from(length - index));
    dict.insert("revindex0", Value::from(length - index - 1));
    if let Some(all) = all {
        dict.insert("allitems", Value::List(all.clone()));
    }
    if let Some(next) = items.get(index + 1) {
        dict.insert("nextitem", next.clone());
    }
    if let Some(previous) = index.checked_sub(1).and_then(|index| items.get(index)) {
        dict.insert("previtem", previous.clone());
    }
    Value::Dict(dict)
}

fn variables(items: &[Value], index: usize, control: &Control, all: Option<&List>) -> Dict {
    let mut variables = Dict::with_capacity(4);
    let item = items.get(index).cloned().unwrap_or_default();
    variables.insert(control.variable.as_str(), item);
    variables.insert("ansible_loop_var", Value::from(control.variable.as_str()));
    if let Some(name) = &control.index {
        variables.insert(name.as_str(), Value::from(index));
        variables.insert("ansible_index_var", Value::from(name.as_str()));
    }
    if control.extended {
        variables.insert("ansible_loop", extended(items, index, all));
    }
    variables
}

fn each(job: &Job, scope: &TaskScope, items: &[Value], control: &Control) -> Report {
    let all: Option<List> =
        (control.extended && control.all_items).then(|| items.iter().cloned().collect());
    let progress = SharedProgress::default();
    let mut sum = Sum::default();
    let mut last: Option<Done> = None;
    let mut projected = Projected::default();
    let mut scope = scope.reached();
    for index in 0..items.len() {
        if index > 0 && !control.pause.is_zero() {
            std::thread::sleep(control.pause);
        }
        let local = variables(items, index, control, all.as_ref());
        let mut inner = scope.clone();
        for (name, value) in &local {
            if let Some(name) = name.as_text() {
                inner.with_local(name.clone(), value.clone());
            }
        }
        let before = last.as_ref().map(|last| &*last.result.outcome);
        current_task::begin_item(&mut inner, &progress, before);
        let item = items.get(index).unwrap_or(&Value::None);
        let (done, stop) = one(job, &inner, &Item { variables: &local, label: item, index });
        see_facts(job, &mut scope, &done.effects);
        if let Some(Register::Whole(name)) = &job.task.node.register {
            // The items after this one see what it came to (case `loop-extended`).
            let judged = results::judged(&done.result.outcome);
            scope.with_local(name.clone(), Value::Dict(judged.to_registered()));
        }
        if projections::are_wanted(job) {
            see_facts(job, &mut inner, &done.effects);
            projected = projections::project(job, &inner, &done.result.outcome);
            // The items after this one see what it registered.
            for (name, value) in &projected.values {
                scope.with_local(name.clone(), value.clone());
            }
        }
        sum.add(&done);
        progress.lock().unwrap_or_else(PoisonError::into_inner).add(&done.result.outcome, &local);
        last = Some(done);
        if stop {
            break;
        }
    }
    let progress = std::mem::take(&mut *progress.lock().unwrap_or_else(PoisonError::into_inner));
    let mut report = sum.report(job, progress, last);
    projections::settle(job, &scope, &mut report, projected);
    report
}

/// What an item's `set_fact` or `include_vars` gives is seen by the items after it.
pub(crate) fn see_facts(job: &Job, scope: &mut TaskScope, effects: &[Effect]) {
    for effect in effects {
        if let Effect::Facts(facts) = effect {
            scope.with_facts(facts);
            continue;
        }
        let (Effect::Variables(facts)
        | Effect::CacheableVariables(facts)
        | Effect::IncludedVariables(facts)) = effect
        else {
            continue;
        };
        for (name, value) in facts {
            if let Some(name) = name.as_text()
                && !job.shared.store.extra().contains(name)
            {
                scope.with_local(name.clone(), value.clone());
            }
        }
    }
}

/// One item: what it came to, and whether the loop ends after it.
fn one(job: &Job, inner: &TaskScope, written: &Item<'_>) -> (Done, bool) {
    let Item { variables: local, label: item, index } = *written;
    let before = job.task.is_include().then(|| loop_control::label(job, inner, item, None));
    let label = before.as_ref().map_or(item, |(label, _)| label);
    let mut done = once::perform(job, inner, Some(&Item { variables: local, label, index }));
    // A label may speak of the result.
    let (label, warning) =
        before.unwrap_or_else(|| loop_control::label(job, inner, item, Some(&done)));
    let outcome = Arc::make_mut(&mut done.result.outcome);
    for (name, value) in local {
        // Stock leaves out an item that is nothing.
        if !value.is_none() {
            outcome.values.insert(name.clone(), value.clone());
        }
    }
    if let Some(warning) = warning {
        outcome.values.insert("warnings", Value::from(vec![warning]));
    }
    let stop = loop_control::breaks(job, inner, &mut done);
    let label = if hidden_as_written(job, inner, &done) { Value::None } else { label };
    let message = ItemResult { result: done.result.clone(), label };
    let _ = job.out.send(Message::Item(Box::new(message)));
    (done, stop)
}

/// Whether an item is hidden by the mere text of `no_log`, which would say otherwise: its label is nothing, then (case `no-log-skipped`).
fn hidden_as_written(job: &Job, scope: &TaskScope, done: &Done) -> bool {
    let keywords = &job.task.node.keywords;
    if done.result.disclosure != Disclosure::Censored {
        return false;
    }
    let renderer = Renderer::new(scope, &*job.task.effects);
    let settings = job.shared.services.settings();
    keywords::disclosure(keywords, settings, &renderer) == Disclosure::Shown
}

/// What items add up to, beside their results.
#[derive(Default)]
struct Sum {
    ignored: bool,
    effects: Vec<Effect>,
    elsewhere: Vec<(nafal_base::HostName, Effect)>,
    notify: Vec<String>,
    keywords: Option<Arc<Dict>>,
    told: Vec<nafal_base::Diagnostic>,
}

impl Sum {
    fn add(&mut self, done: &Done) {
        // One item whose failure is ignored is enough for stock to ignore them all.
        self.ignored |= done.result.ignored;
        // An item that is skipped says nothing (case `callback-python-keywords`).
        if done.result.keywords.is_some() {
            self.keywords.clone_from(&done.result.keywords);
        }
        self.effects.extend(done.effects.iter().cloned());
        self.elsewhere.extend(done.elsewhere.iter().cloned());
        self.told.extend(done.result.told.iter().cloned());
        for name in &done.notify {
            if !self.notify.contains(name) {
                self.notify.push(name.clone());
            }
        }
    }

    fn report(self, job: &Job, progress: Progress, last: Option<Done>) -> Report {
        let (bad, unreachable) = (progress.is_bad(), progress.is_unreachable());
        let outcome = progress.outcome();
        let mut report = Report::bare(job, outcome);
        if let Some(last) = last {
            let result = &mut report.result;
            // Stock shows what was written, where no host was reached that could be shown.
            let written = job.task.node.keywords.delegate_to.as_ref().filter(|_| unreachable);
            result.delegated_to = written
                .map(|written| written.source.to_text().into_owned())
                .or(last.result.delegated_to);
            result.disclosure = last.result.disclosure;
            result.keywords = self.keywords.as_deref().map(described::of_loop);
            result.mode = last.result.mode;
            result.diff = last.result.diff;
        }
        report.result.ignored = bad && self.ignored;
        report.result.told = self.told;
        report.effects = self.effects;
        if bad {
            // Of a loop that fails nothing stays, not even what its good items brought, but for what
            // they changed of the inventory (case `loop-failed-keeps`).
            report.effects.retain(remains::outlives_failure);
        } else {
            report.elsewhere = self.elsewhere;
            report.notify = self.notify;
        }
        report
    }
}
