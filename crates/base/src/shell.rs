//! Words of a shell's command line. Must not know who runs it.

use std::borrow::Cow;

/// A word as `sh` reads it back: Python's `shlex.quote`.
pub fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "@%+=:,./-_".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return Cow::Borrowed(word);
    }
    Cow::Owned(format!("'{}'", word.replace('\'', "'\"'\"'")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_python_quotes() {
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), "'it'\"'\"'s'");
        assert_eq!(quoted("/a-b"), "/a-b");
        assert_eq!(quoted(""), "''");
    }
}
