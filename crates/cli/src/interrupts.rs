//! SIGINT and SIGTERM: the first asks the run to end, the second ends the process.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use signal_hook::consts::{SIGINT, SIGTERM};

use crate::failure::INTERRUPTED;

/// Raises `flag` when somebody wants the run to end.
pub fn watch(flag: &Arc<AtomicBool>) -> anyhow::Result<()> {
    for signal in [SIGINT, SIGTERM] {
        // This order matters: the process ends only if the flag was up before the signal.
        signal_hook::flag::register_conditional_shutdown(
            signal,
            i32::from(INTERRUPTED),
            Arc::clone(flag),
        )
        .and_then(|_| signal_hook::flag::register(signal, Arc::clone(flag)))
        .context("signals can't be watched")?;
    }
    Ok(())
}
