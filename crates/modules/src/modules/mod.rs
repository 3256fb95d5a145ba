//! The native modules, one file each, and their table.

mod ping;

use crate::registry::Module;

/// Every native module.
pub const MODULES: &[Module] = &[ping::MODULE];
