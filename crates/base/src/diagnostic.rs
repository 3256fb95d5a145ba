//! What is wrong, where, why and what to do about it. Must not know how it is shown.

use crate::span::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The run can't go on, or didn't start.
    Error,
    /// The run goes on.
    Warning,
    /// A use that will stop to work.
    Deprecation,
}

/// One step deeper in why something happened: stock's `<<< caused by >>>`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// What happened at this step.
    pub message: String,
    /// Where.
    pub span: Option<Span>,
    /// The remedy, if this step knows one.
    pub hint: Option<String>,
}

/// A message with its place, its remedy and its causes.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in stock's words where scripts look for them.
    pub message: String,
    /// Where.
    pub span: Option<Span>,
    /// The remedy.
    pub hint: Option<String>,
    /// Why, from the outermost to the deepest.
    pub causes: Vec<Cause>,
    /// Faults that are one together, each with its causes.
    pub parts: Vec<Diagnostic>,
}

/// How stock ends what it says of something that a version of ansible-core won't have.
const REMOVED: &str = " This feature will be removed from ansible-core version ";

impl Diagnostic {
    /// A deprecation of what this version of ansible-core won't have any more. `what` is a sentence.
    pub fn deprecation(what: &str, version: &str) -> Diagnostic {
        Diagnostic::new(Severity::Deprecation, format!("{what}{REMOVED}{version}."))
    }

    /// What the sentence of such a deprecation says, and the version.
    pub fn deprecated(&self) -> Option<(&str, &str)> {
        let (what, version) = self.message.split_once(REMOVED)?;
        Some((what, version.trim_end_matches('.')))
    }

    /// An error.
    pub fn error(message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Error, message)
    }

    /// A warning.
    pub fn warning(message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Severity::Warning, message)
    }

    /// A diagnostic of this severity without place, hint or cause.
    pub fn new(severity: Severity, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity,
            message: message.into(),
            span: None,
            hint: None,
            causes: Vec::new(),
            parts: Vec::new(),
        }
    }

    /// The same, at this place.
    #[must_use]
    pub fn at(mut self, span: impl Into<Option<Span>>) -> Diagnostic {
        self.span = span.into();
        self
    }

    /// The same, with a remedy.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hint = Some(hint.into());
        self
    }

    /// The same, with one cause more, deeper than those it has.
    #[must_use]
    pub fn caused_by(mut self, message: impl Into<String>, span: Option<Span>) -> Diagnostic {
        self.causes.push(Cause { message: message.into(), span, hint: None });
        self
    }

    /// Message and causes in one line, as stock joins them into a result's `msg`.
    pub fn chain(&self) -> String {
        let mut text = self.message.clone();
        for cause in &self.causes {
            // Some messages end with their cause's already (case bad-inventory-constructed).
            if text.ends_with(&cause.message) {
                continue;
            }
            if !text.ends_with(':') {
                while text.ends_with('.') {
                    text.pop();
                }
                text.push(':');
            }
            text.push(' ');
            text.push_str(&cause.message);
        }
        text
    }
}
