//! Filters that make text for other readers: comments, shells, wrapped lines.

use nafal_base::Value;
use nafal_base::shell::quoted;

use crate::arguments::{Signature, count, fail, flag, int_or, settled, text, text_or};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};
use crate::python_text;

const fn filter(
    names: &'static [&'static str],
    doc: &'static str,
    run: fn(&Context<'_>, &Value, Args<'_>) -> Result<Value, Error>,
) -> Filter {
    Filter { names, undefined: OnUndefined::PassOn, members: OnMembers::Render, doc, run }
}

/// The filters.
pub const FILTERS: &[Filter] = &[
    filter(&["comment"], "the text as a comment", comment),
    filter(&["quote"], "the text as one word of a shell", quote),
    filter(&["wordwrap"], "the text in lines of a width", wordwrap),
    filter(&["pprint"], "the value as Python's pprint writes it", pprint),
];

/// Begin, decoration, end of a style.
fn style(name: &str) -> Option<(&'static str, &'static str, &'static str)> {
    Some(match name {
        "plain" => ("", "# ", ""),
        "erlang" => ("", "% ", ""),
        "c" => ("", "// ", ""),
        "cblock" => ("/*", " * ", " */"),
        "xml" => ("<!--", " - ", "-->"),
        _ => return None,
    })
}

const COMMENT: Signature<9> = Signature::filter(
    "comment",
    [
        "style",
        "newline",
        "beginning",
        "decoration",
        "prefix",
        "prefix_count",
        "postfix",
        "postfix_count",
        "end",
    ],
    0,
);

fn comment(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    settled(value)?;
    let Some((first, rest)) = args.positional.split_first().or(Some((&Value::None, &[]))) else {
        return fail("comment() takes a style");
    };
    if !rest.is_empty() {
        return fail(format!(
            "comment() takes from 1 to 2 positional arguments but {} were given",
            rest.len() + 2
        ));
    }
    let bound = COMMENT.bind(Args { positional: &[], named: args.named })?;
    let [
        named_style,
        newline,
        beginning,
        decoration,
        prefix,
        prefix_count,
        postfix,
        postfix_count,
        end,
    ] = bound;
    let style_name = match (named_style, first) {
        (Some(name), _) => text(name)?,
        (None, Value::None) => "plain".into(),
        (None, name) => text(name)?,
    };
    let Some((style_begin, style_decoration, style_end)) = style(&style_name) else {
        return fail(format!("Invalid style '{style_name}'."));
    };
    let Value::Str(value) = value else {
        return fail(format!(
            "'{}' object has no attribute 'replace'",
            crate::arguments::class_name(value)
        ));
    };
    let newline = text_or(newline, "\n")?;
    let decoration = text_or(decoration, style_decoration)?;
    let bare = decoration.trim_end();
    let lines = |text: &str, number: usize| format!("{text}{newline}").repeat(number);
    let begin = text_or(beginning, style_begin)?;
    let begin = if begin.is_empty() { String::new() } else { lines(&begin, 1) };
    let prefix = text_or(prefix, bare)?;
    let before = if prefix.is_empty() {
        String::new()
    } else {
        let count = count(int_or(prefix_count, 1)?);
        // A line's end alone has no further one behind it (case `protomatter`).
        if prefix == newline { newline.repeat(count) } else { lines(&prefix, count) }
    };
    let body =
        format!("{decoration}{}", value.replace(&*newline, &format!("{newline}{decoration}")));
    // Lines that hold nothing but decoration lose the blanks at their end; the last one keeps them.
    let body = body.replace(&format!("{decoration}{newline}"), &format!("{bare}{newline}"));
    // Unlike the prefix, an empty postfix leaves its empty line.
    let postfix = text_or(postfix, bare)?;
    let after = format!("{newline}{postfix}").repeat(count(int_or(postfix_count, 1)?));
    let end = text_or(end, style_end)?;
    let end = if end.is_empty() { String::new() } else { format!("{newline}{end}") };
    Ok(format!("{begin}{before}{body}{after}{end}").into())
}

fn quote(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("quote", [], 0).bind(args)?;
    let value = if value.is_none() { "".into() } else { text(value)? };
    Ok(quoted(&value).into_owned().into())
}

fn pprint(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("do_pprint", [], 0).bind(args)?;
    settled(value)?;
    Ok(value.repr().into())
}

fn wordwrap(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [width, break_long, wrap, hyphens] = Signature::filter(
        "do_wordwrap",
        ["width", "break_long_words", "wrapstring", "break_on_hyphens"],
        0,
    )
    .with_environment()
    .bind(args)?;
    let width = count(int_or(width, 79)?);
    if width == 0 {
        return fail("invalid width 0 (must be > 0)");
    }
    let newline = crate::arguments::given(wrap).map_or(Ok("\n".into()), text)?;
    let Value::Str(value) = value else {
        return fail(format!(
            "'{}' object has no attribute 'splitlines'",
            crate::arguments::class_name(value)
        ));
    };
    let break_long = flag(break_long, true);
    let hyphens = flag(hyphens, true);
    let wrapped: Vec<String> = python_text::lines(value)
        .into_iter()
        .map(|line| wrap_line(line, width, break_long, hyphens).join(&newline))
        .collect();
    Ok(wrapped.join(&newline).into())
}

/// Pieces that a line may be broken between: words, blanks, and words cut after hyphens.
fn chunks(line: &str, hyphens: bool) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let chars: Vec<char> = line.chars().collect();
    let mut start = 0;
    for at in 1..=chars.len() {
        let boundary = match (chars.get(at), chars[at - 1]) {
            (None, _) => true,
            (Some(next), last) if next.is_whitespace() != last.is_whitespace() => true,
            (Some(next), '-') if hyphens => {
                let letters = |from: usize, to: usize| {
                    chars.get(from..to).is_some_and(|c| c.iter().all(|c| c.is_alphabetic()))
                };
                at - start >= 3
                    && letters(at - 3, at - 1)
                    && (next.is_alphabetic() && letters(at, at + 2))
            }
            _ => false,
        };
        if boundary {
            out.push(chars[start..at].iter().collect());
            start = at;
        }
    }
    out
}

fn wrap_line(line: &str, width: usize, break_long: bool, hyphens: bool) -> Vec<String> {
    let blank = |chunk: &String| chunk.chars().all(char::is_whitespace);
    let length = |text: &str| text.chars().count();
    let mut todo: std::collections::VecDeque<String> = chunks(line, hyphens).into();
    let mut lines = Vec::new();
    while !todo.is_empty() {
        let mut current: Vec<String> = Vec::new();
        let mut used = 0;
        if !lines.is_empty() && todo.front().is_some_and(blank) {
            todo.pop_front();
        }
        while let Some(chunk) = todo.pop_front() {
            if used + length(&chunk) > width {
                todo.push_front(chunk);
                break;
            }
            used += length(&chunk);
            current.push(chunk);
        }
        if todo.front().is_some_and(|chunk| length(chunk) > width) {
            let chunk = todo.pop_front().unwrap_or_default();
            if break_long {
                let space = (width - used).max(1);
                let cut = long_cut(&chunk, space, hyphens);
                current.push(chunk.chars().take(cut).collect());
                todo.push_front(chunk.chars().skip(cut).collect());
            } else if current.is_empty() {
                current.push(chunk);
            } else {
                todo.push_front(chunk);
            }
        }
        if current.last().is_some_and(blank) {
            current.pop();
        }
        if !current.is_empty() {
            lines.push(current.concat());
        }
    }
    lines
}

/// Where a word that is too long is cut: after its last hyphen that fits, else where space ends.
fn long_cut(chunk: &str, space: usize, hyphens: bool) -> usize {
    let head: Vec<char> = chunk.chars().take(space).collect();
    let hyphen =
        head.iter().rposition(|c| *c == '-').filter(|_| hyphens && chunk.chars().count() > space);
    match hyphen {
        Some(at) if at > 0 && head[..at].iter().any(|c| *c != '-') => at + 1,
        _ => space,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_as_python() {
        assert_eq!(
            wrap_line("foo bar-baz qux quux corge grault garply", 10, true, true),
            ["foo bar-", "baz qux", "quux corge", "grault", "garply"]
        );
        assert_eq!(wrap_line("abcdefghijkl", 5, true, true), ["abcde", "fghij", "kl"]);
        assert_eq!(wrap_line("abcdefgh ij", 5, false, true), ["abcdefgh", "ij"]);
        assert_eq!(quoted("a b\"c"), "'a b\"c'");
        assert_eq!(quoted("it's"), "'it'\"'\"'s'");
        assert_eq!(quoted(""), "''");
    }
}
