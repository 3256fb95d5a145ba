//! What isn't there, and why: walks on through attributes, items and calls, fails when used.

use crate::object::ObjectRef;
use crate::span::Span;

/// Why something is undefined.
#[derive(Clone, Debug, PartialEq)]
pub enum UndefinedReason {
    /// No variable of this name: "'x' is undefined".
    Name(String),
    /// A ready message ("object of type 'dict' has no attribute 'x'", a hint of `undef()`, …).
    Message(String),
    /// The value of an inline `if` without `else`: Jinja's plain Undefined.
    Plain,
    /// The result of a call that failed: using it, in whatever way, is that failure.
    Failed(Failure),
}

/// An error of whoever made the call, which alone knows its kind.
#[derive(Clone, Debug)]
pub struct Failure(pub ObjectRef);

impl PartialEq for Failure {
    fn eq(&self, other: &Failure) -> bool {
        self.0.same(&other.0)
    }
}

/// The marker inside [`super::Value::Undef`]. Whoever walks over it hands on the first one.
#[derive(Clone, Debug, PartialEq)]
pub struct Undefined {
    /// Why.
    pub reason: UndefinedReason,
    /// Where the expression stands that found nothing.
    pub span: Option<Span>,
}

impl Undefined {
    /// The message of the error that using it gives.
    pub fn message(&self) -> String {
        match &self.reason {
            UndefinedReason::Name(name) => {
                format!("{} is undefined", super::string_repr(name))
            }
            UndefinedReason::Message(message) => message.clone(),
            UndefinedReason::Failed(failure) => failure.0.to_text(),
            UndefinedReason::Plain => {
                "the inline if-expression evaluated to false and no else section was defined"
                    .to_owned()
            }
        }
    }
}
