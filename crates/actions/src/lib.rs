//! nafal-actions
