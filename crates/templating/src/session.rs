//! What one render shares: effects, and what was rendered already. Must not know the language.

use crate::effects::Effects;

/// One render from outside, with every lazy variable that it touches.
pub(crate) struct Session<'a> {
    /// The world.
    pub effects: &'a dyn Effects,
}
