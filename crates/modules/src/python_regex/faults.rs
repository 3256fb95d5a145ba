//! What is wrong with an expression in the words of Python's `re`, which scripts and people look
//! for. Must not know matching.

/// The first thing that Python would complain of, as far as it is a matter of brackets and
/// repetition; None when it is something else.
pub fn find(source: &str) -> Option<String> {
    let fault = Reader { characters: source.chars().collect(), at: 0 }.all()?;
    let (what, position) = fault;
    let before: Vec<char> = source.chars().take(position).collect();
    Some(match source.contains('\n') {
        false => format!("{what} at position {position}"),
        true => {
            let line = before.iter().filter(|c| **c == '\n').count() + 1;
            let column = before.iter().rev().take_while(|c| **c != '\n').count() + 1;
            format!("{what} at position {position} (line {line}, column {column})")
        }
    })
}

struct Reader {
    characters: Vec<char>,
    at: usize,
}

type Fault = (&'static str, usize);

/// What stands before a place, for a repetition that may follow it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Something,
    Repetition,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn all(mut self) -> Option<Fault> {
        let mut open = Vec::new();
        let mut before = Before::Nothing;
        while let Some(c) = self.peek() {
            let start = self.at;
            self.at += 1;
            match c {
                '\\' if self.peek().is_none() => {
                    return Some(("bad escape (end of pattern)", start));
                }
                '\\' => {
                    self.at += 1;
                    before = Before::Something;
                }
                '[' => {
                    if let Some(fault) = self.class(start) {
                        return Some(fault);
                    }
                    before = Before::Something;
                }
                '(' => {
                    open.push(start);
                    if let Some(fault) = self.group_head() {
                        return Some(fault);
                    }
                    before = Before::Nothing;
                }
                ')' if open.pop().is_none() => return Some(("unbalanced parenthesis", start)),
                '|' => before = Before::Nothing,
                '*' | '+' | '?' => match before {
                    Before::Nothing => return Some(("nothing to repeat", start)),
                    Before::Repetition => return Some(("multiple repeat", start)),
                    Before::Something => {
                        if matches!(self.peek(), Some('?' | '+')) {
                            self.at += 1;
                        }
                        before = Before::Repetition;
                    }
                },
                _ => before = Before::Something,
            }
        }
        open.pop().map(|start| ("missing ), unterminated subpattern", start))
    }

    /// What may follow an opening parenthesis: `?:`, `?P<name>`, `?=` and their kin.
    fn group_head(&mut self) -> Option<Fault> {
        if self.peek() != Some('?') {
            return None;
        }
        let head = self.at;
        self.at += 1;
        while let Some(c) = self.peek() {
            let is_head = c.is_ascii_alphanumeric() || "_-<>=!:".contains(c);
            if !is_head {
                break;
            }
            self.at += 1;
            if ">=!:".contains(c) {
                return None;
            }
        }
        let begun = self.characters[head..].starts_with(&['?', 'P', '<']);
        (begun && self.peek().is_none()).then_some(("missing >, unterminated name", head + 3))
    }

    fn class(&mut self, start: usize) -> Option<Fault> {
        if self.peek() == Some('^') {
            self.at += 1;
        }
        // A bracket in the first place stands for itself.
        if self.peek() == Some(']') {
            self.at += 1;
        }
        while let Some(c) = self.peek() {
            self.at += if c == '\\' { 2 } else { 1 };
            if c == ']' {
                return None;
            }
        }
        Some(("unterminated character set", start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_python_says() {
        let cases = [
            ("(", "missing ), unterminated subpattern at position 0"),
            ("a(b(c)", "missing ), unterminated subpattern at position 1"),
            ("a)", "unbalanced parenthesis at position 1"),
            ("*a", "nothing to repeat at position 0"),
            ("(?P<n>+)", "nothing to repeat at position 6"),
            ("a**", "multiple repeat at position 2"),
            ("x[a", "unterminated character set at position 1"),
            ("a\n(", "missing ), unterminated subpattern at position 2 (line 2, column 1)"),
            ("a\\", "bad escape (end of pattern) at position 1"),
            ("(?P<n", "missing >, unterminated name at position 4"),
        ];
        for (source, told) in cases {
            assert_eq!(find(source).as_deref(), Some(told), "{source}");
        }
        assert_eq!(find(r"^(?:a|b)+?[]x]\)$"), None);
    }
}
