//! String constants: Python's escapes read, and written again for the parser.

/// The text that Python's `unicode-escape` makes of a string constant's inside.
pub(crate) fn decode(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        match escape(after) {
            Some((Some(c), length)) => {
                out.push(c);
                rest = &after[length..];
            }
            Some((None, length)) => rest = &after[length..],
            None => {
                out.push('\\');
                rest = after;
                if let Some(c) = rest.chars().next() {
                    out.push(c);
                    rest = &rest[c.len_utf8()..];
                }
            }
        }
    }
    out.push_str(rest);
    out
}

/// What an escape (behind its backslash) stands for, and how long it is.
fn escape(after: &str) -> Option<(Option<char>, usize)> {
    let first = after.chars().next()?;
    let simple = |c: char| Some((Some(c), 1));
    match first {
        '\n' => Some((None, 1)),
        '\\' | '\'' | '"' => simple(first),
        'a' => simple('\u{7}'),
        'b' => simple('\u{8}'),
        'f' => simple('\u{c}'),
        'n' => simple('\n'),
        'r' => simple('\r'),
        't' => simple('\t'),
        'v' => simple('\u{b}'),
        '0'..='7' => {
            let length = after.bytes().take(3).take_while(|b| matches!(b, b'0'..=b'7')).count();
            numbered(&after[..length], 8).map(|c| (Some(c), length))
        }
        'N' => {
            let name = after.strip_prefix("N{")?;
            let end = name.find('}')?;
            unicode_names2::character(&name[..end]).map(|c| (Some(c), end + 3))
        }
        'x' => numbered(after.get(1..3)?, 16).map(|c| (Some(c), 3)),
        'u' => numbered(after.get(1..5)?, 16).map(|c| (Some(c), 5)),
        'U' => numbered(after.get(1..9)?, 16).map(|c| (Some(c), 9)),
        _ => None,
    }
}

fn numbered(digits: &str, radix: u32) -> Option<char> {
    char::from_u32(u32::from_str_radix(digits, radix).ok()?)
}

/// The text as a string constant that the parser reads back as it is.
pub(crate) fn encode(text: &str, out: &mut String) {
    out.push('\'');
    for c in text.chars() {
        if matches!(c, '\\' | '\'') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('\'');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_as_python() {
        assert_eq!(decode(r"a\nb\x41\101\u00e9\d\\"), "a\nbAA\u{e9}\\d\\");
        assert_eq!(decode(r"\N{SNOWMAN}\N{no such}\N{"), "\u{2603}\\N{no such}\\N{");
        let mut out = String::new();
        encode("it's\\", &mut out);
        assert_eq!(out, r"'it\'s\\'");
    }
}
