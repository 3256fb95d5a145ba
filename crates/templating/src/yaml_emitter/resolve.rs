//! What YAML 1.1 would take a plain text for, so that texts which look like something else are
//! quoted.

use std::sync::LazyLock;

/// Everything that isn't a string when it stands plain.
static OTHER: LazyLock<Option<fancy_regex::Regex>> = LazyLock::new(|| {
    let patterns = [
        "yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF",
        "[-+]?[0-9][0-9_]*\\.[0-9_]*([eE][-+][0-9]+)?",
        "\\.[0-9][0-9_]*([eE][-+][0-9]+)?",
        "[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\\.[0-9_]*",
        "[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)",
        "[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+",
        "[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+",
        "<<|=|!|&|\\*|~|null|Null|NULL|",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}",
        "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \\t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\\.[0-9]*)?\
         ([ \\t]*(Z|[-+][0-9]{1,2}(:?[0-9]{2})?))?",
    ];
    fancy_regex::Regex::new(&format!("\\A(?:{})\\z", patterns.join("|"))).ok()
});

/// Whether the text stands for itself when it is written plain.
pub(super) fn is_text(text: &str) -> bool {
    // Most texts begin with a letter that begins nothing else.
    let first = text.as_bytes().first().copied();
    if !first.is_none_or(|first| b"yYnNtTfFoO-+.0123456789<=!&*~".contains(&first)) {
        return true;
    }
    !OTHER.as_ref().is_some_and(|regex| regex.is_match(text).unwrap_or(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_like_something_else() {
        for text in ["yes", "1", "017", "1.0e+3", "12:30", "2024-01-01", "", "~", "=", "<<", ".5"] {
            assert!(!is_text(text), "{text}");
        }
        for text in ["y", "a", "1e3", "0o17", "1.2.3", "tRue", "08", "http://x", "-", "2001-1-1"] {
            assert!(is_text(text), "{text}");
        }
    }
}
