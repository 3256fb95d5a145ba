//! What goes wrong between controller and target. Must not know tasks.

use thiserror::Error;

/// A fault of transport, or of becoming another user. One fault may be told to many hosts' tasks.
#[derive(Clone, Debug, Error)]
pub enum Fault {
    /// No connection could be made.
    #[error("Failed to connect to the host via ssh: {reason}")]
    Unreachable {
        /// Where to.
        address: String,
        /// What ssh said.
        reason: String,
    },
    /// The connection or the agent went away, perhaps in the middle of a task.
    #[error("the connection to {machine} was lost: {reason}")]
    Lost {
        /// Where to.
        machine: String,
        /// What is known about it.
        reason: String,
    },
    /// The other user could not be become.
    #[error("{reason}")]
    Become {
        /// `sudo`, `su`.
        method: &'static str,
        /// Whom.
        user: String,
        /// Why not, in stock's words where it has some.
        reason: String,
    },
    /// The agent could not be brought to the target or started there.
    #[error("nafal's agent can't run on {machine}: {reason}")]
    Agent {
        /// Where.
        machine: String,
        /// Why not.
        reason: String,
    },
    /// A file could not be sent or fetched.
    #[error("{reason}")]
    Transfer {
        /// Where.
        machine: String,
        /// Why not.
        reason: String,
    },
}

impl Fault {
    /// Whether the host counts as unreachable; otherwise the task failed.
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Fault::Unreachable { .. } | Fault::Lost { .. })
    }

    /// What goes wrong on the controller's side before anything is sent.
    pub(crate) fn own(machine: &str, what: &str, error: &std::io::Error) -> Fault {
        Fault::Agent { machine: machine.to_owned(), reason: format!("{what}: {error}") }
    }
}
