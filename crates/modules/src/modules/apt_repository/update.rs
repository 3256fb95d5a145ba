//! Getting apt's lists anew, several times if need be. Must not know why.

use std::time::Duration;

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result};

/// Updates the lists, as often as the task says.
pub fn update(args: &Arguments, ctx: &Ctx) -> Result<()> {
    let tool = ctx.tool("apt-get")?;
    let tries = args.int("update_cache_retries").unwrap_or_default();
    let most = args.int("update_cache_retry_max_delay").unwrap_or_default();
    let mut why = "unknown reason".to_owned();
    for attempt in 1..=tries {
        // What can't be fetched is an error here, though apt-get alone would only warn.
        let gave = ctx.run_tool(&tool, &["-q", "-o", "APT::Update::Error-Mode=any", "update"])?;
        if gave.code == 0 {
            return Ok(());
        }
        let errors: Vec<String> = gave
            .stderr
            .lines()
            .filter_map(|line| line.strip_prefix("E: "))
            .map(|line| format!("E:{line}"))
            .collect();
        why = errors.join(", ");
        ctx.warn(format!("Failed to update cache after {attempt} due to {why} retry, retrying"));
        if attempt == tries || ctx.processes().is_cancelled() {
            break;
        }
        let exponent = u32::try_from(attempt - 1).unwrap_or(31).min(31);
        let seconds = (1_i64 << exponent).min(most).max(0);
        ctx.warn(format!(
            "Sleeping for {seconds} seconds, before attempting to update the cache again"
        ));
        std::thread::sleep(Duration::from_secs(seconds.unsigned_abs()));
    }
    Err(Failure::new(format!("Failed to update apt cache after {tries} retries: {why}")))
}
