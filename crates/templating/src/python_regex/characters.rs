//! The parts of a Python pattern that stand for characters: escapes and classes in brackets.

use std::fmt::Write;

use nafal_base::replacement;

use super::translate::{Step, Translator, literal};
use super::width::Width;

impl Translator {
    pub(super) fn escape(&mut self, start: usize) -> Result<Width, String> {
        let Some(c) = self.peek() else {
            return Err(format!("bad escape (end of pattern) at position {start}"));
        };
        self.at += 1;
        match c {
            'Z' => {
                self.out.push_str("\\z");
                return Ok(Width::NOTHING);
            }
            'A' | 'b' | 'B' => {
                self.out.push('\\');
                self.out.push(c);
                return Ok(Width::NOTHING);
            }
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => {
                self.out.push('\\');
                self.out.push(c);
            }
            '1'..='9' => return self.back_reference(start, c),
            c => {
                let c = self.character(start, c)?;
                literal(&mut self.out, c);
            }
        }
        Ok(Width::ONE)
    }

    fn back_reference(&mut self, start: usize, first: char) -> Result<Width, String> {
        let digit = |c: Option<char>| c.filter(|c| c.is_digit(8));
        if let (Some(_), Some(second), Some(third)) =
            (digit(Some(first)), digit(self.peek()), digit(self.chars.get(self.at + 1).copied()))
        {
            let code: String = [first, second, third].iter().collect();
            self.at += 2;
            return self.octal(start, &code).map(|()| Width::ONE);
        }
        let mut group = first.to_digit(10).unwrap_or(0) as usize;
        if let Some(second) = self.peek().and_then(|c| c.to_digit(10)) {
            self.at += 1;
            group = group * 10 + second as usize;
        }
        if group > self.groups {
            return Err(format!("invalid group reference {group} at position {}", start + 1));
        }
        if self.closed.get(group) == Some(&false) {
            return Err(format!("cannot refer to an open group at position {start}"));
        }
        let _ = write!(self.out, "(?:\\{group})");
        Ok(self.widths.group(group))
    }

    pub(super) fn octal(&mut self, start: usize, digits: &str) -> Step {
        match u32::from_str_radix(digits, 8)
            .ok()
            .filter(|code| *code < 256)
            .and_then(char::from_u32)
        {
            Some(c) => {
                literal(&mut self.out, c);
                Ok(())
            }
            None => Err(format!(
                "octal escape value \\{digits} outside of range 0-0o377 at position {start}"
            )),
        }
    }

    /// The character that `\c` and what follows mean, in and out of classes.
    pub(super) fn character(&mut self, start: usize, c: char) -> Result<char, String> {
        if let Some(meant) = replacement::escape(c) {
            return Ok(meant);
        }
        Ok(match c {
            'x' => self.hexadecimal(start, 2)?,
            'u' => self.hexadecimal(start, 4)?,
            'U' => self.hexadecimal(start, 8)?,
            '0'..='7' => {
                let mut code = c.to_digit(8).unwrap_or(0);
                for _ in 0..2 {
                    let Some(digit) = self.peek().and_then(|c| c.to_digit(8)) else {
                        break;
                    };
                    code = code * 8 + digit;
                    self.at += 1;
                }
                char::from_u32(code).unwrap_or('\0')
            }
            c if c.is_ascii_alphanumeric() => {
                return Err(format!("bad escape \\{c} at position {start}"));
            }
            c => c,
        })
    }

    pub(super) fn hexadecimal(&mut self, start: usize, width: usize) -> Result<char, String> {
        let digits: String = self.chars[self.at..]
            .iter()
            .take(width)
            .take_while(|c| c.is_ascii_hexdigit())
            .collect();
        let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == width);
        self.at += digits.len();
        code.and_then(char::from_u32).ok_or_else(|| {
            let text: String = self.chars[start..self.at].iter().collect();
            format!("incomplete escape {text} at position {start}")
        })
    }

    pub(super) fn class(&mut self, start: usize) -> Step {
        self.out.push('[');
        if self.peek() == Some('^') {
            self.out.push('^');
            self.at += 1;
        }
        let first = self.at;
        loop {
            let Some(c) = self.peek() else {
                return Err(format!("unterminated character set at position {start}"));
            };
            if c == ']' && self.at > first {
                self.at += 1;
                self.out.push(']');
                return Ok(());
            }
            let from = self.at;
            let low = self.class_item()?;
            let range = self.peek() == Some('-')
                && self.chars.get(self.at + 1).is_some_and(|next| *next != ']');
            if !range {
                match low {
                    Some(c) => class_literal(&mut self.out, c),
                    None => self.copy_class(from),
                }
                continue;
            }
            self.at += 1;
            let high = self.class_item()?;
            let (Some(low), Some(high)) = (low, high) else {
                let text: String = self.chars[from..self.at].iter().collect();
                return Err(format!("bad character range {text} at position {from}"));
            };
            if low > high {
                let text: String = self.chars[from..self.at].iter().collect();
                return Err(format!("bad character range {text} at position {from}"));
            }
            class_literal(&mut self.out, low);
            self.out.push('-');
            class_literal(&mut self.out, high);
        }
    }

    /// The next character of a class; None for `\d` and its kin.
    pub(super) fn class_item(&mut self) -> Result<Option<char>, String> {
        let start = self.at;
        let Some(c) = self.peek() else {
            return Ok(None);
        };
        self.at += 1;
        if c != '\\' {
            return Ok(Some(c));
        }
        let Some(escaped) = self.peek() else {
            return Err(format!("bad escape (end of pattern) at position {start}"));
        };
        self.at += 1;
        match escaped {
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => Ok(None),
            escaped => self.character(start, escaped).map(Some),
        }
    }

    pub(super) fn copy_class(&mut self, from: usize) {
        self.out.extend(&self.chars[from..self.at]);
    }
}

fn class_literal(out: &mut String, c: char) {
    if matches!(c, '[' | ']' | '\\' | '^' | '-' | '&' | '~') {
        out.push('\\');
    }
    out.push(c);
}
