//! What a command ends with when it can't do what it was asked: what is said, and the exit code
//! that stock has for it. Must not know how it is shown.

use nafal_base::Diagnostic;

/// The exit code of a request that contradicts itself or asks for what there isn't.
pub const USAGE: u8 = 5;
/// The exit code of a run that was interrupted.
pub const INTERRUPTED: u8 = 99;

/// Why a command ends early.
#[derive(Debug)]
pub struct Failure {
    /// What is wrong; each is shown.
    pub diagnostics: Vec<Diagnostic>,
    /// The exit code.
    pub code: u8,
}

impl Failure {
    /// One message with its exit code.
    pub fn new(message: impl Into<String>, code: u8) -> Failure {
        Failure { diagnostics: vec![Diagnostic::error(message)], code }
    }

    /// The request itself is wrong.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure::new(message, USAGE)
    }

    /// Nobody wants it any more.
    pub fn interrupted() -> Failure {
        Failure::new("User interrupted execution", INTERRUPTED)
    }
}

impl From<nafal_engine::Error> for Failure {
    fn from(error: nafal_engine::Error) -> Failure {
        let code = error.exit_code();
        // The engine's own word for it is a shell's; stock has another.
        if code == 130 {
            return Failure::interrupted();
        }
        Failure { diagnostics: error.diagnostics(), code }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Failure {
        Failure::new(format!("{error:#}"), 1)
    }
}
