//! Stock's `default` callback: banners, a line a host, a recap.

mod callback;
mod custom_stats;
mod deprecation;
mod lines;
mod recap;

pub use callback::{BannerArguments, CustomStats, DefaultCallback};
