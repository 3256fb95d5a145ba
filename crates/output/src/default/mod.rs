//! Stock's `default` callback: banners, a line a host, a recap.

mod callback;
mod custom_stats;

mod lines;
mod options;
mod recap;

pub use callback::DefaultCallback;
pub use options::{DefaultOptions, Lines};
