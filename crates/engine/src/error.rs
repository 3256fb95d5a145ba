//! What keeps a run from starting, or ends it.

use std::path::PathBuf;

use nafal_base::{Diagnostic, Span};

/// Why the engine can't do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file that can't be read.
    #[error("could not read {}: {reason}", path.display())]
    ReadFile {
        /// Which.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// ansible.cfg can't be read.
    #[error("Error reading config file ({path}): {message}", path = path.display())]
    BadConfig {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        message: String,
        /// Where.
        span: Span,
    },
    /// A setting with a value that it can't have.
    #[error("Config '{name}' has an invalid value '{value}': {expected} is expected")]
    BadSetting {
        /// The setting.
        name: String,
        /// Its value.
        value: String,
        /// What it must be.
        expected: &'static str,
    },
    /// A setting of stock's that wants a number.
    #[error(
        "Config {setting} from '{origin}' has an invalid value: Invalid value provided for '{kind}': {value}"
    )]
    WrongNumber {
        /// The setting, quoted, with its plugin.
        setting: String,
        /// Where it is said.
        origin: String,
        /// The type that is wanted.
        kind: &'static str,
        /// The value as Python writes it.
        value: String,
    },
    /// A setting of stock's with a value that is none of its own.
    #[error("Invalid value {value} for config {setting}. Valid values are: {choices}")]
    WrongChoice {
        /// The setting, quoted, with its plugin.
        setting: String,
        /// The value as Python writes it.
        value: String,
        /// What it may be.
        choices: String,
    },
    /// Everything that is wrong with what was loaded, and the exit code that stock gives for it.
    #[error("{}", diagnostics.first().map(Diagnostic::chain).unwrap_or_default())]
    Load {
        /// All of it.
        diagnostics: Vec<Diagnostic>,
        /// The exit code.
        code: u8,
    },
    /// The run itself could not go on.
    #[error(transparent)]
    Run(#[from] nafal_executor::Error),
}

impl Error {
    /// What is wrong, to be shown.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        match self {
            Error::Load { diagnostics, .. } => diagnostics.clone(),
            Error::BadConfig { span, .. } => {
                vec![Diagnostic::error(self.to_string()).at(span.clone())]
            }
            Error::Run(nafal_executor::Error::Fatal(diagnostic)) => vec![(**diagnostic).clone()],
            Error::Run(nafal_executor::Error::Quit) => Vec::new(),
            Error::Run(nafal_executor::Error::Broken(diagnostics)) => diagnostics.clone(),
            other => vec![Diagnostic::error(other.to_string())],
        }
    }

    /// The exit code that stock ends with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Load { code, .. } => *code,
            Error::BadConfig { .. }
            | Error::BadSetting { .. }
            | Error::WrongNumber { .. }
            | Error::WrongChoice { .. } => 5,
            Error::ReadFile { .. } => 1,
            Error::Run(nafal_executor::Error::Cancelled) => 130,
            Error::Run(nafal_executor::Error::Broken(_)) => 4,
            Error::Run(nafal_executor::Error::NoAnswer(_)) => 250,
            Error::Run(nafal_executor::Error::Quit) => 99,
            Error::Run(_) => 1,
        }
    }

    /// A load that failed for one reason.
    pub fn load(diagnostic: Diagnostic, code: u8) -> Error {
        Error::Load { diagnostics: vec![diagnostic], code }
    }
}
