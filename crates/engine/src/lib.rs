//! nafal-engine
