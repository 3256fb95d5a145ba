//! Which collections a Python file imports `module_utils` of. Read from its text: a false find costs a few
//! kilobytes, a missed one an error on the target, so comments and strings count too. Must not know files.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::bytes::Regex;

static COLLECTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"ansible_collections\.(\w+)\.(\w+)\.plugins\.(?:module_utils|modules)\b").ok()
});

/// The collections (`namespace.name`) that a text imports from.
pub fn collections(text: &[u8], found: &mut BTreeSet<String>) {
    let Some(pattern) = COLLECTION.as_ref() else { return };
    for captures in pattern.captures_iter(text) {
        let part = |at| captures.get(at).and_then(|part| std::str::from_utf8(part.as_bytes()).ok());
        if let (Some(namespace), Some(name)) = (part(1), part(2)) {
            found.insert(format!("{namespace}.{name}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_other_collections() {
        let mut found = BTreeSet::new();
        let text = b"from ansible_collections.community.general.plugins.module_utils.a import b\nimport os\n";
        collections(text, &mut found);
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["community.general"]);
    }
}
