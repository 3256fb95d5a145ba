//! Why a module gives up. Must not know any module.

use std::fmt;
use std::io;

use nafal_base::{Outcome, Value};

/// The outcome that a module fails with, as an error that `?` can carry out of it.
#[derive(Debug)]
pub struct Failure(Box<Outcome>);

/// What may end a module early.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    /// A failure with this message.
    pub fn new(message: impl Into<Box<str>>) -> Failure {
        Failure(Box::new(Outcome::failed(message)))
    }

    /// An error that stock's module doesn't expect.
    pub fn raised(message: impl Into<Box<str>>) -> Failure {
        Failure(Box::new(Outcome::raised(message)))
    }

    /// The same, with one value more.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Failure {
        self.0.values.insert(key, value.into());
        self
    }

    /// The outcome.
    pub fn into_outcome(self) -> Outcome {
        *self.0
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.text("msg").unwrap_or_default())
    }
}

impl std::error::Error for Failure {}

impl From<super::staged::WriteError> for Failure {
    fn from(error: super::staged::WriteError) -> Failure {
        Failure::new(error.to_string())
    }
}

/// An error of the system as Python's `str(OSError)` writes it: `[Errno 2] No such file or
/// directory: '/x'`. Scripts look for these words.
pub fn errno_text(error: &io::Error, path: Option<&str>) -> String {
    let Some(number) = error.raw_os_error() else {
        return error.to_string();
    };
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    match path {
        Some(path) => format!("[Errno {number}] {text}: {}", nafal_base::value::string_repr(path)),
        None => format!("[Errno {number}] {text}"),
    }
}
