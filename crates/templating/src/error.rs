//! What goes wrong in a template, with its place and its causes. Must not know how it is shown.

use std::sync::Arc;

use nafal_base::value::Failure;
use nafal_base::{
    Diagnostic, Object, ObjectKind, ObjectRef, Span, Undefined, UndefinedReason, Value,
};

/// What kind of thing went wrong.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ErrorKind {
    /// Something undefined was used. `default` and `defined` catch it inside lazy variables.
    #[error("{}", .0.message())]
    Undefined(Arc<Undefined>),
    /// The template can't be read.
    #[error("{0}")]
    Syntax(String),
    /// An operation, a filter or a lookup failed.
    #[error("{0}")]
    Failed(String),
    /// A failure that says all by itself: no headline is put over it.
    #[error("{0}")]
    Complete(String),
    /// A template gave `omit` where only a value will do.
    #[error("A template was resolved to an Omit scalar.")]
    Omit,
}

/// An error with its place, its remedy and what caused it. One pointer wide.
#[derive(Clone, Debug, PartialEq)]
pub struct Error(Box<Data>);

#[derive(Clone, Debug, PartialEq)]
struct Data {
    kind: ErrorKind,
    span: Option<Span>,
    /// The line within the template's own text, from 1; 0 when nobody knows.
    line: u32,
    hint: Option<String>,
    cause: Option<Error>,
}

impl Error {
    /// An operation that failed.
    pub fn new(message: impl Into<String>) -> Error {
        Error::of(ErrorKind::Failed(message.into()))
    }

    /// An error of this kind.
    pub fn of(kind: ErrorKind) -> Error {
        Error(Box::new(Data { kind, span: None, line: 0, hint: None, cause: None }))
    }

    /// A template that can't be read.
    pub fn syntax(message: impl Into<String>) -> Error {
        Error::of(ErrorKind::Syntax(message.into()))
    }

    /// A failure that stands without a headline.
    pub fn complete(message: impl Into<String>) -> Error {
        Error::of(ErrorKind::Complete(message.into()))
    }

    /// Something undefined that was used.
    pub fn undefined(undefined: &Arc<Undefined>) -> Error {
        if let Some(failed) = failed(undefined) {
            return failed.clone();
        }
        let span = undefined.span.clone();
        Error::of(ErrorKind::Undefined(Arc::clone(undefined))).at(span)
    }

    /// The same, at this place, when it has none yet.
    #[must_use]
    pub fn at(mut self, span: impl Into<Option<Span>>) -> Error {
        if self.0.span.is_none() {
            self.0.span = span.into();
        }
        self
    }

    /// The same, on this line of the template's own text, when it has none yet.
    #[must_use]
    pub(crate) fn on_line(mut self, line: u32) -> Error {
        if self.0.line == 0 {
            self.0.line = line;
        }
        self
    }

    /// The line within the template's own text, from 1; 0 when nobody knows.
    pub(crate) fn line(&self) -> u32 {
        self.0.line
    }

    /// The same, with a remedy.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Error {
        self.0.hint = Some(hint.into());
        self
    }

    /// The same, with what caused it.
    #[must_use]
    pub fn caused_by(mut self, cause: Error) -> Error {
        self.0.cause = Some(cause);
        self
    }

    /// What kind of thing went wrong, at the outermost step.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The message of the outermost step.
    pub fn message(&self) -> String {
        self.0.kind.to_string()
    }

    /// Where it happened.
    pub fn span(&self) -> Option<&Span> {
        self.0.span.as_ref()
    }

    /// What caused it.
    pub fn cause(&self) -> Option<&Error> {
        self.0.cause.as_ref()
    }

    /// Whether this, or what caused it, is something undefined that was used.
    pub fn is_undefined(&self) -> bool {
        self.undefined_marker().is_some()
    }

    /// The undefined thing that is the reason for it.
    pub fn undefined_marker(&self) -> Option<&Arc<Undefined>> {
        match &self.0.kind {
            ErrorKind::Undefined(undefined) => Some(undefined),
            _ => self.0.cause.as_ref()?.undefined_marker(),
        }
    }

    /// The same as a diagnostic.
    pub fn to_diagnostic(&self) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(self.message()).at(self.0.span.clone());
        diagnostic.hint = self.0.hint.clone();
        let mut next = self.cause();
        while let Some(cause) = next {
            diagnostic = diagnostic.caused_by(cause.message(), cause.0.span.clone());
            if let Some(last) = diagnostic.causes.last_mut() {
                last.hint = cause.0.hint.clone();
            }
            next = cause.cause();
        }
        diagnostic
    }

    /// Message and causes in one line, as stock joins them.
    pub fn chain(&self) -> String {
        self.to_diagnostic().chain()
    }
}

/// The result of a call that failed with this error: stock tells the error when the result is used, so
/// `{% set _ = l.remove(x) %}` does no harm.
pub(crate) fn deferred(error: Error, span: Option<&Span>) -> Value {
    let failure = Failure(ObjectRef::new(Failed(error)));
    let reason = UndefinedReason::Failed(failure);
    Value::Undef(Arc::new(Undefined { reason, span: span.cloned() }))
}

/// The error of the call that this is the result of.
pub(crate) fn failed(undefined: &Undefined) -> Option<&Error> {
    match &undefined.reason {
        UndefinedReason::Failed(failure) => {
            failure.0.downcast::<Failed>().map(|Failed(error)| error)
        }
        _ => None,
    }
}

#[derive(Debug)]
struct Failed(Error);

impl Object for Failed {
    fn type_name(&self) -> &str {
        "CapturedExceptionMarker"
    }

    fn kind(&self) -> ObjectKind {
        ObjectKind::Plain
    }

    fn to_text(&self) -> String {
        self.0.chain()
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.chain())
    }
}

impl std::error::Error for Error {}

impl From<nafal_base::value::Unordered> for Error {
    fn from(pair: nafal_base::value::Unordered) -> Error {
        Error::new(format!(
            "'<' not supported between instances of '{}' and '{}'",
            pair.left, pair.right
        ))
    }
}
