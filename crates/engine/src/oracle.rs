//! What the parser asks: which actions there are, and which take free-form text.

use nafal_actions::Raw;
use nafal_parser::{ActionSyntax, Actions};

/// The table of actions, as the parser sees it.
pub(crate) struct Oracle;

impl Actions for Oracle {
    fn syntax(&self, name: &str) -> Option<ActionSyntax> {
        let action = nafal_actions::find(name)?;
        Some(match action.raw {
            Raw::Taken => ActionSyntax::FreeForm,
            Raw::Refused => ActionSyntax::Named,
        })
    }
}
