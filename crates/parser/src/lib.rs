//! nafal-parser
