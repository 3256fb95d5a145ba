//! nafal-graph
