//! JSON as Python's `json` reads and writes it, with its complaints.

mod write;

pub use nafal_base::value::json_read::{LoneSurrogate, read, read_noting};
pub use write::{Layout, write};
