//! Debian's packages: what is installed, what could be, which version is higher, running its tools. Must
//! not know any module.

mod candidates;
mod installed;
mod specification;
mod tools;
mod version;

pub use candidates::{Candidates, Known, candidates, pattern, providers};
pub use installed::{Installed, State, installed};
pub use specification::{Comparison, Specification};
pub use tools::{Gave, run, run_waiting};
pub use version::compare;
