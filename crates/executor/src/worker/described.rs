//! What results tell of their task's keywords and arguments, as they were rendered for a host (case
//! `callback-python-keywords`). Must not know who listens; where nobody asks, nothing is gathered.

use std::sync::Arc;

use nafal_base::event::Mode;
use nafal_base::{Dict, Value};
use nafal_templating::{FromValue, Renderer};
use nafal_variables::TaskScope;

use crate::worker::arguments::Finalized;
use crate::worker::delegation;
use crate::worker::job::{Detail, Job};
use crate::worker::keywords::optional;
use crate::worker::once::{self, Settled};
use crate::worker::retries;

/// What a loop's result keeps of its last item's.
const OF_LOOP: [&str; 2] = ["connection", "ignore_errors"];

/// All of them, under the names that stock's tasks have for them.
pub(crate) fn keywords(
    job: &Job,
    (scope, renderer): (&TaskScope, &Renderer<'_>),
    settled: &Settled,
    finalized: &Finalized,
) -> Option<Arc<Dict>> {
    if job.shared.detail == Detail::Plain {
        return None;
    }
    let own = &job.task.node.keywords;
    let mut told = Dict::new();
    let mut args = finalized.args.clone();
    if let Some(raw) = &finalized.raw {
        args.insert("_raw_params", Value::Str(raw.clone()));
    }
    told.insert("args", Value::Dict(args));
    let target = settled.delegate.as_ref().map_or(scope, |delegate| &delegate.scope);
    told.insert("connection", Value::from(delegation::connection(job, target)));
    let mut add = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            told.insert(name, value);
        }
    };
    add("delegate_to", settled.delegate.as_ref().map(|delegate| delegate.name.as_str().into()));
    add("remote_user", settled.target.remote_user.as_deref().map(Value::from));
    add("become", settled.target.becomes.map(Value::Bool));
    add("become_user", settled.target.become_user.as_deref().map(Value::from));
    add("become_method", settled.target.become_method.as_deref().map(Value::from));
    add("check_mode", Some(Value::Bool(settled.mode == Mode::Check)));
    add("diff", Some(Value::Bool(settled.diff)));
    add("ignore_errors", once::ignores(job, renderer).ok().map(Value::Bool));
    add("run_once", rendered::<bool>("run_once", own.run_once.as_ref(), renderer));
    add("throttle", rendered::<i64>("throttle", own.throttle.as_ref(), renderer));
    add("timeout", rendered::<i64>("timeout", own.timeout.as_ref(), renderer));
    if let Ok(plan) = retries::plan(job, renderer) {
        add("delay", Some(Value::Float(plan.delay.as_secs_f64())));
    }
    Some(Arc::new(told))
}

fn rendered<T: FromValue + Into<Value>>(
    name: &str,
    keyword: Option<&nafal_base::Template<T>>,
    renderer: &Renderer<'_>,
) -> Option<Value> {
    optional(name, keyword, renderer).ok().flatten().map(Into::into)
}

/// What is left of them for the result of a whole loop.
pub(crate) fn of_loop(keywords: &Dict) -> Arc<Dict> {
    let kept = OF_LOOP.iter().filter_map(|name| Some((*name, keywords.get(name)?.clone())));
    Arc::new(kept.collect())
}
