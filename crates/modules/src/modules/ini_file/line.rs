//! What a line of an INI file is: an option, a heading, or nothing. Must not know files.

/// Whether a line counts or is a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Active,
    Inactive,
}

/// An option as a line has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub status: Status,
    /// Whether there is a `=`.
    pub is_assigned: bool,
    /// All behind it, trailing spaces too; empty without one.
    pub value: &'a str,
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

/// What `line` says of `option`, if anything.
pub(super) fn read<'a>(line: &'a str, option: &str) -> Option<Found<'a>> {
    let line = line.strip_suffix('\n').unwrap_or(line);
    let spaces = line.len() - line.trim_start_matches(is_space).len();
    // An option whose name begins with spaces may take them from those before it.
    for skipped in (0..=spaces).rev() {
        let rest = &line[skipped..];
        if let Some(found) = named(rest, option, Status::Active) {
            return Some(found);
        }
    }
    let comment = line.trim_start_matches(is_space).strip_prefix(['#', ';'])?;
    named(comment.trim_start_matches(is_space), option, Status::Inactive)
}

fn named<'a>(text: &'a str, option: &str, status: Status) -> Option<Found<'a>> {
    let rest = text.strip_prefix(option)?.trim_start_matches(is_space);
    match rest.strip_prefix('=') {
        Some(value) => {
            Some(Found { status, is_assigned: true, value: value.trim_start_matches(is_space) })
        }
        None => rest.is_empty().then_some(Found { status, is_assigned: false, value: "" }),
    }
}

/// Whether a line is the heading of this section. What stands behind the bracket doesn't matter.
pub(super) fn is_heading_of(line: &str, section: &str) -> bool {
    let inside = line.strip_prefix('[').map(str::trim_start);
    let rest = inside.and_then(|inside| inside.strip_prefix(section.trim()));
    rest.is_some_and(|rest| rest.trim_start().starts_with(']'))
}

/// Whether a line is any section's heading, well-formed or not.
pub(super) fn is_heading(line: &str) -> bool {
    line.starts_with('[')
}

/// Whether a line is blank or a comment: what is new goes before such lines at a section's end.
pub(super) fn says_nothing(line: &str) -> bool {
    let line = line.strip_suffix('\n').unwrap_or(line).trim_start_matches(is_space);
    line.is_empty() || line.starts_with(['#', ';'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options() {
        let value =
            |line| read(line, "a").map(|found| (found.status, found.is_assigned, found.value));
        assert_eq!(value(" a\t= 1 \n"), Some((Status::Active, true, "1 ")));
        assert_eq!(value("a"), Some((Status::Active, false, "")));
        assert_eq!(value(" # a==1\n"), Some((Status::Inactive, true, "=1")));
        assert_eq!(value("##a=1\n"), None);
        assert_eq!(value("a b\n"), None);
        assert!(read("  a=1\n", " a").is_some() && read("a=1\n", " a").is_none());
    }

    #[test]
    fn headings() {
        assert!(is_heading_of("[ s ] # x\n", "s") && is_heading_of("[s]]\n", "s]"));
        assert!(!is_heading_of(" [s]\n", "s") && !is_heading_of("[st]\n", "s"));
        assert!(says_nothing(" ;x\n") && says_nothing("\n") && !says_nothing("\u{3000}\n"));
    }
}
