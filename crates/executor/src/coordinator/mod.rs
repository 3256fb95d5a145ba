//! Runs a play: the one thread that owns what changes.

mod debugging;
mod described;
mod failed_task;
mod failure;
mod free;
mod handlers;
mod includes;
mod keywords;
mod membership;
mod meta;
mod meta_words;
mod play_run;
mod reserved;
mod results;
mod start;
mod stats;
mod step;
mod stepping;

pub use play_run::{PlayRules, PlayRun, PlayVerdict};
pub use stepping::Stepping;
