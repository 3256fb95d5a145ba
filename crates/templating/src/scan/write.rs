//! Tokens written again, so that the parser takes what Jinja2 takes. Must not know where in the
//! text they stood.

use crate::error::Error;

use super::strings;
use super::tokens::{Kind, Token};

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

/// Jinja2 refuses `x is a is b`.
pub(super) fn chained_tests(tokens: &[Token<'_>]) -> Result<(), Error> {
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

pub(super) fn split_commas<'t, 's>(mut tokens: &'t [Token<'s>]) -> Vec<&'t [Token<'s>]> {
    let mut parts = Vec::new();
    while let Some(comma) = find_outside(tokens, |token| token.is(",")) {
        parts.push(&tokens[..comma]);
        tokens = &tokens[comma + 1..];
    }
    parts.push(tokens);
    parts
}

/// Tokens where a bare tuple may stand: in parentheses when it is one.
pub(super) fn tuple(tokens: &[Token<'_>], strings: Strings, out: &mut String) {
    let bare = find_outside(tokens, |token| token.is(",")).is_some();
    if bare {
        out.push('(');
    }
    write_tokens(tokens, strings, out);
    if bare {
        out.push(')');
    }
}

pub(super) fn statement(name: &str, tokens: &[Token<'_>], out: &mut String) {
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

pub(super) fn write_tokens(tokens: &[Token<'_>], strings: Strings, out: &mut String) {
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
