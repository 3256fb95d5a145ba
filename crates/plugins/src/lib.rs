//! nafal-plugins
