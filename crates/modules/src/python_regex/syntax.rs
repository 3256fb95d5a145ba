//! One pass over Python's syntax that writes fancy-regex's. Must not know matching.

use super::{Alphabet, Anchors};

/// The same expression in fancy-regex's words.
pub fn translate(source: &str, alphabet: Alphabet, anchors: Anchors) -> String {
    let mut writer =
        Writer { rest: source, out: String::with_capacity(source.len() + 16), alphabet, anchors };
    if anchors == Anchors::Lines {
        writer.out.push_str("(?m)");
    }
    writer.all();
    writer.out
}

struct Writer<'a> {
    rest: &'a str,
    out: String,
    alphabet: Alphabet,
    anchors: Anchors,
}

impl Writer<'_> {
    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    fn all(&mut self) {
        while let Some(c) = self.next() {
            match c {
                '\\' => self.escape(false),
                '[' => self.class(),
                '(' => self.group(),
                '{' => self.brace(),
                // Python's dollar also matches before a newline at the end.
                '$' if self.anchors == Anchors::Text => self.out.push_str(r"(?=\n?\z)"),
                c => self.out.push(c),
            }
        }
    }

    fn escape(&mut self, in_class: bool) {
        let Some(c) = self.next() else {
            self.out.push('\\');
            return;
        };
        let is_ascii = self.alphabet == Alphabet::Ascii;
        match c {
            'Z' if !in_class => self.out.push_str(r"\z"),
            'b' if in_class => self.out.push_str(r"\x08"),
            'd' if is_ascii => self.set("0-9", in_class),
            'w' if is_ascii => self.set("A-Za-z0-9_", in_class),
            's' if is_ascii => self.set(r" \t\n\r\x0c\x0b", in_class),
            '0' => self.octal(0),
            '1'..='7' if self.is_octal(c, in_class) => self.octal(c as u32 - '0' as u32),
            c if c.is_ascii_alphanumeric() => {
                self.out.push('\\');
                self.out.push(c);
            }
            // fancy-regex knows `\<` and `\>` as ends of words.
            '<' | '>' => self.out.push(c),
            c if c.is_ascii_punctuation() || c == ' ' => {
                self.out.push('\\');
                self.out.push(c);
            }
            c => self.out.push(c),
        }
    }

    fn set(&mut self, characters: &str, in_class: bool) {
        if in_class {
            self.out.push_str(characters);
        } else {
            self.out.push('[');
            self.out.push_str(characters);
            self.out.push(']');
        }
    }

    /// Three octal digits are a character, fewer are a group's number (in a class never).
    fn is_octal(&self, first: char, in_class: bool) -> bool {
        let digits = self.rest.chars().take(2).filter(|c| matches!(c, '0'..='7')).count();
        in_class || (digits == 2 && first <= '3')
    }

    fn octal(&mut self, mut code: u32) {
        for _ in 0..2 {
            let Some(digit) = self.rest.chars().next().and_then(|c| c.to_digit(8)) else { break };
            code = code * 8 + digit;
            self.next();
        }
        self.out.push_str(&format!(r"\x{{{code:x}}}"));
    }

    fn class(&mut self) {
        self.out.push('[');
        if self.rest.starts_with('^') {
            self.next();
            self.out.push('^');
        }
        // A bracket that comes first is a character.
        if self.rest.starts_with(']') {
            self.next();
            self.out.push_str(r"\]");
        }
        while let Some(c) = self.next() {
            match c {
                ']' => {
                    self.out.push(']');
                    return;
                }
                '\\' => self.escape(true),
                // Rust's classes nest and have operators, Python's don't.
                '[' | '&' | '~' => {
                    self.out.push('\\');
                    self.out.push(c);
                }
                '-' if self.rest.starts_with('-') => self.out.push_str(r"\-"),
                c => self.out.push(c),
            }
        }
    }

    fn group(&mut self) {
        if self.rest.starts_with("?#") {
            let end = self.rest.find(')').map_or(self.rest.len(), |end| end + 1);
            self.rest = &self.rest[end..];
            return;
        }
        self.out.push('(');
        let Some(flags) = self.rest.strip_prefix('?') else { return };
        let end = flags.find(|c: char| !c.is_ascii_alphabetic() && c != '-').unwrap_or(0);
        let (names, after) = flags.split_at(end);
        if names.is_empty() || names == "P" || !(after.starts_with(')') || after.starts_with(':')) {
            return;
        }
        if names.split('-').next().is_some_and(|on| on.contains('m')) {
            self.anchors = Anchors::Lines;
        }
        // Flags of alphabets have no twin.
        let kept: String = names.chars().filter(|c| !matches!(c, 'a' | 'u' | 'L')).collect();
        self.rest = after;
        self.out.push('?');
        if kept.is_empty() && after.starts_with(')') {
            self.out.push(':');
        }
        self.out.push_str(&kept);
    }

    /// A brace that isn't a repetition is a character.
    fn brace(&mut self) {
        let Some(end) = self.rest.find('}') else {
            self.out.push_str(r"\{");
            return;
        };
        let inner = &self.rest[..end];
        let (low, high) = inner.split_once(',').unwrap_or((inner, "0"));
        let is_number = |text: &str| text.chars().all(|c| c.is_ascii_digit());
        let is_repetition = !inner.is_empty() && is_number(low) && is_number(high);
        let is_empty = low.is_empty() && !inner.contains(',');
        if !is_repetition || is_empty {
            self.out.push_str(r"\{");
            return;
        }
        self.out.push('{');
        if low.is_empty() {
            self.out.push('0');
        }
        self.out.push_str(inner);
        self.out.push('}');
        self.rest = &self.rest[end + 1..];
    }
}
