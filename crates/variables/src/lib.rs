//! nafal-variables
