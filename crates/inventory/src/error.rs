//! What can be wrong with an inventory or a host pattern, in stock's words.

use nafal_base::{Diagnostic, Span};

/// What is wrong.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// A source can't be read as what it is.
    #[error("{message}")]
    Source {
        /// What stock says.
        message: String,
        /// Where.
        span: Option<Span>,
    },
    /// Something below failed (a literal, a process), and what stock says above it.
    #[error("{message}: {cause}")]
    Caused {
        /// What stock says.
        message: String,
        /// What stood below.
        cause: String,
        /// Where.
        span: Option<Span>,
    },
    /// No source was read, and that is a failure.
    #[error("{message}")]
    Nothing {
        /// What stock says.
        message: String,
        /// What was warned of before.
        warnings: Vec<Diagnostic>,
    },
    /// A vault that can't be opened.
    #[error("{message}")]
    Sealed {
        /// What is wrong.
        message: String,
        /// Which file it is.
        path: String,
    },
    /// A value in a vault that can't be opened while it is shown.
    #[error("{message}")]
    Closed {
        /// What is wrong.
        message: String,
        /// Where the value is.
        span: Option<Span>,
    },
    /// A variables file beside the inventory or the playbook can't be read.
    #[error("{}", .0.message)]
    Variables(Box<Diagnostic>),
    /// A host pattern that can't be one.
    #[error("{message}")]
    Pattern {
        /// What stock says.
        message: String,
    },
    /// A group that would contain itself.
    #[error("Adding group '{child}' as child to '{parent}' creates a recursive dependency loop.")]
    Loop {
        /// The group that should be inside.
        child: String,
        /// The group that it would be inside of.
        parent: String,
    },
}

impl Error {
    /// A source that can't be read, without a place yet.
    pub(crate) fn source(message: impl Into<String>) -> Error {
        Error::Source { message: message.into(), span: None }
    }

    /// The same, at this place, if it has none yet.
    #[must_use]
    pub(crate) fn at(self, place: &Span) -> Error {
        match self {
            Error::Source { message, span } => {
                Error::Source { message, span: span.or_else(|| Some(place.clone())) }
            }
            Error::Caused { message, cause, span } => {
                Error::Caused { message, cause, span: span.or_else(|| Some(place.clone())) }
            }
            other => other,
        }
    }

    /// Where, if known.
    pub fn span(&self) -> Option<&Span> {
        match self {
            Error::Source { span, .. }
            | Error::Caused { span, .. }
            | Error::Closed { span, .. } => span.as_ref(),
            Error::Variables(diagnostic) => diagnostic.span.as_ref(),
            Error::Nothing { .. }
            | Error::Pattern { .. }
            | Error::Loop { .. }
            | Error::Sealed { .. } => None,
        }
    }

    /// As it is shown, after what was warned of before.
    pub fn diagnostics(self) -> Vec<Diagnostic> {
        let last = self.diagnostic();
        let mut all = match self {
            Error::Nothing { warnings, .. } => warnings,
            _ => Vec::new(),
        };
        all.push(last);
        all
    }

    /// As it is shown.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            Error::Variables(diagnostic) => (**diagnostic).clone(),
            Error::Caused { message, cause, span } => {
                Diagnostic::error(format!("{message}.")).at(span.clone()).caused_by(cause, None)
            }
            other => Diagnostic::error(other.to_string()).at(other.span().cloned()),
        }
    }
}
