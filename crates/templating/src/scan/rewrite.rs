//! The passes: a template's text goes in, text that minijinja's parser takes comes out, line by
//! line where it was.

use crate::context::DocumentOptions;
use crate::error::Error;

use super::lines::{self, Signed};
use super::tags::{self, Assigns, BLOCK_IN_MACRO, Tags};
use super::tokens::{End, Kind, Lexed, Token, lex, line_of};
use super::write::{Strings, chained_tests, split_commas, statement, tuple, write_tokens};

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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Opening {
    Variable,
    LineStatement,
    LineComment,
    Comment,
    Block,
}

/// An opening delimiter: where it starts, and where what it opens does.
struct Found {
    start: usize,
    opening: Opening,
    inside: usize,
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
        let mut line_ended = 0;
        while let Some(Found { start, opening, inside }) = self.next_opening(at) {
            let text = &self.text[at..start];
            // The parser doesn't see that a line begins behind a line statement.
            let strips = self.syntax.options.lstrip_blocks && line_ended == at;
            let stays = opening == Opening::Variable || self.text[inside..].starts_with('+');
            if !(strips && !stays && at > 0 && lines::is_blank(text)) {
                self.out.push_str(text);
            }
            self.at = start;
            at = match opening {
                Opening::Comment => self.comment(start, inside)?,
                Opening::Variable => self.variable(start, inside)?,
                Opening::Block => self.block(start, inside)?,
                Opening::LineStatement => self.line_statement(inside)?,
                Opening::LineComment => self.line_comment(inside),
            };
            if opening == Opening::LineStatement {
                line_ended = at;
            }
            let text_follows = opening != Opening::Variable;
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
    fn next_opening(&self, at: usize) -> Option<Found> {
        let options = self.syntax.options;
        let plain = |delimiter: &String, opening| {
            let start = at + self.text[at..].find(delimiter.as_str())?;
            Some((Found { start, opening, inside: start + delimiter.len() }, delimiter.len()))
        };
        let line = |prefix: &Option<String>, find: lines::Find, opening| {
            let prefix = prefix.as_deref()?;
            let (start, inside) = find(self.text, at, prefix)?;
            Some((Found { start, opening, inside }, prefix.len()))
        };
        [
            plain(&options.variable_start, Opening::Variable),
            line(&options.line_statement, lines::statement, Opening::LineStatement),
            line(&options.line_comment, lines::comment, Opening::LineComment),
            plain(&options.comment_start, Opening::Comment),
            plain(&options.block_start, Opening::Block),
        ]
        .into_iter()
        .flatten()
        .min_by_key(|(found, length)| (found.start, usize::MAX - length))
        .map(|(found, _)| found)
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
        if lexed.closing.is_none() && !lexed.tokens.is_empty() {
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
        Ok(self.close(&lexed, lexed.closing.unwrap_or("")))
    }

    fn close(&mut self, lexed: &Lexed<'_>, closing: &str) -> usize {
        self.out.push(' ');
        self.out.extend(std::iter::repeat_n('\n', lexed.newlines));
        self.out.push_str(closing);
        lexed.after()
    }

    fn block(&mut self, start: usize, inside: usize) -> Result<usize, Error> {
        if let Some(after) = self.raw(start, inside)? {
            return Ok(after);
        }
        let signed = self.signed(inside);
        let end = &self.syntax.options.block_end;
        let lexed = lex(self.text, signed, End::Delimiter(end))?;
        let closing = lexed.closing.and_then(|closing| closing.strip_suffix(end.as_str()));
        let signs = Signed { open: &self.text[inside..signed], close: closing.unwrap_or("") };
        self.statement(&lexed, signs)
    }

    /// A line that is a statement is a block to the parser, its end and empty lines inside of it.
    fn line_statement(&mut self, inside: usize) -> Result<usize, Error> {
        let signed = self.signed(inside);
        let lexed = lex(self.text, signed, End::Line)?;
        self.statement(&lexed, Signed { open: &self.text[inside..signed], close: "+" })
    }

    /// A comment to the end of the line, which stays.
    fn line_comment(&mut self, inside: usize) -> usize {
        let options = self.syntax.options;
        let sign = &self.text[inside..self.signed(inside)];
        let sign = if sign.is_empty() { "+" } else { sign };
        self.out.extend([&options.comment_start, sign, " +", &options.comment_end]);
        inside + self.text[inside..].find('\n').unwrap_or(self.text.len() - inside)
    }

    fn statement(&mut self, lexed: &Lexed<'_>, signs: Signed<'_>) -> Result<usize, Error> {
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
        if lexed.closing.is_none() {
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
            return Ok(self.print(lexed, &tokens[1..], signs));
        }
        if tokens.len() == 1 && matches!(name, "if" | "elif" | "for" | "set" | "do") {
            return Err(Error::new("Expected an expression, got 'end of statement block'"));
        }
        let options = self.syntax.options;
        self.out.extend([&options.block_start, signs.open, " "]);
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
        let closing = [signs.close, &options.block_end].concat();
        Ok(self.close(lexed, &closing))
    }

    /// `{% print a, b %}` is two expressions; a statement's newline behind it goes all the same.
    fn print(&mut self, lexed: &Lexed<'_>, tokens: &[Token<'_>], signs: Signed<'_>) -> usize {
        let options = self.syntax.options;
        for (index, part) in split_commas(tokens).into_iter().enumerate() {
            let sign = if index == 0 { signs.open } else { "" };
            self.out.extend([&options.variable_start, sign, " "]);
            write_tokens(part, Strings::Processed, &mut self.out);
            self.out.push(' ');
            self.out.push_str(&options.variable_end);
        }
        self.out.push_str(&options.comment_start);
        self.close(lexed, &[signs.close, &options.comment_end].concat())
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
