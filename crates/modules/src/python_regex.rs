//! Python's regular expressions for modules that edit files: its syntax translated to that of
//! fancy-regex. Must not know files.

mod faults;
mod syntax;

use std::collections::HashMap;

use fancy_regex::{Captures, Regex};
use nafal_base::replacement::{self, Part};

/// Which characters `\w`, `\d` and `\s` mean: stock matches some files as bytes, some as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// Those of ASCII.
    Ascii,
    /// All.
    Unicode,
}

/// Whether `^` and `$` mean lines or the whole text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchors {
    /// `re.MULTILINE`.
    Lines,
    /// Python's default.
    Text,
}

/// A compiled expression.
#[derive(Debug)]
pub struct Pattern(Regex);

impl Pattern {
    /// Compiles, or says what is wrong.
    pub fn new(source: &str, alphabet: Alphabet, anchors: Anchors) -> Result<Pattern, String> {
        let translated = syntax::translate(source, alphabet, anchors);
        Regex::new(&translated)
            .map(Pattern)
            .map_err(|error| faults::find(source).unwrap_or_else(|| error.to_string()))
    }

    /// `re.match`: a match at the beginning.
    pub fn is_match_at_start(&self, text: &str) -> bool {
        self.search(text).and_then(|found| Some(found.get(0)?.start())) == Some(0)
    }

    /// `re.search`: a match anywhere. One that takes too many steps is none.
    pub fn search<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.0.captures(text).ok().flatten()
    }

    /// The names of its groups that have one.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.capture_names().flatten()
    }

    /// The first match at or after a place.
    pub fn search_from<'t>(&self, text: &'t str, start: usize) -> Option<Captures<'t>> {
        self.0.captures_from_pos(text, start).ok().flatten()
    }

    /// Whether there is a match anywhere.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text).unwrap_or(false)
    }

    /// A replacement for this expression's matches, or what is wrong with it in Python's words.
    pub fn template(&self, template: &str) -> Result<Template, String> {
        let names: HashMap<String, usize> = self
            .0
            .capture_names()
            .enumerate()
            .filter_map(|(number, name)| Some((name?.to_owned(), number)))
            .collect();
        replacement::parse(template, self.0.captures_len() - 1, &names).map(Template)
    }

    /// `re.subn`: every match replaced by a template, and how many there were.
    pub fn replace_all(&self, text: &str, template: &Template) -> (String, usize) {
        let (mut out, mut count) = (String::with_capacity(text.len()), 0);
        let (mut copied, mut start) = (0, 0);
        while start <= text.len() {
            let Some(captures) = self.search_from(text, start) else { break };
            let Some(whole) = captures.get(0) else { break };
            out.push_str(text.get(copied..whole.start()).unwrap_or_default());
            template.expand_into(&captures, &mut out);
            count += 1;
            copied = whole.end();
            start = match whole.end() > whole.start() {
                true => whole.end(),
                // After an empty match the next one starts at least one character later.
                false => {
                    let rest = text.get(whole.end()..).unwrap_or_default();
                    whole.end() + rest.chars().next().map_or(1, char::len_utf8)
                }
            };
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        (out, count)
    }
}

/// What matches become.
#[derive(Debug)]
pub struct Template(Vec<Part>);

impl Template {
    /// `match.expand`; a group that took no part is empty.
    pub fn expand(&self, captures: &Captures<'_>) -> String {
        let mut out = String::new();
        self.expand_into(captures, &mut out);
        out
    }

    fn expand_into(&self, captures: &Captures<'_>, out: &mut String) {
        for part in &self.0 {
            out.push_str(match part {
                Part::Text(text) => text,
                Part::Group(group) => captures.get(*group).map_or("", |found| found.as_str()),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, text: &str) -> Option<String> {
        let pattern = Pattern::new(pattern, Alphabet::Ascii, Anchors::Text).unwrap();
        pattern.search(text).map(|captures| captures[0].to_owned())
    }

    #[test]
    fn as_python_matches() {
        assert_eq!(found("^a.*c$", "abc\n").as_deref(), Some("abc"));
        assert_eq!(found(r"b\Z", "b\n"), None);
        assert_eq!(found(r"\d+\w", "é12x").as_deref(), Some("12x"));
        assert_eq!(found(r"[[a&&b]+", "x[&").as_deref(), Some("[&"));
        assert_eq!(found("[]a]+", "x]a").as_deref(), Some("]a"));
        assert_eq!(found("a{b}", "a{b}").as_deref(), Some("a{b}"));
        assert_eq!(found("a{,2}b", "aab").as_deref(), Some("aab"));
        assert_eq!(found(r"\<x\>\/\-\ ", "<x>/- ").as_deref(), Some("<x>/- "));
        assert_eq!(found(r"(?P<q>['`]).*?(?P=q)", "a 'b' c").as_deref(), Some("'b'"));
        assert_eq!(found(r"(?i)ABC(?!d)", "xabc").as_deref(), Some("abc"));
        assert_eq!(found(r"[\d\-_]+", "a1-_b").as_deref(), Some("1-_"));
        assert!(Pattern::new("(", Alphabet::Ascii, Anchors::Text).is_err());
    }

    #[test]
    fn replacements() {
        let pattern = Pattern::new("(?P<k>a)|b*", Alphabet::Unicode, Anchors::Lines).unwrap();
        let replaced = |text: &str, template: &str| {
            pattern.replace_all(text, &pattern.template(template).unwrap())
        };
        assert_eq!(replaced("xa", r"<\1>"), ("<>x<a><>".to_owned(), 3));
        assert_eq!(replaced("a", r"\g<k>\n\\").0, "a\n\\\n\\");
        assert_eq!(pattern.template(r"\g<x>").unwrap_err(), "unknown group name 'x'");
    }
}
