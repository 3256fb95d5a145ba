//! Signals: the first asks the run to end in good order, the second ends the process.

use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use anyhow::Context;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

use crate::failure::INTERRUPTED;

/// The signal that wants the process to end by it; zero while there is none.
static ENDING: OnceLock<Arc<AtomicUsize>> = OnceLock::new();

/// Raises `flag` when somebody wants the run to end. Signals that are ignored stay so: `nohup` and
/// shells' background jobs want that.
pub fn watch(flag: &Arc<AtomicBool>) -> anyhow::Result<()> {
    let ending = ENDING.get_or_init(Arc::default);
    let ignored = ignored();
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        if ignored & (1 << (signal - 1)) != 0 {
            continue;
        }
        // This order matters: the process ends only if the flag was up before the signal.
        signal_hook::flag::register_conditional_shutdown(
            signal,
            i32::from(INTERRUPTED),
            Arc::clone(flag),
        )
        .and_then(|_| signal_hook::flag::register(signal, Arc::clone(flag)))
        .context("signals can't be watched")?;
        if signal != SIGINT {
            let number = usize::try_from(signal).unwrap_or_default();
            signal_hook::flag::register_usize(signal, Arc::clone(ending), number)
                .context("signals can't be watched")?;
        }
    }
    Ok(())
}

/// The signals that this process was told to ignore, as bits.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok()).unwrap_or_default()
}

/// Ends the process by the signal that ended its run, without a word, as stock ends: whoever sent
/// it sees that it worked. An interrupt is told instead.
pub fn end_by_signal() {
    let signal = ENDING.get().map_or(0, |ending| ending.load(Ordering::Relaxed));
    if let Ok(signal) = i32::try_from(signal)
        && signal != 0
    {
        // Nothing can be done about a process that doesn't end.
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
}
