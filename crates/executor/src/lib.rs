//! nafal-executor
