//! Pieces that become one file, as `assemble` puts them together on either side. Must not know
//! where they come from.

/// Pieces put together, with a delimiter between them.
#[derive(Debug)]
pub struct Assembly {
    bytes: Vec<u8>,
    delimiter: Vec<u8>,
    is_empty: bool,
}

impl Assembly {
    /// Nothing yet; the delimiter may have Python's escapes.
    pub fn new(delimiter: Option<&str>) -> Assembly {
        let delimiter = delimiter.map(unescaped).unwrap_or_default().into_bytes();
        Assembly { bytes: Vec::new(), delimiter, is_empty: true }
    }

    /// One piece more, on a line of its own.
    pub fn add(&mut self, piece: &[u8]) {
        if !self.is_empty {
            self.end_line();
            if !self.delimiter.is_empty() {
                self.bytes.extend_from_slice(&self.delimiter);
                self.end_line();
            }
        }
        self.is_empty = false;
        self.bytes.extend_from_slice(piece);
    }

    /// All of it.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    fn end_line(&mut self) {
        if self.bytes.last().is_some_and(|last| *last != b'\n') {
            self.bytes.push(b'\n');
        }
    }
}

/// Python's `unicode_escape`, as far as delimiters need it; what it doesn't know stays.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let digits = |count: usize| {
            let digits = rest.as_str().get(1..=count)?;
            u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
        };
        let (taken, replacement) = match rest.as_str().chars().next() {
            Some('n') => (1, Some('\n')),
            Some('t') => (1, Some('\t')),
            Some('r') => (1, Some('\r')),
            Some(c @ ('\\' | '\'' | '"')) => (1, Some(c)),
            Some('x') => (3, digits(2)),
            Some('u') => (5, digits(4)),
            _ => (0, None),
        };
        match replacement {
            Some(replacement) => {
                out.push(replacement);
                rest = rest.as_str().get(taken..).unwrap_or_default().chars();
            }
            None => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters() {
        assert_eq!(unescaped(r"a\n\x41\q\u00e9\"), "a\nA\\qé\\");
        let mut whole = Assembly::new(Some("--"));
        for piece in ["one", "two\n", "three"] {
            whole.add(piece.as_bytes());
        }
        assert_eq!(whole.into_bytes(), b"one\n--\ntwo\n--\nthree");
    }
}
