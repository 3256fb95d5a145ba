//! What ends a run from inside: everything else is an outcome.

use nafal_base::Diagnostic;

/// Why a run can't go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No threads to work with.
    #[error("the pool of {forks} workers can't be started: {reason}")]
    Pool {
        /// How many were wanted.
        forks: usize,
        /// Why not.
        reason: String,
    },
    /// Something that has no outcome: a play's own keyword that can't be rendered, a handler that
    /// isn't there.
    #[error("{}", .0.message)]
    Fatal(Box<Diagnostic>),
    /// Somebody asked to stop (SIGINT, SIGTERM, a library's cancel).
    #[error("the run was interrupted")]
    Cancelled,
}
