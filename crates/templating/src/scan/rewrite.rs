//! The passes: a template's text goes in, text that minijinja's parser takes comes out, line by
//! line where it was.

use crate::context::DocumentOptions;
use crate::error::Error;

use super::strings;
use super::tags::{self, Assigns, BLOCK_IN_MACRO, Tags};
use super::tokens::{End, Kind, Lexed, Token, lex, line_of};

/// The filter that stands for a call behind a filter: `x | f(1)(2)`.
pub(crate) const CALL_RESULT: &str = "__call__";
/// The filters that stand for `with context` and `without context`, which the parser forgets.
pub(crate) const WITH_CONTEXT: &str = "__with_context__";
pub(crate) const WITHOUT_CONTEXT: &str = "__without_context__";
/// What a string starts with that stands for a number too big for the parser.
pub(crate) const BIG_NUMBER: &str = "\u{f8ff}number:";

/// What becomes of backslashes in the strings of `{{ }}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strings {
    /// They stay (templates in YAML).
    Literal,
    /// They are Python's escapes (statements, conditions, template files).
    Processed,
}

/// The delimiters and what becomes of strings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Syntax<'s> {
    pub options: &'s DocumentOptions,
    pub strings: Strings,
}

/// A condition's or other bare expression's text.
pub(crate) fn expression(text: &str) -> Result<String, Error> {
    let lexed = lex(text, 0, End::Text)?;
    chained_tests(&lexed.tokens)?;
    let mut out = String::with_capacity(text.len() + 8);
    tuple(&lexed.tokens, Strings::Processed, &mut out);
    Ok(out)
}

/// What is wrong, and the text before it: the parser may find a fault in that, which comes first.
#[derive(Debug)]
pub(crate) struct Refused {
    pub error: Error,
    pub before: String,
}

/// A template's text.
pub(crate) fn template(text: &str, syntax: Syntax<'_>) -> Result<String, Refused> {
    let mut pass = Pass {
        text,
        syntax,
        out: String::with_capacity(text.len() + 16),
        tags: Tags::default(),
        at: 0,
    };
    let result = pass.run().and_then(|()| pass.tags.finish());
    match result {
        Ok(()) => Ok(pass.out),
        Err(error) => {
            let error = error.on_line(line_of(text, pass.at));
            Err(Refused { error, before: pass.out })
        }
    }
}

enum Opening {
    Variable,
    Block,
    Comment,
}

struct Pass<'s> {
    text: &'s str,
    syntax: Syntax<'s>,
    out: String,
    tags: Tags,
    /// What is looked at, for the line of an error.
    at: usize,
}

impl<'s> Pass<'s> {
    fn run(&mut self) -> Result<(), Error> {
        let mut at = 0;
        while let Some((start, opening, length)) = self.next_opening(at) {
            self.out.push_str(&self.text[at..start]);
            let inside = start + length;
            self.at = start;
            let text_follows = !matches!(opening, Opening::Variable);
            at = match opening {
                Opening::Comment => self.comment(start, inside)?,
                Opening::Variable => self.variable(start, inside)?,
                Opening::Block => self.block(start, inside)?,
            };
            // An error at the end is told at the last token: of text, where that begins.
            let newline = text_follows
                && self.syntax.options.trim_blocks
                && self.text[at..].starts_with('\n')
                && self.text.len() > at + 1;
            self.at = at + usize::from(newline);
        }
        self.out.push_str(&self.text[at..]);
        Ok(())
    }

    /// The next opening delimiter from `at` on: the first, of several at one place the longest.
    fn next_opening(&self, at: usize) -> Option<(usize, Opening, usize)> {
        let options = self.syntax.options;
        let rest = &self.text[at..];
        [
            (&options.variable_start, Opening::Variable),
            (&options.block_start, Opening::Block),
            (&options.comment_start, Opening::Comment),
        ]
        .into_iter()
        .filter_map(|(start, opening)| {
            rest.find(start.as_str()).map(|found| (at + found, opening, start.len()))
        })
        .min_by_key(|(found, _, length)| (*found, usize::MAX - length))
    }

    fn comment(&mut self, start: usize, inside: usize) -> Result<usize, Error> {
        let end = &self.syntax.options.comment_end;
        let Some(length) = self.text[inside..].find(end.as_str()) else {
            return Err(Error::new("Missing end of comment tag"));
        };
        let after = inside + length + end.len();
        self.out.push_str(&self.text[start..after]);
        Ok(after)
    }

    /// The sign behind an opening delimiter belongs to it.
    fn signed(&self, inside: usize) -> usize {
        inside + usize::from(self.text[inside..].starts_with(['-', '+']))
    }

    fn variable(&mut self, start: usize, inside: usize) -> Result<usize, Error> {
        let inside = self.signed(inside);
        let lexed = lex(self.text, inside, End::Delimiter(&self.syntax.options.variable_end))?;
        chained_tests(&lexed.tokens)?;
        if lexed.closing.is_empty() && !lexed.tokens.is_empty() {
            return Err(Error::new(
                "unexpected end of template, expected 'end of print statement'.",
            ));
        }
        if lexed.tokens.is_empty() {
            return Err(Error::new("Expected an expression, got 'end of print statement'"));
        }
        self.out.push_str(&self.text[start..inside]);
        self.out.push(' ');
        tuple(&lexed.tokens, self.syntax.strings, &mut self.out);
        Ok(self.close(&lexed))
    }

    fn close(&mut self, lexed: &Lexed<'_>) -> usize {
        self.out.push(' ');
        self.out.extend(std::iter::repeat_n('\n', lexed.newlines));
        self.out.push_str(lexed.closing);
        lexed.end + lexed.closing.len()
    }

    fn block(&mut self, start: usize, inside: usize) -> Result<usize, Error> {
        if let Some(after) = self.raw(start, inside)? {
            return Ok(after);
        }
        let inside = self.signed(inside);
        let lexed = lex(self.text, inside, End::Delimiter(&self.syntax.options.block_end))?;
        chained_tests(&lexed.tokens)?;
        let mut tokens = lexed.tokens.as_slice();
        let Some(first) = tokens.first().filter(|token| token.kind == Kind::Name) else {
            return Err(Error::new("tag name expected"));
        };
        let name = first.text;
        let assigns =
            if tokens.iter().any(|token| token.is("=")) { Assigns::Yes } else { Assigns::No };
        let assigns = if name == "set" { assigns } else { Assigns::No };
        self.tags.statement(name, assigns)?;
        if lexed.closing.is_empty() {
            return Err(Error::new(
                "unexpected end of template, expected 'end of statement block'.",
            ));
        }
        if let [most @ .., last] = tokens
            && last.is(":")
        {
            tokens = most;
        }
        if name == "print" {
            return Ok(self.print(&lexed, &tokens[1..], inside - start));
        }
        if tokens.len() == 1 && matches!(name, "if" | "elif" | "for" | "set" | "do") {
            return Err(Error::new("Expected an expression, got 'end of statement block'"));
        }
        self.out.push_str(&self.text[start..inside]);
        self.out.push(' ');
        match name {
            // The parser has no blocks in macros, where Jinja2 has them.
            "block" if self.tags.in_macro() && tags::has_plain_name(tokens) => {
                self.out.extend(["filter ", BLOCK_IN_MACRO, tokens[1].text]);
            }
            "endblock" if self.tags.in_macro() => self.out.push_str("endfilter"),
            // The parser's own `do` takes calls alone.
            "do" => {
                self.out.push_str("set __done__ = ");
                write_tokens(&tokens[1..], Strings::Processed, &mut self.out);
            }
            name => statement(name, tokens, &mut self.out),
        }
        Ok(self.close(&lexed))
    }

    /// `{% print a, b %}` is two expressions; a statement's newline behind it goes all the same.
    fn print(&mut self, lexed: &Lexed<'_>, tokens: &[Token<'_>], opening: usize) -> usize {
        let options = self.syntax.options;
        let sign =
            |text: &str| ["-", "+"].into_iter().find(|sign| text.contains(sign)).unwrap_or("");
        let before = &self.text[..lexed.end];
        let open = before.rfind(options.block_start.as_str()).unwrap_or(0);
        let start = sign(&self.text[open + options.block_start.len()..open + opening]);
        let end = lexed.closing.strip_suffix(options.block_end.as_str()).unwrap_or("");
        for (index, part) in split_commas(tokens).into_iter().enumerate() {
            let sign = if index == 0 { start } else { "" };
            self.out.push_str(&options.variable_start);
            self.out.push_str(sign);
            self.out.push(' ');
            write_tokens(part, Strings::Processed, &mut self.out);
            self.out.push(' ');
            self.out.push_str(&options.variable_end);
        }
        self.out.push_str(&options.comment_start);
        self.out.push_str(end);
        self.out.push_str(&options.comment_end);
        lexed.end + lexed.closing.len()
    }

    /// A raw block goes through untouched.
    fn raw(&mut self, start: usize, inside: usize) -> Result<Option<usize>, Error> {
        let end = &self.syntax.options.block_end;
        let Some(body) = tags::tag(&self.text[inside..], "raw", end) else {
            return Ok(None);
        };
        let mut at = inside + body;
        while let Some(found) = self.text[at..].find(self.syntax.options.block_start.as_str()) {
            at += found + self.syntax.options.block_start.len();
            if let Some(length) = tags::tag(&self.text[at..], "endraw", end) {
                self.out.push_str(&self.text[start..inside + body]);
                // Jinja2 keeps the newline behind `raw` that the parser would trim.
                if self.syntax.options.trim_blocks && self.text[inside + body..].starts_with('\n') {
                    self.out.push('\n');
                }
                self.out.push_str(&self.text[inside + body..at + length]);
                return Ok(Some(at + length));
            }
        }
        Err(Error::new("Missing end of raw directive"))
    }
}

/// Jinja2 refuses `x is a is b`.
fn chained_tests(tokens: &[Token<'_>]) -> Result<(), Error> {
    for (index, token) in tokens.iter().enumerate() {
        if !token.is_name("is") {
            continue;
        }
        let mut rest = tokens[index + 1..].iter().peekable();
        let _ = rest.next_if(|token| token.is_name("not"));
        let _ = rest.next();
        while rest.next_if(|token| token.is(".")).is_some() {
            let _ = rest.next();
        }
        if rest.next().is_some_and(|token| token.is_name("is")) {
            return Err(Error::new("You cannot chain multiple tests with is"));
        }
    }
    Ok(())
}

/// Position of the first token at depth 0 that fits.
fn find_outside(tokens: &[Token<'_>], fits: impl Fn(&Token<'_>) -> bool) -> Option<usize> {
    let mut depth = 0_usize;
    tokens.iter().position(|token| {
        let found = depth == 0 && fits(token);
        match token.text {
            "(" | "[" | "{" if token.kind == Kind::Operator => depth += 1,
            ")" | "]" | "}" if token.kind == Kind::Operator => depth = depth.saturating_sub(1),
            _ => {}
        }
        found
    })
}

fn split_commas<'t, 's>(mut tokens: &'t [Token<'s>]) -> Vec<&'t [Token<'s>]> {
    let mut parts = Vec::new();
    while let Some(comma) = find_outside(tokens, |token| token.is(",")) {
        parts.push(&tokens[..comma]);
        tokens = &tokens[comma + 1..];
    }
    parts.push(tokens);
    parts
}

/// Tokens where a bare tuple may stand: in parentheses when it is one.
fn tuple(tokens: &[Token<'_>], strings: Strings, out: &mut String) {
    let bare = find_outside(tokens, |token| token.is(",")).is_some();
    if bare {
        out.push('(');
    }
    write_tokens(tokens, strings, out);
    if bare {
        out.push(')');
    }
}

fn statement(name: &str, tokens: &[Token<'_>], out: &mut String) {
    let strings = Strings::Processed;
    match name {
        "if" | "elif" => {
            write_tokens(&tokens[..1], strings, out);
            out.push(' ');
            tuple(&tokens[1..], strings, out);
        }
        "for" => {
            let Some(is_in) = find_outside(tokens, |token| token.is_name("in")) else {
                return write_tokens(tokens, strings, out);
            };
            let (head, rest) = tokens.split_at(is_in + 1);
            let end = find_outside(rest, |token| token.is_name("if") || token.is_name("recursive"));
            let (iterable, tail) = rest.split_at(end.unwrap_or(rest.len()));
            write_tokens(head, strings, out);
            out.push(' ');
            tuple(iterable, strings, out);
            write_tokens(tail, strings, out);
        }
        "include" | "import" | "from" => other_template(name, tokens, out),
        _ => keyword_and(tokens, out),
    }
}

/// A statement's keyword and what follows: `[` behind it is a list, not an item.
fn keyword_and(tokens: &[Token<'_>], out: &mut String) {
    write_tokens(&tokens[..1], Strings::Processed, out);
    if tokens.len() > 1 {
        out.push(' ');
        write_tokens(&tokens[1..], Strings::Processed, out);
    }
}

/// `include`, `import` and `from` with what they say of the context.
fn other_template(name: &str, tokens: &[Token<'_>], out: &mut String) {
    let strings = Strings::Processed;
    let [most @ .., word, context] = tokens else {
        return keyword_and(tokens, out);
    };
    let filter = match word.text {
        "with" if context.is_name("context") => WITH_CONTEXT,
        "without" if context.is_name("context") => WITHOUT_CONTEXT,
        _ => return keyword_and(tokens, out),
    };
    let end = match name {
        "include" => "ignore",
        "import" => "as",
        _ => "import",
    };
    let end = find_outside(most, |token| token.is_name(end)).unwrap_or(most.len());
    let (expr, rest) = most.split_at(end.max(1));
    write_tokens(&expr[..1], strings, out);
    out.push_str(" (");
    write_tokens(&expr[1..], strings, out);
    out.push_str(") | ");
    out.push_str(filter);
    out.push(' ');
    write_tokens(rest, strings, out);
}

const KEYWORDS: [&str; 8] = ["and", "or", "not", "in", "if", "else", "is", "elif"];

/// Whether an operand ends with this token, so that what follows is an operator.
fn ends_operand(token: &Token<'_>) -> bool {
    match token.kind {
        Kind::Name => !KEYWORDS.contains(&token.text),
        Kind::Operator => matches!(token.text, ")" | "]" | "}"),
        Kind::Integer | Kind::Float | Kind::Str => true,
    }
}

/// The length of the bracketed group that the tokens start with.
fn group(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match token.text {
            "(" | "[" | "{" if token.kind == Kind::Operator => depth += 1,
            ")" | "]" | "}" if token.kind == Kind::Operator => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return index + 1;
        }
    }
    tokens.len()
}

fn write_tokens(tokens: &[Token<'_>], strings: Strings, out: &mut String) {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let before = at.checked_sub(1).and_then(|index| tokens.get(index));
        let operand = before.is_some_and(ends_operand);
        space(token, out);
        match token.kind {
            Kind::Str => write_string(token.text, strings, out),
            Kind::Integer => write_integer(token.text, out),
            Kind::Operator if token.text == "+" && !operand => out.push_str("- -"),
            Kind::Operator if token.text == "[" && operand => {
                let length = group(&tokens[at..]);
                let inside = &tokens[at + 1..(at + length - 1).max(at + 1)];
                let slices = find_outside(inside, |token| token.is(":")).is_some();
                out.push('[');
                if inside.is_empty() {
                    // Jinja2 takes it for an empty tuple.
                    out.push_str("()");
                } else if slices {
                    write_tokens(inside, strings, out)
                } else {
                    tuple(inside, strings, out)
                }
                out.push(']');
                at += length;
                continue;
            }
            Kind::Operator if token.text == "|" => {
                at += write_filter(&tokens[at..], strings, out);
                continue;
            }
            _ => out.push_str(token.text),
        }
        at += 1;
    }
}

fn space(token: &Token<'_>, out: &mut String) {
    if token.newlines > 0 {
        out.extend(std::iter::repeat_n('\n', token.newlines));
    } else if token.is(".") && out.ends_with(|c: char| c.is_ascii_digit()) {
        // Or the parser would take `1.` for a number.
        out.push(' ');
    } else if !out.ends_with([' ', '(', '[', '.']) && !matches!(token.text, "." | "(" | "[") {
        out.push(' ');
    }
}

/// `| a.b.c(…)(…)`: a second call becomes a filter that calls. Gives how many tokens it took.
fn write_filter(tokens: &[Token<'_>], strings: Strings, out: &mut String) -> usize {
    out.push('|');
    let mut at = 1;
    while let Some(token) = tokens.get(at)
        && (token.kind == Kind::Name || (at > 1 && token.is(".")))
        && (tokens[at - 1].is("|") || tokens[at - 1].is(".") || token.is("."))
    {
        space(token, out);
        out.push_str(token.text);
        at += 1;
    }
    let mut first = true;
    while at > 1 && tokens.get(at).is_some_and(|token| token.is("(")) {
        if !first {
            out.push_str(" | ");
            out.push_str(CALL_RESULT);
        }
        first = false;
        let length = group(&tokens[at..]);
        out.push('(');
        write_tokens(&tokens[at + 1..(at + length - 1).max(at + 1)], strings, out);
        out.push(')');
        at += length;
    }
    at
}

fn write_string(text: &str, strings: Strings, out: &mut String) {
    let inside = &text[1..text.len() - 1];
    match strings {
        Strings::Literal => strings::encode(inside, out),
        Strings::Processed => strings::encode(&strings::decode(inside), out),
    }
}

fn write_integer(text: &str, out: &mut String) {
    if text.len() > 38 {
        return strings::encode(&format!("{BIG_NUMBER}{text}"), out);
    }
    out.push_str(text);
}
