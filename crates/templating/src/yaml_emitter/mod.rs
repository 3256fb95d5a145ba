//! YAML as PyYAML writes it through libyaml: its choice of styles, its folding, its quotes. Knows
//! values only; reading YAML is elsewhere.

mod analysis;
mod anchors;
mod emitter;
mod resolve;
mod scalars;

pub use emitter::{Flow, Lines, Options, write};
