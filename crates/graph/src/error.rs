//! What can be wrong with a play beyond its own file: roles and files that aren't there, and the
//! like.

use nafal_base::{Diagnostic, Span};

/// A play that can't be compiled.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// A role that no search path has.
    #[error("The role '{name}' was not found in: {searched}")]
    RoleNotFound {
        /// The role.
        name: String,
        /// Where it was looked for, joined by colons as stock does.
        searched: String,
        /// Where it is used.
        span: Option<Span>,
    },
    /// A file of tasks that isn't there or can't be read.
    #[error("{message}")]
    File {
        /// What is wrong, in stock's words.
        message: String,
        /// Where it is imported.
        span: Option<Span>,
    },
    /// A role that (indirectly) depends on itself, or a file that imports itself.
    #[error("{message}")]
    Recursion {
        /// What goes round.
        message: String,
        /// Where.
        span: Option<Span>,
    },
    /// A role's argument spec that is none.
    #[error("the argument spec '{entry}' of the role '{role}' must be a mapping, not '{kind}'")]
    ArgumentSpec {
        /// The role.
        role: String,
        /// The entry point.
        entry: String,
        /// What it is instead.
        kind: String,
        /// Where, if the value has a place.
        span: Option<Span>,
    },
    /// What the parser found in a file that this play needs; all of it.
    #[error("{}", .0.first().map(|diagnostic| diagnostic.message.as_str()).unwrap_or_default())]
    Parse(Vec<Diagnostic>),
    /// A template in a place that must be known before anything runs.
    #[error("{}", .0.message)]
    Template(Box<Diagnostic>),
    /// The same in a role's name, which ends the run in another way.
    #[error("{}", .0.message)]
    RoleName(Box<Diagnostic>),
    /// A template that gave `omit`: as if the keyword weren't written, where there is a default.
    #[error("{}", .0.message)]
    Omitted(Box<Diagnostic>),
    /// Something known that is not built yet.
    #[error("{what} is not built yet in nafal")]
    NotBuilt {
        /// The keyword or feature.
        what: String,
        /// Where.
        span: Option<Span>,
    },
}

impl Error {
    /// All diagnostics that it stands for.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        match self {
            Error::Parse(diagnostics) => diagnostics.clone(),
            Error::Template(diagnostic)
            | Error::RoleName(diagnostic)
            | Error::Omitted(diagnostic) => {
                vec![(**diagnostic).clone()]
            }
            Error::RoleNotFound { span, .. } => {
                vec![
                    Diagnostic::error(self.to_string()).at(span.clone()).hint(
                        "roles are looked for in the playbook's roles folder and in roles_path",
                    ),
                ]
            }
            Error::File { span, .. }
            | Error::Recursion { span, .. }
            | Error::ArgumentSpec { span, .. } => {
                vec![Diagnostic::error(self.to_string()).at(span.clone())]
            }
            Error::NotBuilt { span, .. } => vec![
                Diagnostic::error(self.to_string())
                    .at(span.clone())
                    .hint("docs/compatibility.md lists what there is"),
            ],
        }
    }
}
