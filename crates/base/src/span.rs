//! Places in sources: who wrote a value, and where. Must not know how sources are read or shown.

use std::fmt;
use std::sync::{Arc, OnceLock};

/// One text that nafal read: a file, a command line argument, an environment variable.
#[derive(Debug)]
pub struct Source {
    /// The path as stock shows it (absolute), or a bracketed description such as `<CLI option '-e'>`.
    pub name: String,
    /// The whole text, kept so that a diagnostic can show the line without reading again.
    pub text: Arc<str>,
    /// Where its lines begin, once somebody asked: an inventory may be shown from at each of its hosts.
    begins: OnceLock<Vec<usize>>,
}

impl Source {
    /// A source of this name and text.
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Arc<Source> {
        Arc::new(Source { name: name.into(), text: text.into(), begins: OnceLock::new() })
    }

    /// Line `number` (from 1) without its end, if the source has it.
    pub fn line(&self, number: u32) -> Option<&str> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        let begins = self.begins.get_or_init(|| {
            let behind = self.text.match_indices('\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(behind).collect()
        });
        let rest = self.text.get(*begins.get(index)?..)?;
        let line = rest.split_once('\n').map_or(rest, |(line, _)| line);
        Some(line.strip_suffix('\r').unwrap_or(line))
    }
}

/// A place in a source. Lines and columns count from 1; a column counts characters.
#[derive(Clone)]
pub struct Span {
    /// The source that the place is in.
    pub source: Arc<Source>,
    /// Line, from 1. 0 means the source as a whole.
    pub line: u32,
    /// Column in characters, from 1. 0 means the line as a whole.
    pub column: u32,
}

impl Span {
    /// A place at `line` and `column` (both from 1).
    pub fn new(source: &Arc<Source>, line: u32, column: u32) -> Span {
        Span { source: Arc::clone(source), line, column }
    }

    /// The source as a whole.
    pub fn whole(source: &Arc<Source>) -> Span {
        Span::new(source, 0, 0)
    }
}

impl fmt::Display for Span {
    /// `name:line:column`, as far as each is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source.name)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Span({self})")
    }
}

impl PartialEq for Span {
    fn eq(&self, other: &Span) -> bool {
        self.line == other.line
            && self.column == other.column
            && (Arc::ptr_eq(&self.source, &other.source) || self.source.name == other.source.name)
    }
}

impl Eq for Span {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_display() {
        let source = Source::new("a.yml", "one\r\ntwo\n");
        assert_eq!(source.line(1), Some("one"));
        assert_eq!(source.line(2), Some("two"));
        assert_eq!((source.line(0), source.line(3), source.line(4)), (None, Some(""), None));
        assert_eq!(Source::new("empty", "").line(1), Some(""));
        assert_eq!(Span::new(&source, 2, 3).to_string(), "a.yml:2:3");
        assert_eq!(Span::whole(&source).to_string(), "a.yml");
    }
}
