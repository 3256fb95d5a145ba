//! What ends a run from inside: everything else is an outcome.

use nafal_base::Diagnostic;
use nafal_variables::FilesFault;

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
    /// A file that was to be included can't be read; all that is wrong with it.
    #[error("{}", .0.first().map(|diagnostic| diagnostic.message.as_str()).unwrap_or_default())]
    Broken(Vec<Diagnostic>),
    /// A question that nobody can answer any more.
    #[error("Unexpected Exception, this is probably a bug: {0}")]
    NoAnswer(String),
    /// Somebody left the debugger so that nothing more runs, and was told.
    #[error("the run was ended from the debugger")]
    Quit,
    /// Somebody asked to stop (SIGINT, SIGTERM, a library's cancel).
    #[error("the run was interrupted")]
    Cancelled,
}

impl From<FilesFault> for Error {
    fn from(fault: FilesFault) -> Error {
        match fault {
            FilesFault::Fatal(diagnostic) => Error::Fatal(diagnostic),
            FilesFault::Content(diagnostics) => Error::Broken(diagnostics),
        }
    }
}
