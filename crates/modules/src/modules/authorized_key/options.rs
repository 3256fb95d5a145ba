//! The options before a key: `no-pty,command="…"`. Must not know keys.

use std::collections::BTreeMap;

/// Options in the order in which they were written.
#[derive(Clone, Debug)]
pub(super) struct KeyOptions(Vec<(String, Option<String>)>);

impl KeyOptions {
    /// Reads them as stock's module does: commas outside of quotes part them, and whatever else stands between
    /// two of them is one itself.
    pub fn read(text: &str) -> KeyOptions {
        let mut parts: Vec<&str> = Vec::new();
        let mut rest = text;
        let mut between = 0;
        // What stands before the first and behind the last option is left out.
        while !rest.is_empty() {
            let length = option_length(rest);
            if length == 0 {
                // A comma or a quote that doesn't end.
                between += 1;
                rest = &rest[1..];
                continue;
            }
            let start = text.len() - rest.len();
            if !parts.is_empty() && between > 0 {
                parts.push(&text[start - between..start]);
            }
            between = 0;
            parts.push(&rest[..length]);
            rest = &rest[length..];
        }
        let options =
            parts.into_iter().filter(|part| *part != ",").map(|part| match part.split_once('=') {
                Some((key, value)) => (key.to_owned(), Some(value.to_owned())),
                None => (part.to_owned(), None),
            });
        KeyOptions(options.collect())
    }

    /// As they are written before a key.
    pub fn text(&self) -> String {
        let options = self.0.iter().map(|(key, value)| match value {
            Some(value) => format!("{key}={value}"),
            None => key.clone(),
        });
        options.collect::<Vec<_>>().join(",")
    }

    fn by_name(&self) -> BTreeMap<&str, Vec<Option<&str>>> {
        let mut all: BTreeMap<&str, Vec<Option<&str>>> = BTreeMap::new();
        for (key, value) in &self.0 {
            all.entry(key).or_default().push(value.as_deref());
        }
        all
    }
}

/// Only the order of those with the same name counts.
impl PartialEq for KeyOptions {
    fn eq(&self, other: &KeyOptions) -> bool {
        self.by_name() == other.by_name()
    }
}

/// How much of a text is one option: all up to a comma, save in quotes that end.
fn option_length(text: &str) -> usize {
    let mut end = 0;
    while let Some(next) = text[end..].chars().next() {
        let inside = &text[end + next.len_utf8()..];
        end += next.len_utf8();
        match next {
            ',' => return end - 1,
            '"' | '\'' => match inside.find(next) {
                Some(length) => end += length + 1,
                None => return end - 1,
            },
            _ => {}
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn read_and_written() {
        let texts = [
            ("no-pty,from=\"10.0.0.1,a b\"", "no-pty,from=\"10.0.0.1,a b\""),
            ("a,,b", "a,,,,b"),
            (",a,", "a"),
            ("a=\"b", "a=,\",b"),
            ("b,a,b", "b,a,b"),
            ("", ""),
        ];
        for (text, written) in texts {
            assert_eq!(KeyOptions::read(text).text(), written);
        }
    }

    #[test]
    fn same_options() {
        let same = |one: &str, other: &str| KeyOptions::read(one) == KeyOptions::read(other);
        assert!(same("a,b=1", "b=1,a") && same("a=1,b,a=2", "b,a=1,a=2"));
        assert!(!same("a=1,a=2", "a=2,a=1") && !same("a,a", "a") && !same("a", "a=1"));
    }
}
