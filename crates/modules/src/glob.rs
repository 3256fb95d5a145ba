//! What a pattern of Python's `glob.glob` matches. Must not know what it decides.

use std::path::{Component, Path, PathBuf};

/// Whether anything matches: `*`, `?` and `[…]` within a name; hidden names only by a pattern that
/// begins with a dot.
pub fn matches_any(pattern: &Path) -> bool {
    each(pattern, &mut |_| Found::Enough) == Found::Enough
}

/// All that match, in the order in which folders tell them.
pub fn all(pattern: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    each(pattern, &mut |path| {
        found.push(path);
        Found::More
    });
    found
}

/// Whether more is wanted of what matches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Enough,
    More,
}

fn each(pattern: &Path, tell: &mut dyn FnMut(PathBuf) -> Found) -> Found {
    let components: Vec<Component<'_>> = pattern.components().collect();
    each_below(PathBuf::new(), &components, tell)
}

fn each_below(
    base: PathBuf,
    components: &[Component<'_>],
    tell: &mut dyn FnMut(PathBuf) -> Found,
) -> Found {
    let Some((first, rest)) = components.split_first() else {
        return match std::fs::symlink_metadata(&base).is_ok() {
            true => tell(base),
            false => Found::More,
        };
    };
    let name = first.as_os_str().to_string_lossy();
    if !name.contains(['*', '?', '[']) {
        return each_below(base.join(first), rest, tell);
    }
    let folder = if base.as_os_str().is_empty() { Path::new(".") } else { &base };
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Found::More;
    };
    let pattern: Vec<char> = name.chars().collect();
    for entry in entries.flatten() {
        let found = entry.file_name();
        let text: Vec<char> = found.to_string_lossy().chars().collect();
        let hidden_agrees = text.first() != Some(&'.') || pattern.first() == Some(&'.');
        if hidden_agrees
            && matches(&pattern, &text)
            && each_below(base.join(&found), rest, tell) == Found::Enough
        {
            return Found::Enough;
        }
    }
    Found::More
}

/// Whether a text is like a pattern, by Python's `fnmatch`.
pub fn is_like(text: &str, pattern: &str) -> bool {
    let characters = |text: &str| text.chars().collect::<Vec<char>>();
    matches(&characters(pattern), &characters(text))
}

/// Python's `fnmatch`.
fn matches(pattern: &[char], text: &[char]) -> bool {
    let Some((first, rest)) = pattern.split_first() else {
        return text.is_empty();
    };
    match first {
        '*' => (0..=text.len()).any(|skipped| matches(rest, &text[skipped..])),
        '[' => match (class(rest), text.split_first()) {
            (Some((set, rest)), Some((c, text))) => is_in(set, *c) && matches(rest, text),
            (None, Some(('[', text))) => matches(rest, text),
            _ => false,
        },
        wanted => match text.split_first() {
            Some((c, text)) => (*wanted == '?' || wanted == c) && matches(rest, text),
            None => false,
        },
    }
}

/// The inside of a `[…]` and what follows it; None when it isn't closed.
fn class(pattern: &[char]) -> Option<(&[char], &[char])> {
    let begin = usize::from(pattern.first() == Some(&'!'));
    // A bracket in the first place stands for itself.
    let end = pattern.iter().skip(begin + 1).position(|c| *c == ']')? + begin + 1;
    Some((&pattern[..end], &pattern[end + 1..]))
}

fn is_in(set: &[char], c: char) -> bool {
    let (set, wanted) = match set.split_first() {
        Some(('!', rest)) => (rest, false),
        _ => (set, true),
    };
    let mut found = false;
    let mut index = 0;
    while let Some(from) = set.get(index) {
        if let (Some('-'), Some(to)) = (set.get(index + 1), set.get(index + 2)) {
            found |= (*from..=*to).contains(&c);
            index += 3;
        } else {
            found |= *from == c;
            index += 1;
        }
    }
    found == wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_match(pattern: &str, text: &str) -> bool {
        matches(&pattern.chars().collect::<Vec<_>>(), &text.chars().collect::<Vec<_>>())
    }

    #[test]
    fn names() {
        assert!(is_match("pass*d", "passwd") && is_match("[a-q]?", "px") && is_match("[!x]", "y"));
        assert!(!is_match("[!x]", "x") && !is_match("a", "ab") && is_match("[", "["));
    }

    #[test]
    fn files() {
        assert!(matches_any(Path::new("/etc/pass*")) && matches_any(Path::new("/e*/passwd")));
        assert!(!matches_any(Path::new("/etc/nosuch*")) && !matches_any(Path::new("/nosuch")));
    }
}
