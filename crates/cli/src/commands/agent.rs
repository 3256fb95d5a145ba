//! `nafal agent`: what the controller starts on a target, or beside itself. Must not know what it
//! serves.

use super::table::Call;

/// Serves on standard input and output until the input ends.
pub fn run(_call: &Call) -> u8 {
    // Nobody reads what it would say of a broken pipe: the controller is gone.
    u8::try_from(nafal_engine::serve_agent()).unwrap_or(1)
}
