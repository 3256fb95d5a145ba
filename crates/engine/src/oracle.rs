//! What the parser asks: which actions there are, and which take free-form text.

use nafal_actions::{ActionKind, Raw};
use nafal_parser::{ActionSyntax, Actions};

/// The table of actions, as the parser sees it.
pub(crate) struct Oracle;

/// The same for a command line, where an unknown module fails at its task.
pub(crate) struct Lenient;

impl Actions for Lenient {
    fn syntax(&self, name: &str) -> Option<ActionSyntax> {
        Oracle.syntax(name).or(Some(ActionSyntax::Named))
    }

    fn names(&self) -> Vec<&str> {
        Oracle.names()
    }
}

impl Actions for Oracle {
    fn syntax(&self, name: &str) -> Option<ActionSyntax> {
        let action = nafal_actions::find(name)?;
        // Only command and its kin read their text as a command line; what others take beside
        // `k=v` comes to them as it is.
        let command = matches!(action.kind, ActionKind::Module) && action.raw == Raw::Taken;
        Some(if command { ActionSyntax::FreeForm } else { ActionSyntax::Named })
    }

    fn names(&self) -> Vec<&str> {
        nafal_actions::names().collect()
    }
}
