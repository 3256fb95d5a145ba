//! What Python's `str` methods do where Rust's differ. Works on plain text only.

/// Python's `str.isspace` for one character.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// `str.capitalize`.
pub fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    first.to_uppercase().collect::<String>() + &chars.as_str().to_lowercase()
}

/// `str.center`: an odd blank goes to the left when the width is odd.
pub fn center(text: &str, width: usize) -> String {
    let length = text.chars().count();
    let Some(pad) = width.checked_sub(length).filter(|pad| *pad > 0) else {
        return text.to_owned();
    };
    let left = pad / 2 + (pad & width & 1);
    format!("{}{text}{}", " ".repeat(left), " ".repeat(pad - left))
}

/// `str.splitlines()`.
pub fn lines(text: &str) -> Vec<&str> {
    let bare = |line: &'_ str| -> usize {
        line.strip_suffix("\r\n").or_else(|| line.strip_suffix(is_line_end)).unwrap_or(line).len()
    };
    whole_lines(text).into_iter().map(|line| &line[..bare(line)]).collect()
}

/// `str.splitlines(keepends=True)`.
pub fn whole_lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(is_line_end) {
        let end = &rest[at..];
        let width =
            if end.starts_with("\r\n") { 2 } else { end.chars().next().map_or(1, char::len_utf8) };
        let (line, after) = rest.split_at(at + width);
        lines.push(line);
        rest = after;
    }
    if !rest.is_empty() {
        lines.push(rest);
    }
    lines
}

fn is_line_end(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// `str.split()` with no separator: parts between blanks, at most `limit` cuts.
pub fn split_blanks(text: &str, limit: Option<usize>) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        if limit == Some(parts.len()) {
            parts.push(rest.trim_end_matches(is_space));
            break;
        }
        let end = rest.find(is_space).unwrap_or(rest.len());
        parts.push(&rest[..end]);
        rest = rest[end..].trim_start_matches(is_space);
    }
    parts
}

/// `int(text, base)`: blanks around, a sign, `0x` and its kin where the base allows, single
/// underscores between digits.
pub fn parse_int(text: &str, base: u32) -> Option<num_bigint::BigInt> {
    let text = text.trim_matches(is_space);
    let (negative, digits) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest),
        None => (false, text),
    };
    let lower = digits.get(..2).map(str::to_ascii_lowercase);
    let prefix = match lower.as_deref() {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => 0,
    };
    let (base, digits) = match (base, prefix) {
        (0, 0)
            if digits.len() > 1
                && digits.starts_with('0')
                && !digits.trim_matches(['0', '_']).is_empty() =>
        {
            return None;
        }
        (0, 0) => (10, digits),
        (0, prefix) => (prefix, digits[2..].strip_prefix('_').unwrap_or(&digits[2..])),
        (base, prefix) if base == prefix => {
            (base, digits[2..].strip_prefix('_').unwrap_or(&digits[2..]))
        }
        (base, _) => (base, digits),
    };
    if !(2..=36).contains(&base)
        || digits.is_empty()
        || digits.starts_with(['_', '+', '-'])
        || digits.ends_with('_')
        || digits.contains("__")
    {
        return None;
    }
    let plain: String = digits.chars().filter(|c| *c != '_').map(ascii_digit).collect();
    let number = num_bigint::BigInt::parse_bytes(plain.as_bytes(), base)?;
    Some(if negative { -number } else { number })
}

/// `float(text)`.
pub fn parse_float(text: &str) -> Option<f64> {
    let text = text.trim_matches(is_space);
    if text.starts_with('_') || text.ends_with('_') || text.contains("__") {
        return None;
    }
    let plain: String = text.chars().filter(|c| *c != '_').collect();
    let bare = plain.trim_start_matches(['+', '-']).to_ascii_lowercase();
    let known = matches!(bare.as_str(), "inf" | "infinity" | "nan")
        || bare.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if known { plain.parse().ok() } else { None }
}

/// Other scripts' decimal digits count as digits in Python.
fn ascii_digit(c: char) -> char {
    let zero = match u32::from(c) {
        code @ 0x660..=0x669 => code - 0x660,
        code @ 0x6f0..=0x6f9 => code - 0x6f0,
        code @ 0x966..=0x96f => code - 0x966,
        code @ 0xff10..=0xff19 => code - 0xff10,
        _ => return c,
    };
    char::from_digit(zero, 10).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let int = |text, base| parse_int(text, base).map(|number| number.to_string());
        assert_eq!(int(" 1_000 ", 10).as_deref(), Some("1000"));
        assert_eq!(int("-0x1F", 16).as_deref(), Some("-31"));
        assert_eq!(int("0b11", 0).as_deref(), Some("3"));
        assert_eq!(int("010", 0), None);
        assert_eq!(int("1,2", 10), None);
        assert_eq!(parse_float(" 1e3 "), Some(1000.0));
        assert_eq!(parse_float("x"), None);
        assert!(parse_float("-inf").is_some_and(f64::is_infinite));
    }

    #[test]
    fn splitting() {
        assert_eq!(lines("a\r\nb\n\nc"), ["a", "b", "", "c"]);
        assert_eq!(lines("a\n"), ["a"]);
        assert_eq!(split_blanks("  a b  c ", None), ["a", "b", "c"]);
        assert_eq!(split_blanks("  a b  c ", Some(1)), ["a", "b  c"]);
        assert_eq!(center("abc", 10), "   abc    ");
        assert_eq!(center("ab", 5), "  ab ");
    }
}
