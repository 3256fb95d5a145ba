//! Compiled patterns: found in a small cache of the thread, matched with Python's rules.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use nafal_base::replacement::{Part, parse};

use super::Flags;
use super::translate::translate;

/// How many patterns a thread remembers.
const REMEMBERED: usize = 256;

type Remembered = HashMap<(String, Flags, Place, bool), Result<Rc<Compiled>, String>>;

thread_local! {
    static CACHE: RefCell<Remembered> = RefCell::new(HashMap::new());
}

struct Compiled {
    regex: fancy_regex::Regex,
    /// The same, but never empty where the search begins: made when it is first needed.
    advancing: OnceCell<Result<fancy_regex::Regex, String>>,
    groups: usize,
    names: HashMap<String, usize>,
}

/// Where a match must lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Anywhere (`re.search`).
    Anywhere,
    /// At the beginning (`re.match`).
    Start,
    /// From the beginning to the end (`re.fullmatch`).
    Whole,
}

/// A compiled pattern, for one text.
#[derive(Clone)]
pub struct Regex(Rc<Compiled>);

/// One match: the places of group 0 and of the others.
#[derive(Clone, Debug)]
pub struct Match {
    groups: Vec<Option<(usize, usize)>>,
}

impl Match {
    /// Where the whole match begins and ends, in bytes.
    pub fn range(&self) -> (usize, usize) {
        self.groups.first().copied().flatten().unwrap_or((0, 0))
    }

    /// The text of a group; None when it took no part.
    pub fn group<'t>(&self, text: &'t str, number: usize) -> Option<&'t str> {
        let (start, end) = self.groups.get(number).copied().flatten()?;
        text.get(start..end)
    }
}

/// Compiles for a text: `$` means something else before a trailing newline.
fn compile(
    pattern: &str,
    (flags, place): (Flags, Place),
    newline: bool,
) -> Result<Rc<Compiled>, String> {
    let translated = translate(pattern, flags, newline)?;
    let pattern = match place {
        Place::Anywhere => translated.pattern,
        Place::Start => format!("\\A(?:{})", translated.pattern),
        Place::Whole => format!("\\A(?:{})\\z", translated.pattern),
    };
    let regex =
        fancy_regex::RegexBuilder::new(&pattern).build().map_err(|error| complaint(&error))?;
    let advancing = OnceCell::new();
    Ok(Rc::new(Compiled { regex, advancing, groups: translated.groups, names: translated.names }))
}

fn complaint(error: &fancy_regex::Error) -> String {
    let text = error.to_string();
    if text.to_lowercase().contains("look-behind") {
        return "look-behind requires fixed-width pattern".to_owned();
    }
    format!("the pattern can't be used: {text}")
}

impl Regex {
    /// The pattern, ready for `text`.
    pub fn new(pattern: &str, flags: Flags, text: &str) -> Result<Regex, String> {
        Regex::anchored(pattern, (flags, Place::Anywhere), text)
    }

    /// The same, for matches in one place only.
    pub fn anchored(
        pattern: &str,
        (flags, place): (Flags, Place),
        text: &str,
    ) -> Result<Regex, String> {
        let newline = text.ends_with('\n') && pattern.contains('$');
        CACHE.with_borrow_mut(|cache| {
            let key = (pattern.to_owned(), flags, place, newline);
            if let Some(compiled) = cache.get(&key) {
                return compiled.clone().map(Regex);
            }
            if cache.len() >= REMEMBERED {
                cache.clear();
            }
            let compiled = compile(pattern, (flags, place), newline);
            cache.insert(key, compiled.clone());
            compiled.map(Regex)
        })
    }

    /// How many groups it has.
    pub fn groups(&self) -> usize {
        self.0.groups
    }

    /// The number of the group with this name.
    pub fn group_number(&self, name: &str) -> Option<usize> {
        self.0.names.get(name).copied()
    }

    /// The next match that isn't empty at `from`.
    fn advance_from(&self, text: &str, from: usize) -> Result<Option<Match>, String> {
        let advancing = self.0.advancing.get_or_init(|| {
            let pattern = format!("(?:{})(?!\\G)", self.0.regex.as_str());
            fancy_regex::RegexBuilder::new(&pattern).build().map_err(|error| complaint(&error))
        });
        self.match_from(advancing.as_ref().map_err(Clone::clone)?, text, from)
    }

    fn match_from(
        &self,
        regex: &fancy_regex::Regex,
        text: &str,
        from: usize,
    ) -> Result<Option<Match>, String> {
        let captures = regex
            .captures_from_pos(text, from)
            .map_err(|error| format!("the pattern can't be matched: {error}"))?;
        Ok(captures.map(|captures| Match {
            groups: (0..=self.0.groups)
                .map(|group| captures.get(group).map(|found| (found.start(), found.end())))
                .collect(),
        }))
    }

    /// `re.search`.
    pub fn search(&self, text: &str) -> Result<Option<Match>, String> {
        self.match_from(&self.0.regex, text, 0)
    }

    /// `re.finditer`: an empty match may touch the one before; behind an empty one the same place is
    /// tried again for one that isn't (`a*?` finds each `a`).
    pub fn all(&self, text: &str, limit: usize) -> Result<Vec<Match>, String> {
        let mut found = Vec::new();
        let (mut from, mut was_empty) = (0, false);
        while found.len() < limit {
            let next = match was_empty {
                false => self.match_from(&self.0.regex, text, from)?,
                true => self.advance_from(text, from)?,
            };
            let Some(next) = next else { break };
            let (start, end) = next.range();
            (from, was_empty) = (end, start == end);
            found.push(next);
        }
        Ok(found)
    }

    /// `re.subn`; a limit of 0 means all.
    pub fn replace(
        &self,
        text: &str,
        template: &str,
        limit: usize,
    ) -> Result<(String, usize), String> {
        let parts = parse(template, self.0.groups, &self.0.names)?;
        let matches = self.all(text, if limit == 0 { usize::MAX } else { limit })?;
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for found in &matches {
            let (start, end) = found.range();
            out.push_str(&text[done..start]);
            for part in &parts {
                match part {
                    Part::Text(text) => out.push_str(text),
                    Part::Group(group) => out.push_str(found.group(text, *group).unwrap_or("")),
                }
            }
            done = end;
        }
        out.push_str(&text[done..]);
        Ok((out, matches.len()))
    }
}

/// `re.escape`.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if "()[]{}?*+-|^$\\.&~# \t\n\r\u{b}\u{c}".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sub(pattern: &str, template: &str, text: &str) -> String {
        Regex::new(pattern, Flags::default(), text)
            .and_then(|regex| regex.replace(text, template, 0))
            .map_or_else(|error| error, |(text, _)| text)
    }

    #[test]
    fn replaces_as_python() {
        assert_eq!(sub("x*", "-", "abxd"), "-a-b--d-");
        assert_eq!(sub("x*", "-", "abc"), "-a-b-c-");
        assert_eq!(sub("a*?", "b", "aaa"), "bbbbbbb");
        assert_eq!(sub("(?i)(a)??", "<\\1>", "xA"), "<>x<><A><>");
        assert_eq!(sub("(?P<q>b)", "[\\g<q>]", "abc"), "a[b]c");
        assert_eq!(sub("(a)(x)?", "\\2|", "ab"), "|b");
        assert_eq!(sub("$", "X", "abc"), "abcX");
        assert_eq!(sub("$", "X", "abc\n"), "abcX\nX");
        assert_eq!(sub("c\\Z", "X", "abc\n"), "abc\n");
        assert_eq!(sub("[[a]", "X", "a[b"), "XXb");
        assert_eq!(sub("{{ (.*) }}", "<\\1>", "x{{ y }}z"), "x<y>z");
        assert_eq!(sub("a{,2}", "-", "aaab"), "----b-".replacen("-", "", 1));
        assert_eq!(sub("(?P<a>.)(?P=a)", "<\\1>", "xaab"), "x<a>b");
        assert_eq!(sub("\\<", "X", "a<b"), "aXb");
        assert_eq!(sub("(?<=a)b", "X", "abcb"), "aXcb");
        assert_eq!(sub("(?i)B", "X", "abc"), "aXc");
        assert_eq!(sub("(?x) a  b # c", "X", "ab"), "X");
        assert_eq!(sub("^.*$", "<\\g<0>>", "ab"), "<ab>");
    }

    #[test]
    fn lines() {
        let flags = Flags { multiline: true, ..Flags::default() };
        let text = "a\nb\n";
        let found = Regex::new("^.$", flags, text).and_then(|regex| regex.all(text, 9)).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(escape("a.b*c d-e/#~"), "a\\.b\\*c\\ d\\-e/\\#\\~");
    }
}
