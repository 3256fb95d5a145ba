//! nafal-modules
