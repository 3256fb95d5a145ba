//! nafal-output
