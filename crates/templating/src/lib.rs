//! nafal-templating
