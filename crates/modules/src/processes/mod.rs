//! Processes that modules start: their groups, their output, their end.

mod capture;
mod forks;
mod groups;
mod masked;

pub use capture::{Ended, Limit, RunError, Stream, run};
pub use forks::{output, spawn, starting, writing};
pub use groups::{Cancelled, Processes};
pub use masked::{Inherited, inheriting};
