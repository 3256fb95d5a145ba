//! Statements beyond Jinja2's own that the settings allow (`jinja2_extensions`). Must not know where settings are from.

use std::sync::OnceLock;

/// Statements that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// `{% do x.append(1) %}`.
    Do,
    /// `{% break %}` and `{% continue %}`.
    LoopControls,
}

/// Those of this process: templates are compiled once and kept, so that this must be said before.
static ALLOWED: OnceLock<Vec<Extension>> = OnceLock::new();

impl Extension {
    /// The one of this name of Jinja2's.
    pub fn named(name: &str) -> Option<Extension> {
        match name {
            "jinja2.ext.do" => Some(Extension::Do),
            "jinja2.ext.loopcontrols" => Some(Extension::LoopControls),
            _ => None,
        }
    }

    /// Whether a statement of this name is allowed.
    pub(crate) fn allows(statement: &str) -> bool {
        let wanted = match statement {
            "do" => Extension::Do,
            "break" | "continue" => Extension::LoopControls,
            _ => return false,
        };
        ALLOWED.get().is_some_and(|allowed| allowed.contains(&wanted))
    }
}

/// Allows these from now on; what was said first counts.
pub fn allow_extensions(extensions: Vec<Extension>) {
    // A second engine of the same process has the same settings.
    let _ = ALLOWED.set(extensions);
}
