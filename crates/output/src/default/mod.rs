//! Stock's `default` callback: banners, a line a host, a recap.

mod callback;
mod deprecation;
mod lines;
mod recap;

pub use callback::{BannerArguments, DefaultCallback};
