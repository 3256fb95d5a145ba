//! Whose behaviour all of this follows.

/// The version of ansible-core that is the reference.
pub const VERSION: &str = "2.21.5";
