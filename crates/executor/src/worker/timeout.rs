//! `timeout`: how long a task's action may take.

use std::time::{Duration, Instant};

use nafal_actions::Performed;
use nafal_base::{Cause, Dict, Status, Value};
use nafal_templating::Renderer;

use crate::worker::fault::Fault;
use crate::worker::job::Job;
use crate::worker::keywords;

/// The most that stock takes.
const MOST: i64 = 100_000_000;

/// The limit, when there is one: the keyword, else the setting; 0 is none.
pub(crate) fn plan(job: &Job, renderer: &Renderer<'_>) -> Result<Option<Duration>, Fault> {
    let keyword = job.task.node.keywords.timeout.as_ref();
    let seconds = match keywords::optional("timeout", keyword, renderer)? {
        Some(seconds) if !(0..=MOST).contains(&seconds) => {
            let message = format!("Timeout {seconds} is invalid, it must be between 0 and {MOST}.");
            return Err(Fault::new(message, None));
        }
        Some(seconds) => u64::try_from(seconds).unwrap_or_default(),
        None => job.shared.services.settings().task_timeout,
    };
    Ok((seconds > 0).then(|| Duration::from_secs(seconds)))
}

/// Whether the limit has ended this: the target says so, or it took too long here, where nothing
/// can be stopped half-way.
pub(crate) fn is_over(performed: &Performed, begun: Instant, limit: Duration) -> bool {
    let told = performed.outcome.is_failed() && performed.outcome.values.contains("timedout");
    told || performed.outcome.status != Status::Unreachable && begun.elapsed() >= limit
}

/// What a task whose time is over comes to. Nothing judges it, nothing tries it again.
pub(crate) fn outcome(limit: Duration) -> Performed {
    let seconds = limit.as_secs();
    let message = format!("Timed out after {seconds} second(s).");
    let mut details = Dict::new();
    details.insert(
        "frame",
        Value::from("Configure `DISPLAY_TRACEBACK` to see a traceback on timeout errors."),
    );
    details.insert("period", Value::from(seconds));
    let mut performed = Performed::from_causes(vec![Cause { message, span: None, hint: None }]);
    performed.outcome.values.insert("timedout", Value::Dict(details));
    performed
}

#[cfg(test)]
mod tests {
    use nafal_base::Outcome;

    use super::*;

    #[test]
    fn over_or_not() {
        let limit = Duration::from_secs(1);
        let late = Instant::now().checked_sub(Duration::from_secs(2)).unwrap();
        let fine = Performed::from(Outcome::ok());
        assert!(!is_over(&fine, Instant::now(), limit));
        assert!(is_over(&fine, late, limit));
        assert!(!is_over(&Performed::from(Outcome::unreachable("gone")), late, limit));
        let told = Performed::from(Outcome::failed("x").with("timedout", Dict::new()));
        assert!(is_over(&told, Instant::now(), limit));
        assert!(outcome(Duration::from_secs(3)).outcome.values.contains("timedout"));
    }
}
