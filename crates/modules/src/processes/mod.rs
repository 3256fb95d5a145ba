//! Processes that modules start: their groups, their output, their end.

mod groups;

pub use groups::Processes;
