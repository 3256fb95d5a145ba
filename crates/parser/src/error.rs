//! What can be wrong with what people wrote, in stock's words, with the place and a remedy. Must
//! not know how it is shown.

use nafal_base::{Diagnostic, Span};
use thiserror::Error;

/// How stock ends for a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitCode {
    /// 4: it could not be parsed.
    Parser,
    /// 1: any other fault.
    General,
}

impl ExitCode {
    /// The number.
    pub fn number(self) -> i32 {
        match self {
            ExitCode::Parser => 4,
            ExitCode::General => 1,
        }
    }
}

/// One fault.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum Error {
    /// The YAML is broken, or a value isn't what its tag says.
    #[error("YAML parsing failed: {message}")]
    Syntax {
        /// What is wrong.
        message: String,
        /// Where.
        span: Span,
        /// The remedy.
        hint: Option<String>,
    },
    /// Something that nafal knows and doesn't have yet.
    #[error("{what} are not built yet")]
    NotBuilt {
        /// What.
        what: String,
        /// Where.
        span: Span,
    },
    /// A keyword that doesn't exist there.
    #[error("'{keyword}' is not a valid attribute for a {owner}")]
    UnknownKeyword {
        /// As written.
        keyword: String,
        /// Stock's name for what it stands in.
        owner: &'static str,
        /// Where.
        span: Span,
        /// The keyword that may be meant.
        hint: Option<String>,
    },
    /// More than one action in a task.
    #[error("conflicting action statements: {first}, {second}")]
    ConflictingActions {
        /// The first.
        first: String,
        /// The second.
        second: String,
        /// The task.
        span: Span,
        /// The keyword that may be meant by the second.
        hint: Option<String>,
    },
    /// A task without an action.
    #[error("no module/action detected in task.")]
    NoAction {
        /// The task.
        span: Span,
    },
    /// An action that nobody has.
    #[error(
        "couldn't resolve module/action '{name}'. This often indicates a misspelling, missing \
         collection, or incorrect module path."
    )]
    UnknownAction {
        /// As written.
        name: String,
        /// The task.
        span: Span,
        /// The action that may be meant.
        hint: Option<String>,
    },
    /// A value that its keyword can't have.
    #[error("{message}")]
    Invalid {
        /// What is wrong.
        message: String,
        /// Where, when the value has a place.
        span: Option<Span>,
        /// The remedy.
        hint: Option<String>,
        /// How stock ends.
        exit: ExitCode,
    },
    /// A value that its keyword can't have, with the reason.
    #[error("{message}")]
    Caused {
        /// What is wrong.
        message: String,
        /// Why.
        cause: String,
        /// Where.
        span: Option<Span>,
        /// Where the cause is.
        place: Option<Span>,
        /// The remedy.
        hint: Option<String>,
    },
    /// A file of variables that holds something else.
    #[error("Invalid variable file contents.")]
    NotVariables {
        /// Where.
        span: Span,
    },
}

impl Error {
    /// A fault that ends with stock's exit code 4.
    pub(crate) fn invalid(message: impl Into<String>, span: impl Into<Option<Span>>) -> Error {
        Error::Invalid {
            message: message.into(),
            span: span.into(),
            hint: None,
            exit: ExitCode::Parser,
        }
    }

    /// A fault that ends with stock's exit code 1.
    pub(crate) fn general(message: impl Into<String>, span: impl Into<Option<Span>>) -> Error {
        Error::Invalid {
            message: message.into(),
            span: span.into(),
            hint: None,
            exit: ExitCode::General,
        }
    }

    /// The same with a remedy.
    #[must_use]
    pub(crate) fn with_hint(mut self, remedy: impl Into<String>) -> Error {
        match &mut self {
            Error::Syntax { hint, .. }
            | Error::UnknownKeyword { hint, .. }
            | Error::ConflictingActions { hint, .. }
            | Error::UnknownAction { hint, .. }
            | Error::Invalid { hint, .. }
            | Error::Caused { hint, .. } => *hint = Some(remedy.into()),
            Error::NotBuilt { .. } | Error::NoAction { .. } | Error::NotVariables { .. } => {}
        }
        self
    }

    /// Where.
    pub fn span(&self) -> Option<&Span> {
        match self {
            Error::Syntax { span, .. }
            | Error::NotBuilt { span, .. }
            | Error::UnknownKeyword { span, .. }
            | Error::ConflictingActions { span, .. }
            | Error::NoAction { span }
            | Error::UnknownAction { span, .. }
            | Error::NotVariables { span } => Some(span),
            Error::Invalid { span, .. } | Error::Caused { span, .. } => span.as_ref(),
        }
    }

    /// The remedy.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Error::Syntax { hint, .. }
            | Error::UnknownKeyword { hint, .. }
            | Error::ConflictingActions { hint, .. }
            | Error::UnknownAction { hint, .. }
            | Error::Invalid { hint, .. }
            | Error::Caused { hint, .. } => hint.as_deref(),
            Error::NoAction { .. } => Some("Name a module: `ansible.builtin.debug:`."),
            Error::NotVariables { .. } => {
                Some("A file of variables holds one mapping of names to values.")
            }
            Error::NotBuilt { .. } => None,
        }
    }

    /// How stock ends for it.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Error::Invalid { exit, .. } => *exit,
            _ => ExitCode::Parser,
        }
    }

    /// The fault as everything else is shown.
    pub fn diagnostic(&self) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(self.to_string()).at(self.span().cloned());
        diagnostic.hint = self.hint().map(str::to_owned);
        if let Error::Caused { cause, place, .. } = self {
            diagnostic = diagnostic.caused_by(cause.clone(), place.clone());
        }
        diagnostic
    }
}
