//! Jinja's filters on text. They take any value and work on what Python's `str` makes of it.

use nafal_base::Value;

use crate::arguments::{Signature, count, fail, flag, given, int_or, text, text_or};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};
use crate::python_format::percent;
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
    filter(&["capitalize"], "the text with its first letter large, the others small", capitalize),
    filter(&["center"], "the text in the middle of a width", center),
    filter(&["lower"], "the text in small letters", lower),
    filter(&["upper"], "the text in large letters", upper),
    filter(&["title"], "the text with every word's first letter large", title),
    filter(&["trim"], "the text without blanks (or given characters) around it", trim),
    filter(&["replace"], "the text with every occurrence of a piece replaced", replace),
    filter(&["string"], "the value as text", string),
    filter(&["format"], "printf-style formatting", format_),
    filter(&["indent"], "the text with its lines indented", indent),
    filter(&["truncate"], "the text, shortened", truncate),
    filter(&["wordcount"], "how many words", wordcount),
    filter(&["split"], "the parts of a text between separators", split),
];

fn capitalize(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("do_capitalize", [], 0).bind(args)?;
    Ok(python_text::capitalize(&text(value)?).into())
}

fn center(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [width] = Signature::filter("do_center", ["width"], 0).bind(args)?;
    Ok(python_text::center(&text(value)?, count(int_or(width, 80)?)).into())
}

fn lower(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("do_lower", [], 0).bind(args)?;
    Ok(text(value)?.to_lowercase().into())
}

fn upper(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("do_upper", [], 0).bind(args)?;
    Ok(text(value)?.to_uppercase().into())
}

fn title(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("do_title", [], 0).bind(args)?;
    let value = text(value)?;
    let mut out = String::with_capacity(value.len());
    let mut fresh = true;
    for c in value.chars() {
        let begins = matches!(c, '-' | '(' | '{' | '[' | '<') || c.is_whitespace();
        match (begins, fresh) {
            (true, _) => out.push(c),
            (false, true) => out.extend(c.to_uppercase()),
            (false, false) => out.extend(c.to_lowercase()),
        }
        fresh = begins;
    }
    Ok(out.into())
}

fn trim(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [chars] = Signature::filter("do_trim", ["chars"], 0).bind(args)?;
    let value = text(value)?;
    Ok(match given(chars) {
        None => value.trim_matches(python_text::is_space).into(),
        Some(chars) if !matches!(chars, Value::Str(_)) => {
            return fail("strip arg must be None or str");
        }
        Some(chars) => {
            let chars = text(chars)?;
            value.trim_matches(|c| chars.contains(c)).into()
        }
    })
}

fn replace(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [old, new, limit] = Signature::filter("do_replace", ["old", "new", "count"], 2)
        .with_environment()
        .bind(args)?;
    let (value, old, new) = (text(value)?, text_or(old, "")?, text_or(new, "")?);
    Ok(match int_or(limit, -1)? {
        negative if negative < 0 => value.replace(&*old, &new).into(),
        limit => value.replacen(&*old, &new, count(limit)).into(),
    })
}

fn string(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("soft_str", [], 0).bind(args)?;
    match value {
        Value::Str(_) => Ok(value.clone()),
        value => Ok(text(value)?.into_owned().into()),
    }
}

fn format_(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    if !args.positional.is_empty() && !args.named.is_empty() {
        return fail("can't handle positional and keyword arguments at the same time");
    }
    for value in args.positional.iter().chain(args.named.iter().map(|(_, value)| value)) {
        crate::arguments::settled(value)?;
    }
    let values = if args.named.is_empty() {
        crate::arguments::tuple(args.positional.to_vec())
    } else {
        Value::Dict(args.named.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
    };
    percent::format(&text(value)?, &values).map(Value::from).map_err(Error::new)
}

fn indent(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [width, first, blank] =
        Signature::filter("do_indent", ["width", "first", "blank"], 0).bind(args)?;
    let Value::Str(value) = value else {
        return fail(format!(
            "unsupported operand type(s) for +=: '{}' and 'str'",
            crate::arguments::class_name(value)
        ));
    };
    let indention = match width {
        None => "    ".to_owned(),
        Some(Value::Str(width)) => width.to_string(),
        Some(width) => match width.as_int() {
            Some(width) => " ".repeat(count(width)),
            None => {
                return fail(format!(
                    "can't multiply sequence by non-int of type '{}'",
                    width.type_name()
                ));
            }
        },
    };
    let blank = flag(blank, false);
    let mut out = String::with_capacity(value.len() * 2);
    if flag(first, false) {
        out.push_str(&indention);
    }
    // Jinja adds a newline before it splits, so that a last empty line stays one.
    let value = format!("{value}\n");
    for (number, line) in python_text::lines(&value).into_iter().enumerate() {
        if number > 0 {
            out.push('\n');
            if blank || !line.is_empty() {
                out.push_str(&indention);
            }
        }
        out.push_str(line);
    }
    Ok(out.into())
}

fn truncate(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [length, killwords, end, leeway] =
        Signature::filter("do_truncate", ["length", "killwords", "end", "leeway"], 0)
            .with_environment()
            .bind(args)?;
    let (length, leeway) = (int_or(length, 255)?, int_or(leeway, 5)?);
    let end = text_or(end, "...")?;
    let value = text(value)?;
    let end_length = end.chars().count() as i64;
    if length < end_length {
        return fail(format!("expected length >= {end_length}, got {length}"));
    }
    if leeway < 0 {
        return fail(format!("expected leeway >= 0, got {leeway}"));
    }
    if value.chars().count() as i64 <= length + leeway {
        return Ok(value.into_owned().into());
    }
    let kept: String = value.chars().take(count(length - end_length)).collect();
    if flag(killwords, false) {
        return Ok(format!("{kept}{end}").into());
    }
    let words = kept.rsplit_once(' ').map_or(kept.as_str(), |(before, _)| before);
    Ok(format!("{words}{end}").into())
}

fn wordcount(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("do_wordcount", [], 0).bind(args)?;
    let value = text(value)?;
    let words = value.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty());
    Ok(Value::from(words.count()))
}

/// `str.split` itself: a value that isn't text is refused.
fn split(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    if args.positional.len() > 2 {
        return fail(format!(
            "split() takes at most 2 arguments ({} given)",
            args.positional.len()
        ));
    }
    let [separator, limit] = Signature::filter("split", ["sep", "maxsplit"], 0).bind(args)?;
    let Value::Str(value) = value else {
        return fail(format!(
            "descriptor 'split' for 'str' objects doesn't apply to a '{}' object",
            crate::arguments::class_name(value)
        ));
    };
    let _ = ctx;
    let limit = usize::try_from(int_or(limit, -1)?).ok();
    let parts = match given(separator) {
        None => python_text::split_blanks(value, limit),
        Some(Value::Str(separator)) if separator.is_empty() => return fail("empty separator"),
        Some(Value::Str(separator)) => match limit {
            None => value.split(separator.as_str()).collect(),
            Some(limit) => value.splitn(limit.saturating_add(1), separator.as_str()).collect(),
        },
        Some(other) => {
            return fail(format!("must be str or None, not {}", other.type_name()));
        }
    };
    Ok(Value::from(parts))
}
