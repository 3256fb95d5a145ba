//! Statements and comments that a prefix makes of lines (`line_statement_prefix`,
//! `line_comment_prefix`): where they are. Must not know what is in them.

/// From a text, an offset and a prefix to where such a line starts, and where what it says does.
pub(super) type Find = fn(&str, usize, &str) -> Option<(usize, usize)>;

/// The signs at both ends of a statement, each `-`, `+` or nothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signed<'s> {
    pub open: &'s str,
    pub close: &'s str,
}

/// The next statement from `at` on: a line that starts with blanks and the prefix.
pub(super) fn statement(text: &str, at: usize, prefix: &str) -> Option<(usize, usize)> {
    let is_blank = |c: char| matches!(c, ' ' | '\t' | '\u{b}');
    prefixes(text, at, prefix).find_map(|found| {
        let start = text[at..found].trim_end_matches(is_blank).len() + at;
        begins_line(text, start).then_some((start, found + prefix.len()))
    })
}

/// The next comment from `at` on: the prefix, wherever it stands, with the blanks before it.
pub(super) fn comment(text: &str, at: usize, prefix: &str) -> Option<(usize, usize)> {
    let found = prefixes(text, at, prefix).next()?;
    let is_blank = |c: char| c.is_whitespace() && !matches!(c, '\r' | '\n');
    let start = text[at..found].trim_end_matches(is_blank).len() + at;
    Some((start, found + prefix.len()))
}

/// Whether there is nothing but blanks in it, on one line.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() && c != '\n')
}

fn prefixes<'t>(text: &'t str, at: usize, prefix: &'t str) -> impl Iterator<Item = usize> + 't {
    text[at..].match_indices(prefix).map(move |(found, _)| at + found)
}

fn begins_line(text: &str, at: usize) -> bool {
    at == 0 || text[..at].ends_with('\n')
}
