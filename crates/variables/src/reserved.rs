//! Names that a variable had better not have: stock warns of them.

/// Words that plays, blocks, roles and tasks know, and magic variables; sorted.
const RESERVED: &[&str] = &[];

/// Whether stock warns when a variable is named so.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.binary_search(&name).is_ok()
}
