//! What the parser asks: which actions there are, and which take free-form text.

use nafal_actions::{ActionKind, Finder, Raw};
use nafal_parser::{ActionSyntax, Actions};

/// The table of actions and the modules that users bring, as the parser sees them.
pub(crate) struct Oracle<'a>(pub &'a Finder);

/// The same for a command line, where an unknown module fails at its task.
pub(crate) struct Lenient<'a>(pub &'a Finder);

impl Actions for Lenient<'_> {
    fn syntax(&self, name: &str) -> Option<ActionSyntax> {
        Oracle(self.0).syntax(name).or(Some(ActionSyntax::Named))
    }

    fn is_group(&self, name: &str) -> bool {
        nafal_actions::is_defaults_group(name)
    }

    fn names(&self) -> Vec<&str> {
        nafal_actions::names().collect()
    }

    fn brings_lookup(&self, name: &str) -> bool {
        self.0.has_lookup(name)
    }
}

impl Actions for Oracle<'_> {
    fn syntax(&self, name: &str) -> Option<ActionSyntax> {
        let Some(action) = nafal_actions::find(name) else {
            return self.0.find(name).map(|_| ActionSyntax::Named);
        };
        // Only command and its kin read their text as a command line; what others take beside
        // `k=v` comes to them as it is.
        let command = matches!(action.kind, ActionKind::Module) && action.raw == Raw::Taken;
        Some(if command { ActionSyntax::FreeForm } else { ActionSyntax::Named })
    }

    fn is_group(&self, name: &str) -> bool {
        nafal_actions::is_defaults_group(name)
    }

    fn names(&self) -> Vec<&str> {
        nafal_actions::names().collect()
    }

    fn brings_lookup(&self, name: &str) -> bool {
        self.0.has_lookup(name)
    }
}
