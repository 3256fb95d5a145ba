//! The tokens of an expression. Must not know what they make together.

use nafal_base::Value;

use crate::python_json::read;

/// What a token is; the names are those that complaints use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Eof,
    UnquotedIdentifier,
    QuotedIdentifier,
    Literal,
    Rbracket,
    Rparen,
    Comma,
    Rbrace,
    Number,
    Current,
    Expref,
    Colon,
    Pipe,
    Or,
    And,
    Eq,
    Gt,
    Lt,
    Gte,
    Lte,
    Ne,
    Flatten,
    Star,
    Filter,
    Dot,
    Not,
    Lbrace,
    Lbracket,
    Lparen,
}

impl Kind {
    /// As Python's lexer calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Eof => "eof",
            Kind::UnquotedIdentifier => "unquoted_identifier",
            Kind::QuotedIdentifier => "quoted_identifier",
            Kind::Literal => "literal",
            Kind::Rbracket => "rbracket",
            Kind::Rparen => "rparen",
            Kind::Comma => "comma",
            Kind::Rbrace => "rbrace",
            Kind::Number => "number",
            Kind::Current => "current",
            Kind::Expref => "expref",
            Kind::Colon => "colon",
            Kind::Pipe => "pipe",
            Kind::Or => "or",
            Kind::And => "and",
            Kind::Eq => "eq",
            Kind::Gt => "gt",
            Kind::Lt => "lt",
            Kind::Gte => "gte",
            Kind::Lte => "lte",
            Kind::Ne => "ne",
            Kind::Flatten => "flatten",
            Kind::Star => "star",
            Kind::Filter => "filter",
            Kind::Dot => "dot",
            Kind::Not => "not",
            Kind::Lbrace => "lbrace",
            Kind::Lbracket => "lbracket",
            Kind::Lparen => "lparen",
        }
    }

    /// How strongly it binds what is on its left.
    pub(super) fn power(self) -> u8 {
        match self {
            Kind::Pipe => 1,
            Kind::Or => 2,
            Kind::And => 3,
            Kind::Eq | Kind::Gt | Kind::Lt | Kind::Gte | Kind::Lte | Kind::Ne => 5,
            Kind::Flatten => 9,
            Kind::Star => 20,
            Kind::Filter => 21,
            Kind::Dot => 40,
            Kind::Not => 45,
            Kind::Lbrace => 50,
            Kind::Lbracket => 55,
            Kind::Lparen => 60,
            _ => 0,
        }
    }
}

/// A token: its place (in characters) and its value.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub kind: Kind,
    pub value: Value,
    pub start: usize,
}

struct Lexer<'e> {
    expression: &'e str,
    chars: Vec<char>,
    at: usize,
}

/// Cuts an expression.
pub(super) fn lex(expression: &str) -> Result<Vec<Token>, String> {
    let mut lexer = Lexer { expression, chars: expression.chars().collect(), at: 0 };
    let mut tokens = Vec::new();
    while let Some(c) = lexer.peek() {
        if c.is_ascii_whitespace() {
            lexer.at += 1;
            continue;
        }
        let start = lexer.at;
        let (kind, value) = lexer.token(c)?;
        tokens.push(Token { kind, value, start });
    }
    let end = lexer.chars.len();
    tokens.push(Token { kind: Kind::Eof, value: Value::from(""), start: end });
    Ok(tokens)
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn fault<T>(&self, at: usize, why: &str) -> Result<T, String> {
        let underline = " ".repeat(at) + "^";
        Err(format!("Bad jmespath expression: {why}:\n{}\n{underline}", self.expression))
    }

    fn take(&mut self, fits: impl Fn(char) -> bool) -> String {
        let from = self.at;
        while self.peek().is_some_and(&fits) {
            self.at += 1;
        }
        self.chars[from..self.at].iter().collect()
    }

    /// The kind of two characters, or of the first alone.
    fn either(&mut self, second: char, both: Kind, alone: Kind) -> (Kind, Value) {
        let first = self.chars[self.at];
        self.at += 1;
        if self.peek() == Some(second) {
            self.at += 1;
            return (both, Value::from(format!("{first}{second}")));
        }
        (alone, Value::from(first.to_string()))
    }

    fn token(&mut self, c: char) -> Result<(Kind, Value), String> {
        let simple = match c {
            '.' => Some(Kind::Dot),
            '*' => Some(Kind::Star),
            ']' => Some(Kind::Rbracket),
            ',' => Some(Kind::Comma),
            ':' => Some(Kind::Colon),
            '@' => Some(Kind::Current),
            '(' => Some(Kind::Lparen),
            ')' => Some(Kind::Rparen),
            '{' => Some(Kind::Lbrace),
            '}' => Some(Kind::Rbrace),
            _ => None,
        };
        if let Some(kind) = simple {
            self.at += 1;
            return Ok((kind, Value::from(c.to_string())));
        }
        let start = self.at;
        match c {
            'a'..='z' | 'A'..='Z' | '_' => {
                let name = self.take(|c| c.is_ascii_alphanumeric() || c == '_');
                Ok((Kind::UnquotedIdentifier, Value::from(name)))
            }
            '[' => {
                self.at += 1;
                let (kind, text) = match self.peek() {
                    Some(']') => (Kind::Flatten, "[]"),
                    Some('?') => (Kind::Filter, "[?"),
                    _ => return Ok((Kind::Lbracket, Value::from("["))),
                };
                self.at += 1;
                Ok((kind, Value::from(text)))
            }
            '\'' => self.raw(start),
            '|' => Ok(self.either('|', Kind::Or, Kind::Pipe)),
            '&' => Ok(self.either('&', Kind::And, Kind::Expref)),
            '`' => self.literal(start),
            '0'..='9' => {
                let digits = self.take(|c| c.is_ascii_digit());
                Ok((Kind::Number, number(&digits)))
            }
            '-' => {
                self.at += 1;
                let digits = self.take(|c| c.is_ascii_digit());
                if digits.is_empty() {
                    return self.fault(start, "Unknown token '-'");
                }
                Ok((Kind::Number, number(&format!("-{digits}"))))
            }
            '"' => self.quoted(start),
            '<' => Ok(self.either('=', Kind::Lte, Kind::Lt)),
            '>' => Ok(self.either('=', Kind::Gte, Kind::Gt)),
            '!' => Ok(self.either('=', Kind::Ne, Kind::Not)),
            '=' if self.chars.get(self.at + 1) == Some(&'=') => {
                self.at += 2;
                Ok((Kind::Eq, Value::from("==")))
            }
            '=' => self.fault(start, "Unknown token '='"),
            c => self.fault(start, &format!("Unknown token {c}")),
        }
    }

    /// What stands up to the delimiter, the backslashes in it as they are.
    fn until(&mut self, start: usize) -> Result<String, String> {
        let delimiter = self.chars[start];
        self.at += 1;
        let mut text = String::new();
        loop {
            match self.peek() {
                None => return self.fault(start, &format!("Unclosed {delimiter} delimiter")),
                Some('\\') => {
                    text.push('\\');
                    self.at += 1;
                    if let Some(c) = self.peek() {
                        text.push(c);
                        self.at += 1;
                    }
                }
                Some(c) => {
                    self.at += 1;
                    if c == delimiter {
                        return Ok(text);
                    }
                    text.push(c);
                }
            }
        }
    }

    fn raw(&mut self, start: usize) -> Result<(Kind, Value), String> {
        let text = self.until(start)?;
        Ok((Kind::Literal, Value::from(text.replace("\\'", "'"))))
    }

    fn quoted(&mut self, start: usize) -> Result<(Kind, Value), String> {
        let text = format!("\"{}\"", self.until(start)?);
        match read(&text) {
            Ok(value) => Ok((Kind::QuotedIdentifier, value)),
            Err(why) => self.fault(start, &why.to_string()),
        }
    }

    /// JSON in backticks; what isn't JSON is text (an old custom).
    fn literal(&mut self, start: usize) -> Result<(Kind, Value), String> {
        let text = self.until(start)?.replace("\\`", "`");
        let text = text.trim_start();
        let value = read(text).or_else(|_| read(&format!("\"{text}\"")));
        match value {
            Ok(value) => Ok((Kind::Literal, value)),
            Err(_) => self.fault(start, &format!("Bad token {text}")),
        }
    }
}

fn number(digits: &str) -> Value {
    read(digits.trim_start_matches('+')).unwrap_or_else(|_| {
        // Zeros in front, which JSON doesn't know.
        Value::Int(digits.parse().unwrap_or(0))
    })
}
