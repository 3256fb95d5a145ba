//! What can go wrong between controller and target. Cloneable: all that wait for one agent get it.

use nafal_base::HostName;

/// A fault of transport.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Fault {
    /// No connection.
    #[error("{message}")]
    Unreachable {
        /// The host.
        host: HostName,
        /// Why, in ssh's words after stock's.
        message: String,
    },
    /// The agent or its connection ended while something was under way.
    #[error("the connection to {host} was lost while the task ran: {reason}")]
    Lost {
        /// The host.
        host: HostName,
        /// What is known.
        reason: String,
    },
    /// The agent could not be started.
    #[error("the agent could not be started on {host}: {reason}")]
    Start {
        /// The host.
        host: HostName,
        /// Why not.
        reason: String,
    },
    /// Another user could not be become.
    #[error("{message}")]
    Become {
        /// The host.
        host: HostName,
        /// What the program said.
        message: String,
    },
    /// The task took longer than it may.
    #[error("the task took longer than its timeout of {seconds} seconds")]
    TimedOut {
        /// The host.
        host: HostName,
        /// The timeout.
        seconds: u64,
    },
}

impl Fault {
    /// Whether the host counts as unreachable (else the task has failed).
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Fault::Unreachable { .. } | Fault::Lost { .. } | Fault::Start { .. })
    }
}
