//! YAML 1.1 as libyaml and PyYAML's safe loader see it: documents become values whose texts,
//! lists and dicts know where they were written.
//!
//! Must not know what a document is for.

mod binary;
mod compose;
mod construct;
mod date;
mod decode;
pub mod duplicates;
mod events;
mod hints;
mod load;
mod mapping;
mod panics;
mod places;
mod problem;
mod resolve;
mod write;

pub use decode::{Undecodable, decode};
pub use load::{Document, Loaded, load, load_data, load_one, load_plain, load_plain_all};
pub use panics::silence_scanner;
pub use places::Places;
pub use write::to_yaml;
