//! nafal-inventory
