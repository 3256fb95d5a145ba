//! The tokens inside `{{ }}` and `{% %}`, as Jinja2's lexer cuts them.

use crate::error::Error;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Name,
    Integer,
    Float,
    Str,
    Operator,
}

/// A token: its text as written (of a string: with its quotes).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'s> {
    pub kind: Kind,
    pub text: &'s str,
    /// Newlines between it and the one before.
    pub newlines: usize,
}

impl Token<'_> {
    /// Whether it is this operator.
    pub fn is(&self, operator: &str) -> bool {
        self.kind == Kind::Operator && self.text == operator
    }

    /// Whether it is this name.
    pub fn is_name(&self, name: &str) -> bool {
        self.kind == Kind::Name && self.text == name
    }
}

/// What closes the block that is read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End<'s> {
    /// This delimiter, with `-` or `+` before it.
    Delimiter(&'s str),
    /// The end of the line, and the empty lines behind it.
    Line,
    /// The end of the text (a condition).
    Text,
}

/// The tokens of a block and where it ended.
#[derive(Debug)]
pub(crate) struct Lexed<'s> {
    pub tokens: Vec<Token<'s>>,
    /// Offset behind the last token, at the closing delimiter.
    pub end: usize,
    /// The closing delimiter with its sign; None when the text ended first.
    pub closing: Option<&'s str>,
    /// Newlines before the closing delimiter, or in it.
    pub newlines: usize,
}

impl Lexed<'_> {
    /// Where the text behind it starts.
    pub fn after(&self) -> usize {
        self.end + self.closing.map_or(0, str::len)
    }
}

const OPERATORS: [&str; 7] = ["//", "**", "==", "!=", ">=", "<=", ""];

/// Cuts what stands at `start`.
pub(crate) fn lex<'s>(source: &'s str, start: usize, end: End<'_>) -> Result<Lexed<'s>, Error> {
    let mut tokens = Vec::new();
    let mut open: Vec<char> = Vec::new();
    let mut at = start;
    let mut newlines = 0;
    loop {
        let rest = &source[at..];
        let closing = match end {
            End::Delimiter(delimiter) if open.is_empty() => closing(rest, delimiter),
            End::Line if open.is_empty() => line_end(rest),
            _ => None,
        };
        if let Some(text) = closing {
            newlines += text.matches('\n').count();
            return Ok(Lexed { tokens, end: at, closing, newlines });
        }
        if open.is_empty()
            && matches!(end, End::Text)
            && ["}}", "%}", ","].iter().any(|end| rest.starts_with(end))
        {
            return Err(Error::new("chunk after expression"));
        }
        let Some(first) = rest.chars().next() else {
            return Ok(Lexed { tokens, end: at, closing: None, newlines });
        };
        if first.is_whitespace() {
            newlines += usize::from(first == '\n');
            at += first.len_utf8();
            continue;
        }
        let after_dot = source[start..at].ends_with('.');
        // Jinja2 reads an expression's first token before it can say where that is in any other way
        // (case `bad-templates-places`).
        let refuse = |message: String| {
            let line = line_of(source, at);
            let is_first = tokens.is_empty() && matches!(end, End::Text);
            let place = if is_first { format!("\n  line {line}") } else { String::new() };
            Error::new(message + &place).on_line(line)
        };
        let (kind, length) = next(rest, first, after_dot).ok_or_else(|| {
            let position = source[..at].chars().count();
            refuse(format!("unexpected char {} at {position}", quoted(first)))
        })?;
        let text = &rest[..length];
        if kind == Kind::Operator {
            balance(&mut open, text).map_err(refuse)?;
        }
        tokens.push(Token { kind, text, newlines });
        newlines = 0;
        at += length;
    }
}

/// The line, from 1, that an offset is on.
pub(crate) fn line_of(source: &str, at: usize) -> u32 {
    let newlines = source[..at].bytes().filter(|byte| *byte == b'\n').count();
    u32::try_from(newlines + 1).unwrap_or(u32::MAX)
}

fn quoted(c: char) -> String {
    nafal_base::value::string_repr(c.encode_utf8(&mut [0; 4]))
}

/// The closing delimiter that the text starts with, its sign included.
fn closing<'s>(rest: &'s str, delimiter: &str) -> Option<&'s str> {
    let signed = usize::from(rest.starts_with(['-', '+']));
    if rest[signed..].starts_with(delimiter) {
        return Some(&rest[..signed + delimiter.len()]);
    }
    rest.starts_with(delimiter).then(|| &rest[..delimiter.len()])
}

/// What ends a line statement: blanks up to the last newline before more text, or all that is left.
fn line_end(rest: &str) -> Option<&str> {
    let blanks = rest.len() - rest.trim_start().len();
    let blank = &rest[..blanks];
    if blanks == rest.len() {
        return Some(blank);
    }
    blank.rfind('\n').map(|newline| &blank[..=newline])
}

fn balance(open: &mut Vec<char>, text: &str) -> Result<(), String> {
    match text {
        "(" => open.push(')'),
        "[" => open.push(']'),
        "{" => open.push('}'),
        ")" | "]" | "}" => match open.pop() {
            None => return Err(format!("unexpected '{text}'")),
            Some(expected) if !text.starts_with(expected) => {
                return Err(format!("unexpected '{text}', expected '{expected}'"));
            }
            Some(_) => {}
        },
        _ => {}
    }
    Ok(())
}

/// Kind and length of the token that the text starts with.
fn next(rest: &str, first: char, after_dot: bool) -> Option<(Kind, usize)> {
    if first.is_ascii_digit() {
        return Some(number(rest, after_dot));
    }
    if first.is_alphanumeric() || first == '_' {
        let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        return Some((Kind::Name, length));
    }
    if matches!(first, '\'' | '"') {
        return string(rest, first).map(|length| (Kind::Str, length));
    }
    if let Some(operator) = OPERATORS.iter().find(|o| !o.is_empty() && rest.starts_with(**o)) {
        return Some((Kind::Operator, operator.len()));
    }
    "+-/*%~[](){}><=.:|,;".contains(first).then_some((Kind::Operator, 1))
}

fn string(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (index, c) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return Some(index + 1);
        }
    }
    None
}

/// How many bytes of digits and single underscores between them.
fn digits(text: &str, is_digit: impl Fn(u8) -> bool) -> usize {
    let bytes = text.as_bytes();
    let mut length = 0;
    while let Some(&byte) = bytes.get(length) {
        if is_digit(byte) {
            length += 1;
        } else if byte == b'_' && length > 0 && bytes.get(length + 1).is_some_and(|b| is_digit(*b))
        {
            length += 2;
        } else {
            break;
        }
    }
    length
}

fn number(rest: &str, after_dot: bool) -> (Kind, usize) {
    let decimal = |byte: u8| byte.is_ascii_digit();
    let whole = digits(rest, decimal);
    if !after_dot {
        let mut length = whole;
        if rest[length..].starts_with('.') {
            let fraction = digits(&rest[length + 1..], decimal);
            length += if fraction > 0 { 1 + fraction } else { 0 };
        }
        if rest[length..].starts_with(['e', 'E']) {
            let signed = usize::from(rest[length + 1..].starts_with(['+', '-']));
            let exponent = digits(&rest[length + 1 + signed..], decimal);
            length += if exponent > 0 { 1 + signed + exponent } else { 0 };
        }
        if length > whole {
            return (Kind::Float, length);
        }
    }
    let radix = rest.as_bytes().get(1).map(u8::to_ascii_lowercase);
    let prefixed = match radix {
        _ if !rest.starts_with('0') => 0,
        Some(b'b') => digits(&rest[2..], |b| matches!(b, b'0' | b'1')),
        Some(b'o') => digits(&rest[2..], |b| matches!(b, b'0'..=b'7')),
        Some(b'x') => digits(&rest[2..], |b| b.is_ascii_hexdigit()),
        _ => 0,
    };
    if prefixed > 0 {
        return (Kind::Integer, prefixed + 2);
    }
    // `017` is a 0 and a 17 for Jinja2, which its parser refuses then.
    let length = if rest.starts_with('0') { digits(rest, |b| b == b'0') } else { whole };
    (Kind::Integer, length)
}
