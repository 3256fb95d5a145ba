//! JSON as Python's `json` reads and writes it, with its complaints.

mod read;
mod write;

pub use read::read;
pub use write::{Layout, write};
