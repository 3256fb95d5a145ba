//! Stock's `junit` callback: a report in XML of every playbook.

mod callback;
mod fault;
mod options;
mod place;
mod report;

pub use callback::Junit;
pub use options::JunitOptions;
