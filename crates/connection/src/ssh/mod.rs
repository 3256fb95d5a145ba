//! Machines behind ssh: one master connection each, sessions over it. The system's ssh does the
//! work, so that everybody's configuration, jump hosts, agents and keys count.

mod arguments;
mod locale;
mod machine;
mod runtime;

pub use arguments::USUAL as USUAL_SSH_ARGS;
pub use machine::{Machine, Means};
pub use runtime::Runtime;
