//! `wait_for_connection`: until a module runs on the target, or the time is over.

use std::time::{Duration, Instant};

use nafal_base::event::Mode;
use nafal_base::{Dict, Outcome, Value};

use crate::arguments::refuse_others;
use crate::context::ActionContext;
use crate::effect::Performed;

pub(crate) const OPTIONS: [&str; 4] = ["connect_timeout", "delay", "sleep", "timeout"];

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, &args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, args: &Dict) -> Result<Performed, Performed> {
    // ssh's own limit holds for each attempt.
    seconds(args, "connect_timeout", 5)?;
    let (delay, sleep) = (seconds(args, "delay", 0)?, seconds(args, "sleep", 1)?);
    let timeout = seconds(args, "timeout", 600)?;
    if context.mode == Mode::Check {
        return Ok(Performed::from(Outcome::skipped()));
    }
    refuse_others("wait_for_connection", args, &OPTIONS)?;
    let begun = Instant::now();
    context.sleep(delay);
    loop {
        let answer = context.remote.anew().run("ansible.legacy.ping", Dict::new());
        let elapsed = Value::Int(i64::try_from(begun.elapsed().as_secs()).unwrap_or(i64::MAX));
        if answer.is_good() {
            return Ok(Outcome::ok().with("elapsed", elapsed).into());
        }
        if begun.elapsed() >= timeout || context.is_cancelled() {
            let reason = answer.text("msg").unwrap_or_default();
            let message = format!("timed out waiting for ping module test: {reason}");
            return Ok(Outcome::failed(message).with("elapsed", elapsed).into());
        }
        context.sleep(sleep.min(timeout.saturating_sub(begun.elapsed())));
    }
}

pub(super) fn seconds(args: &Dict, name: &str, default: u64) -> Result<Duration, Performed> {
    let number = match args.get(name) {
        None => return Ok(Duration::from_secs(default)),
        Some(Value::Int(number)) => *number,
        Some(Value::Bool(flag)) => i64::from(*flag),
        Some(Value::Float(number)) => *number as i64,
        Some(value) => value.to_text().trim().parse().map_err(|_| {
            let message = format!("invalid literal for int() with base 10: {}", value.repr());
            Performed::raised(message, None, None)
        })?,
    };
    Ok(Duration::from_secs(u64::try_from(number).unwrap_or(0)))
}
