//! Which agents the engine brings along. Must not know how they get to targets.

use nafal_connection::{Connections, Options};

/// The agent that this build carries: empty unless `NAFAL_CARRY` named one when it was built.
static CARRIED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/agent"));

/// Connections that use this build's agents.
pub(crate) fn connections() -> Connections {
    let stamp = Some(nafal_modules::STAMP);
    Connections::with_options(Options { carried: CARRIED, stamp, ..Options::default() })
}
