//! What the parser asks: which actions there are, and which take free-form text.

use nafal_actions::{ActionKind, Finder, Raw};
use nafal_base::Text;
use nafal_parser::{ActionSyntax, Actions};

/// The table of actions and the modules that users bring, as the parser sees them, with the collections that are
/// searched where nothing else is said.
pub(crate) struct Oracle<'a>(pub &'a Finder, pub &'a [Text]);

/// The same for a command line, where an unknown module fails at its task.
pub(crate) struct Lenient<'a>(pub &'a Finder);

impl Actions for Lenient<'_> {
    fn syntax(&self, name: &str) -> Option<ActionSyntax> {
        Oracle(self.0, &[]).syntax(name).or(Some(ActionSyntax::Named))
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
        self.syntax_in(name, &[])
    }

    fn syntax_in(&self, name: &str, collections: &[Text]) -> Option<ActionSyntax> {
        let searched = if collections.is_empty() { self.1 } else { collections };
        // What has gone is told when the play is compiled.
        let Ok(resolved) = self.0.resolve(name, searched) else { return Some(ActionSyntax::Named) };
        let Some(action) = nafal_actions::find(&resolved.name) else {
            return self.0.find(&resolved.name).map(|_| ActionSyntax::Named);
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
