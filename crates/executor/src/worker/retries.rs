//! How often a task is tried: `retries`, `delay`, and what is told between two tries. Must not know what a try does.

use std::time::Duration;

use nafal_base::Outcome;
use nafal_templating::Renderer;

use crate::worker::background::meanwhile;
use crate::worker::fault::Fault;
use crate::worker::job::{Job, Message};
use crate::worker::keywords;
use crate::worker::once::Settled;

/// How often the task is tried, and how long it waits between.
pub(crate) struct Tries {
    pub count: u32,
    pub delay: Duration,
}

/// What the task's keywords say.
pub(crate) fn plan(job: &Job, renderer: &Renderer<'_>) -> Result<Tries, Fault> {
    let node = &job.task.node;
    let retries = keywords::optional("retries", node.retries.as_ref(), renderer)?;
    let delay = keywords::optional("delay", node.delay.as_ref(), renderer)?.unwrap_or(5.0);
    let count = match retries {
        Some(retries) => u32::try_from(retries.max(0)).unwrap_or(u32::MAX).saturating_add(1),
        None if node.until.is_empty() => 1,
        // Three tries after the first, as documented.
        None => 4,
    };
    Ok(Tries { count, delay: Duration::try_from_secs_f64(delay.max(0.0)).unwrap_or_default() })
}

/// Tells that it is tried again.
pub(crate) fn tell(job: &Job, settled: &Settled, outcome: &Outcome, tries: u32, attempt: u32) {
    // Stock counts the try that follows, and the first one as a retry (case `callback-default`).
    let outcome = outcome.clone().with("attempts", attempt + 1).with("retries", tries);
    let result = Box::new(meanwhile(job, settled, outcome));
    let _ = job.out.send(Message::Retrying(result, tries - 1 - attempt));
}

/// Sleeps, but not through a cancel.
pub(crate) fn wait(job: &Job, delay: Duration) {
    nafal_actions::sleep(delay, job.shared.services.cancelled());
}
