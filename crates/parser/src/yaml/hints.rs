//! What is probably meant by YAML that libyaml refuses: the line at fault is looked at for the
//! usual mistakes, and a message then names the mistake instead of libyaml's state, as stock's
//! does. Must not know who reads the file.

use std::sync::Arc;

use nafal_base::{Source, Span};

use super::events::Place;
use super::problem::{Problem, ProblemKind};
use crate::error::Error;

/// The error for a problem of the stream.
pub(super) fn explain(source: &Arc<Source>, problem: &Problem) -> Error {
    match problem.place {
        Some(Place { line, column }) if problem.kind == ProblemKind::Limit => Error::Syntax {
            message: problem.message(),
            span: Span::new(source, line, column),
            hint: None,
        },
        Some(Place { line, column }) => {
            explained(&problem.message(), Span::new(source, line, column))
        }
        None => Error::Syntax { message: problem.message(), span: Span::whole(source), hint: None },
    }
}

/// The error for `words` at `span`, or for the mistake that its line shows.
fn explained(words: &str, span: Span) -> Error {
    let mistake = span.source.line(span.line).and_then(mistake);
    let Some(mistake) = mistake else {
        let hint = general(words).map(str::to_owned);
        return Error::Syntax { message: words.to_owned(), span, hint };
    };
    let column = u32::try_from(mistake.column).unwrap_or(u32::MAX);
    Error::Syntax {
        message: mistake.message.to_owned(),
        span: Span::new(&span.source, span.line, column),
        hint: Some(mistake.hint.to_owned()),
    }
}

struct Mistake {
    message: &'static str,
    /// From 1, in characters.
    column: usize,
    hint: &'static str,
}

fn mistake(line: &str) -> Option<Mistake> {
    let characters: Vec<char> = line.chars().collect();
    if let Some(index) = characters.iter().position(|c| *c == '\t') {
        return Some(Mistake {
            message: "Tabs are usually invalid in YAML.",
            column: index + 1,
            hint: "Indent with spaces.",
        });
    }
    let start = value_start(&characters);
    let value = &characters[start..];
    if value.starts_with(&['{', '{']) {
        return Some(Mistake {
            message: "This may be an issue with missing quotes around a template block.",
            column: start + 1,
            hint: "Put the whole value in quotes: `name: \"{{ value }}\"`.",
        });
    }
    if let Some(index) = colon(value) {
        return Some(Mistake {
            message: "Colons in unquoted values must be followed by a non-space character.",
            column: start + index + 1,
            hint: "Put the whole value in quotes, or check the indentation of this line.",
        });
    }
    let quote = *value.first().filter(|c| matches!(c, '"' | '\''))?;
    let last = value.iter().rev().find(|c| !c.is_whitespace());
    (last != Some(&quote) || value.iter().filter(|c| **c == quote).count() > 2).then_some(Mistake {
        message: "Values starting with a quote must end with the same quote.",
        column: start + 1,
        hint: "Put the whole value in the other kind of quotes: `name: '\"a\" and b'`.",
    })
}

/// Where a line's value starts: behind `- ` and a key of plain words; else where its text does.
fn value_start(line: &[char]) -> usize {
    let blank = |index: usize| line[index..].iter().take_while(|c| c.is_whitespace()).count();
    let text = blank(0);
    let mut index = text;
    if line.get(index) == Some(&'-') && line.get(index + 1).is_some_and(|c| c.is_whitespace()) {
        index += 1;
        index += blank(index);
    }
    let item = index;
    let key = line[index..]
        .iter()
        .take_while(|c| c.is_alphanumeric() || **c == '_' || c.is_whitespace())
        .count();
    index += key;
    if key > 0 && line.get(index) == Some(&':') && blank(index + 1) > 0 {
        return index + 1 + blank(index + 1);
    }
    item
}

/// A colon that ends a word.
fn colon(value: &[char]) -> Option<usize> {
    (1..value.len()).find(|&index| {
        value[index] == ':' && value.get(index + 1).is_none_or(|c| c.is_whitespace())
    })
}

/// A remedy for what libyaml says itself.
fn general(words: &str) -> Option<&'static str> {
    Some(match words {
        "While scanning a quoted scalar found unexpected end of stream." => {
            "A quote that is opened above is never closed."
        }
        "While scanning a simple key could not find expected ':'." => {
            "The line above this one may lack its `:`."
        }
        "Mapping values are not allowed in this context." => {
            "Check the indentation of this line, and that the `:` above it has a space behind."
        }
        "While parsing a block collection did not find expected '-' indicator."
        | "While parsing a block mapping did not find expected key." => {
            "Check the indentation: this line belongs to nothing above it."
        }
        "Found undefined alias." => {
            "`*name` stands for what `&name` marks; put quotes around a text that starts with `*`."
        }
        "Found duplicate anchor; first occurrence second occurrence." => {
            "Give the second anchor another name."
        }
        "While scanning for the next token found character that cannot start any token." => {
            "Put quotes around a text that starts with this character."
        }
        "While parsing a quoted scalar found unknown escape character." => {
            "Use single quotes, or write the backslash twice."
        }
        "While parsing a flow mapping did not find expected ',' or '}'." => {
            "A `{` above is never closed."
        }
        "While parsing a flow sequence did not find expected ',' or ']'." => {
            "A `[` above is never closed."
        }
        "While scanning an alias did not find expected alphabetic or numeric character."
        | "While scanning an anchor did not find expected alphabetic or numeric character." => {
            "Put quotes around a text that starts with `*` or `&`."
        }
        "While constructing a mapping found unhashable key." => {
            "A key can't be a list or a mapping; put quotes around it if it is text."
        }
        _ => return None,
    })
}
