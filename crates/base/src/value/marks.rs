//! What is known about a string, or about anything inside a container.

use std::ops::BitOr;

/// A small set of flags. A container's marks are the union of those inside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(u8);

impl Marks {
    /// Nothing is known.
    pub const NONE: Marks = Marks(0);
    /// It comes from a file of the user's project.
    pub const TRUSTED: Marks = Marks(1);
    /// It is trusted and has Jinja in it: rendering would change it.
    pub const TEMPLATE: Marks = Marks(2);
    /// It must not leave unredacted.
    pub const SECRET: Marks = Marks(4);
    /// It is (or contains) undefined or omit: finalising would change it.
    pub const UNSETTLED: Marks = Marks(8);
    /// It is safe in HTML: Jinja's `escape` leaves it alone.
    pub const MARKUP: Marks = Marks(16);
    /// It comes from a vault. Without [`Marks::SECRET`] it is still encrypted.
    pub const VAULT: Marks = Marks(32);

    /// Whether all of `other` is in it.
    pub fn contains(self, other: Marks) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any of `other` is in it.
    pub fn intersects(self, other: Marks) -> bool {
        self.0 & other.0 != 0
    }

    /// It less `other`.
    #[must_use]
    pub fn without(self, other: Marks) -> Marks {
        Marks(self.0 & !other.0)
    }
}

impl BitOr for Marks {
    type Output = Marks;

    fn bitor(self, other: Marks) -> Marks {
        Marks(self.0 | other.0)
    }
}
