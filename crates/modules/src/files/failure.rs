//! Why a module gives up. Must not know any module.

use std::fmt;
use std::io;

use nafal_base::charset::CharsetError;
use nafal_base::{Outcome, Value, system_words};

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

    /// An error that stock's module doesn't expect: its steps, outermost first.
    pub fn raised<T: Into<Value>>(steps: impl IntoIterator<Item = T>) -> Failure {
        let steps = steps.into_iter().map(Into::into).collect::<Vec<Value>>();
        Failure(Box::new(Outcome::raised(Value::from(steps))))
    }

    /// The failure with the system's own words for why, which stock shows in the message above the
    /// task's result and not inside it.
    #[must_use]
    pub fn because(self, reason: &io::Error, path: &str) -> Failure {
        self.with("exception", errno_bytes(reason, path))
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

impl From<Outcome> for Failure {
    fn from(outcome: Outcome) -> Failure {
        Failure(Box::new(outcome))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.text("msg") {
            Some(told) => f.write_str(told),
            None => write!(f, "{:?}", self.0.clone().take_raised()),
        }
    }
}

impl std::error::Error for Failure {}

impl From<super::staged::WriteError> for Failure {
    fn from(error: super::staged::WriteError) -> Failure {
        Failure::raised(error.steps())
    }
}

/// Stock's modules don't expect text that isn't in its encoding.
impl From<CharsetError> for Failure {
    fn from(error: CharsetError) -> Failure {
        Failure::raised([error.to_string()])
    }
}

/// The same for what stock names in bytes: `[Errno 2] No such file or directory: b'/x'`.
pub fn errno_bytes(error: &io::Error, path: &str) -> String {
    format!("{}: b{}", errno_text(error, None), nafal_base::value::string_repr(path))
}

/// An error of the system as Python's `str(OSError)` writes it: `[Errno 2] No such file or
/// directory: '/x'`. Scripts look for these words.
pub fn errno_text(error: &io::Error, path: Option<&str>) -> String {
    let Some(number) = error.raw_os_error() else {
        return error.to_string();
    };
    let text = system_words(error);
    match path {
        Some(path) => format!("[Errno {number}] {text}: {}", nafal_base::value::string_repr(path)),
        None => format!("[Errno {number}] {text}"),
    }
}
