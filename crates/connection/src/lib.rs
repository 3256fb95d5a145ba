//! nafal-connection
