//! The Python that a task wants of its target, and what the task tells of the one that was found there. Must not
//! know how it is looked for.

use std::cell::{Cell, OnceCell};

use nafal_actions::python::{Wanted, tell, wanted};
use nafal_actions::{ActionContext, Performed, Remote};
use nafal_base::wire::Python;
use nafal_base::{HostName, Scope, TaskInfo, Value};
use nafal_templating::Renderer;

use crate::worker::arguments::Finalized;
use crate::worker::fault::Fault;
use crate::worker::job::{Job, Message};
use crate::worker::keywords;
use crate::worker::once::Settled;

/// The action whose result has no place for facts in stock (case `python-discovery`).
const TELLS_NOTHING: &str = "ansible.builtin.fetch";

/// Words what came back as stock's actions do.
pub(super) fn explain(
    context: &ActionContext<'_>,
    info: &TaskInfo,
    finalized: &Finalized,
    performed: &mut Performed,
) {
    let action = &info.resolved_action;
    nafal_actions::python::explain(context.effects, action, &finalized.args, performed);
}

/// The host that the task runs on.
fn host<'a>(job: &'a Job, settled: &'a Settled) -> &'a HostName {
    settled.delegate.as_ref().map_or(&job.name, |delegate| &delegate.name)
}

/// What that host wants, unless an earlier item or try has found it.
pub(crate) fn of(
    job: &Job,
    scope: &dyn Scope,
    renderer: &Renderer<'_>,
    settled: &Settled,
) -> Result<Wanted, Fault> {
    let host = host(job, settled);
    if let Some((_, path)) = job.discovered.borrow().iter().find(|(known, _)| known == host) {
        return Ok(Wanted::known(path.clone()));
    }
    let setting = job.shared.services.settings().interpreter.as_deref();
    let wanted = wanted(scope, renderer, setting).map_err(|error| Fault::of("", &error, None))?;
    if matches!(wanted.python, Python::Discover(_)) && job.shared.services.settings().verbosity > 2
    {
        let _ = job.out.send(Message::Discovering(host.clone()));
    }
    Ok(wanted)
}

/// The same, found once for a try: a fault of it is one on the way.
pub(crate) fn asked(
    once: &OnceCell<Wanted>,
    find: impl FnOnce() -> Result<Wanted, Fault>,
    on_the_way: &Cell<Option<Fault>>,
) -> Result<Python, Performed> {
    if once.get().is_none() {
        let found = find().map_err(|fault| {
            on_the_way.set(Some(fault));
            Performed::default()
        })?;
        let _ = once.set(found);
    }
    Ok(once.get().map(|wanted| wanted.python.clone()).unwrap_or_default())
}

/// Keeps the one that was found, as a fact and in warnings.
pub(crate) fn settle(
    job: &Job,
    renderer: &Renderer<'_>,
    settled: &Settled,
    (wanted, remote): (Option<&Wanted>, &Remote<'_>),
    performed: &mut Performed,
) {
    let (Some(wanted), Some(found)) = (wanted, remote.discovered()) else { return };
    let Some((path, warnings)) = wanted.found(&job.name, &found) else { return };
    if !warnings.is_empty() {
        let mut all = match performed.outcome.values.get("warnings") {
            Some(Value::List(known)) => known.to_vec(),
            _ => Vec::new(),
        };
        all.extend(warnings.into_iter().map(Value::from));
        performed.outcome.values.insert("warnings", Value::from(all));
    }
    let keyword = job.task.node.keywords.delegate_facts.as_ref();
    let is_kept =
        || matches!(keywords::optional("delegate_facts", keyword, renderer), Ok(Some(true)));
    let action = settled.info.as_ref().map(|info| info.resolved_action.as_str());
    if action != Some(TELLS_NOTHING) && (settled.delegate.is_none() || is_kept()) {
        tell(&path, performed);
    }
    job.discovered.borrow_mut().push((host(job, settled).clone(), path));
}
