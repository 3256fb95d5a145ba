//! A Python pattern as one that fancy-regex reads, or Python's complaint about it.

use std::collections::HashMap;
use std::fmt::Write;

use super::Flags;
use super::width::{Opened, Width, Widths};

/// A pattern in the other syntax.
pub(super) struct Translated {
    /// The pattern, with its flags.
    pub pattern: String,
    /// How many groups.
    pub groups: usize,
    /// The groups that have names.
    pub names: HashMap<String, usize>,
}

pub(super) struct Translator {
    pub(super) chars: Vec<char>,
    pub(super) at: usize,
    pub(super) out: String,
    pub(super) flags: Flags,
    /// Where each open group began, and the flags outside it.
    pub(super) open: Vec<(usize, Flags)>,
    pub(super) groups: usize,
    pub(super) closed: Vec<bool>,
    pub(super) names: HashMap<String, usize>,
    /// Whether the text that is matched ends with a newline.
    pub(super) trailing_newline: bool,
    /// What a quantifier would repeat: nothing, something, or something that is repeated already.
    pub(super) last: Last,
    pub(super) widths: Widths,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    Nothing,
    Item,
    Repeat,
}

pub(super) type Step = Result<(), String>;

/// Translates; `trailing_newline` says whether the text ends with one (`$` matches before it).
pub(super) fn translate(
    pattern: &str,
    flags: Flags,
    trailing_newline: bool,
) -> Result<Translated, String> {
    let mut t = Translator {
        chars: pattern.chars().collect(),
        at: 0,
        out: String::with_capacity(pattern.len() + 16),
        flags,
        open: Vec::new(),
        groups: 0,
        closed: vec![true],
        names: HashMap::new(),
        trailing_newline,
        last: Last::Nothing,
        widths: Widths::new(),
    };
    while t.at < t.chars.len() {
        t.step()?;
    }
    if let Some((start, _)) = t.open.first() {
        return Err(format!("missing ), unterminated subpattern at position {start}"));
    }
    let mut prefix = String::new();
    if t.flags.ignore_case {
        prefix.push('i');
    }
    if t.flags.dot_all {
        prefix.push('s');
    }
    let pattern = if prefix.is_empty() { t.out } else { format!("(?{prefix}){}", t.out) };
    Ok(Translated { pattern, groups: t.groups, names: t.names })
}

impl Translator {
    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn rest_starts(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(offset, c)| self.chars.get(self.at + offset) == Some(&c))
    }

    fn step(&mut self) -> Step {
        let start = self.at;
        let c = self.chars[start];
        self.at += 1;
        let mut width = Width::ONE;
        match c {
            '\\' => width = self.escape(start)?,
            '[' => self.class(start)?,
            '(' => return self.group(start),
            ')' => {
                let Some((_, flags)) = self.open.pop() else {
                    return Err(format!("unbalanced parenthesis at position {start}"));
                };
                self.flags = flags;
                self.out.push(')');
                if let Some(open) = self.closed.iter().rposition(|closed| !closed) {
                    self.closed[open] = true;
                }
                self.widths.close()?;
                self.last = Last::Item;
                return Ok(());
            }
            '*' => return self.repeat(start, "*", (0, None)),
            '+' => return self.repeat(start, "+", (1, None)),
            '?' => return self.repeat(start, "?", (0, Some(1))),
            '{' => return self.braces(start),
            '|' => {
                self.out.push('|');
                self.widths.alternative();
                self.last = Last::Nothing;
                return Ok(());
            }
            '^' => {
                self.out.push_str(if self.flags.multiline { "(?m:^)" } else { "\\A" });
                self.last = Last::Nothing;
                return Ok(());
            }
            '$' => {
                self.dollar();
                width = Width::NOTHING;
            }
            '}' | ']' => {
                self.out.push('\\');
                self.out.push(c);
            }
            '#' if self.flags.verbose => {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.at += 1;
                }
                return Ok(());
            }
            c if self.flags.verbose && c.is_whitespace() => return Ok(()),
            '.' => self.out.push('.'),
            c => literal(&mut self.out, c),
        }
        self.widths.item(width);
        self.last = Last::Item;
        Ok(())
    }

    fn dollar(&mut self) {
        self.out.push_str(match (self.flags.multiline, self.trailing_newline) {
            (true, _) => "(?m:$)",
            (false, true) => "(?=\\n?\\z)",
            (false, false) => "\\z",
        });
    }

    fn repeat(&mut self, start: usize, text: &str, (min, max): (u64, Option<u64>)) -> Step {
        match self.last {
            Last::Nothing => {
                // Python lets `^*` pass, but not a quantifier with nothing at all before it.
                return Err(format!("nothing to repeat at position {start}"));
            }
            Last::Repeat => return Err(format!("multiple repeat at position {start}")),
            Last::Item => {}
        }
        if max.is_some_and(|max| max < min) {
            return Err(format!("min repeat greater than max repeat at position {}", start + 1));
        }
        self.widths.repeat(min, max);
        self.out.push_str(text);
        if let Some(c @ ('?' | '+')) = self.peek() {
            self.out.push(c);
            self.at += 1;
        }
        self.last = Last::Repeat;
        Ok(())
    }

    /// `{2}`, `{2,}`, `{,3}`, `{2,3}`; anything else in braces is itself.
    fn braces(&mut self, start: usize) -> Step {
        let inner: String = self.chars[self.at..].iter().take_while(|c| **c != '}').collect();
        let closed = self.chars.get(self.at + inner.chars().count()) == Some(&'}');
        let (low, high) = match inner.split_once(',') {
            Some((low, high)) => (low, Some(high)),
            None => (inner.as_str(), None),
        };
        let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
        if !closed || inner.is_empty() || !digits(low) || !digits(high.unwrap_or("")) {
            self.out.push_str("\\{");
            self.last = Last::Item;
            return Ok(());
        }
        self.at += inner.len() + 1;
        let min: u64 = low.parse().unwrap_or(0);
        let (text, max) = match high {
            None => (format!("{{{min}}}"), Some(min)),
            Some("") => (format!("{{{min},}}"), None),
            Some(high) => (format!("{{{min},{high}}}"), high.parse().ok()),
        };
        self.repeat(start, &text, (min, max))
    }

    fn group(&mut self, start: usize) -> Step {
        self.last = Last::Nothing;
        if self.peek() != Some('?') {
            self.open_group(start, "(", None);
            return Ok(());
        }
        self.at += 1;
        let fixed = [":", "=", "!", ">", "<=", "<!"];
        if let Some(kind) = fixed.iter().find(|kind| self.rest_starts(kind)) {
            self.at += kind.len();
            self.open.push((start, self.flags));
            self.widths.open(match *kind {
                "=" | "!" => Opened::LookAhead,
                "<=" | "<!" => Opened::LookBehind,
                _ => Opened::Plain,
            });
            let _ = write!(self.out, "(?{kind}");
            return Ok(());
        }
        match self.peek() {
            None => Err(format!("unexpected end of pattern at position {}", self.at)),
            Some('P') => self.named(start),
            Some('#') => {
                while self.peek() != Some(')') {
                    if self.peek().is_none() {
                        return Err(format!("missing ), unterminated comment at position {start}"));
                    }
                    self.at += 1;
                }
                self.at += 1;
                Ok(())
            }
            Some('(') => self.conditional(start),
            Some(c) if "aiLmsux-".contains(c) => self.inline_flags(start),
            Some(c) => Err(format!("unknown extension ?{c} at position {}", start + 1)),
        }
    }

    fn open_group(&mut self, start: usize, text: &str, name: Option<String>) {
        self.groups += 1;
        self.closed.push(false);
        self.open.push((start, self.flags));
        self.widths.open(Opened::Group(self.groups));
        if let Some(name) = name {
            self.names.insert(name, self.groups);
        }
        self.out.push_str(text);
    }

    fn until(&mut self, end: char, start: usize) -> Result<String, String> {
        let from = self.at;
        while self.peek().is_some_and(|c| c != end) {
            self.at += 1;
        }
        if self.peek().is_none() {
            return Err(format!("missing {end}, unterminated name at position {from}"));
        }
        let name: String = self.chars[from..self.at].iter().collect();
        self.at += 1;
        let _ = start;
        if name.is_empty() {
            return Err(format!("missing group name at position {from}"));
        }
        let valid = name.chars().all(|c| c.is_alphanumeric() || c == '_')
            && !name.starts_with(|c: char| c.is_numeric());
        if valid {
            Ok(name)
        } else {
            Err(format!("bad character in group name '{name}' at position {from}"))
        }
    }

    fn named(&mut self, start: usize) -> Step {
        self.at += 1;
        match self.peek() {
            Some('<') => {
                self.at += 1;
                let from = self.at;
                let name = self.until('>', start)?;
                if let Some(first) = self.names.get(&name) {
                    return Err(format!(
                        "redefinition of group name '{name}' as group {}; was group {first} at position {from}",
                        self.groups + 1
                    ));
                }
                self.open_group(start, "(", Some(name));
                Ok(())
            }
            Some('=') => {
                self.at += 1;
                let from = self.at;
                let name = self.until(')', start)?;
                let Some(group) = self.names.get(&name).copied() else {
                    return Err(format!("unknown group name '{name}' at position {from}"));
                };
                let _ = write!(self.out, "(?:\\{group})");
                self.widths.item(self.widths.group(group));
                self.last = Last::Item;
                Ok(())
            }
            Some(c) => Err(format!("unknown extension ?P{c} at position {}", start + 1)),
            None => Err(format!("unexpected end of pattern at position {}", self.at)),
        }
    }

    fn conditional(&mut self, start: usize) -> Step {
        self.at += 1;
        let from = self.at;
        while self.peek().is_some_and(|c| c != ')') {
            self.at += 1;
        }
        let name: String = self.chars[from..self.at].iter().collect();
        self.at += 1;
        let group = match name.parse::<usize>() {
            Ok(group) if group <= self.groups => group,
            Ok(group) => {
                return Err(format!("invalid group reference {group} at position {from}"));
            }
            Err(_) => *self
                .names
                .get(&name)
                .ok_or_else(|| format!("unknown group name '{name}' at position {from}"))?,
        };
        self.open.push((start, self.flags));
        self.widths.open(Opened::Conditional);
        let _ = write!(self.out, "(?({group})");
        Ok(())
    }

    fn inline_flags(&mut self, start: usize) -> Step {
        let (mut flags, mut text, mut on) = (self.flags, String::new(), true);
        loop {
            let Some(c) = self.peek() else {
                return Err(format!("missing -, : or ) at position {}", self.at));
            };
            self.at += 1;
            match c {
                'i' => flags.ignore_case = on,
                'm' => flags.multiline = on,
                's' => flags.dot_all = on,
                'x' => flags.verbose = on,
                'a' | 'u' | 'L' => continue,
                '-' => on = false,
                ')' | ':' => {
                    return self.end_flags(start, flags, &text, c);
                }
                _ => return Err(format!("unknown flag at position {}", self.at - 1)),
            }
            if "is-".contains(c) {
                text.push(c);
            }
        }
    }

    fn end_flags(&mut self, start: usize, flags: Flags, text: &str, end: char) -> Step {
        if end == ')' {
            if start != 0 && !self.out.is_empty() {
                return Err(format!(
                    "global flags not at the start of the expression at position {start}"
                ));
            }
            self.flags = flags;
            return Ok(());
        }
        self.open.push((start, self.flags));
        self.widths.open(Opened::Plain);
        self.flags = flags;
        let text = text.strip_suffix('-').unwrap_or(text);
        let _ = write!(self.out, "(?{text}:");
        Ok(())
    }
}

pub(super) fn literal(out: &mut String, c: char) {
    if c.is_ascii_punctuation() && !matches!(c, '<' | '>' | '_') {
        out.push('\\');
    }
    out.push(c);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(pattern: &str) -> String {
        translate(pattern, Flags::default(), false).err().unwrap_or_default()
    }

    #[test]
    fn complaints_as_python() {
        assert_eq!(error("["), "unterminated character set at position 0");
        assert_eq!(error("(b"), "missing ), unterminated subpattern at position 0");
        assert_eq!(error("b)"), "unbalanced parenthesis at position 1");
        assert_eq!(error("*"), "nothing to repeat at position 0");
        assert_eq!(error("a**"), "multiple repeat at position 2");
        assert_eq!(error("a{3,2}"), "min repeat greater than max repeat at position 2");
        assert_eq!(error("[z-a]"), "bad character range z-a at position 1");
        assert_eq!(error("(?Xa)"), "unknown extension ?X at position 1");
        assert_eq!(error("\\y"), "bad escape \\y at position 0");
        assert_eq!(error("(?P<1>b)"), "bad character in group name '1' at position 4");
        for varying in ["(?<=a*)b", "(?<!a|bc)", "(?<=(a)?)", "(?<=(a|bc))(?<=\\1)"] {
            assert_eq!(error(varying), "look-behind requires fixed-width pattern", "{varying}");
        }
        for fixed in ["(?<=a{2}|bc)b", "(?<=^|\\b)", "(?<=(a)\\1(?=x*))", "(?<![a-z]\\d)"] {
            assert_eq!(error(fixed), "", "{fixed}");
        }
        assert_eq!(error("b(?i)"), "global flags not at the start of the expression at position 1");
    }
}
