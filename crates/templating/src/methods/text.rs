//! Methods of `str`.

use nafal_base::{List, Text, Value};

use super::{at, count, format, int, layout, named};
use crate::context::Context;
use crate::error::Error;
use crate::eval::iterate;
use crate::plugin::Args;
use crate::python_text;

pub(super) const NAMES: [&str; 47] = [
    "capitalize",
    "casefold",
    "center",
    "count",
    "encode",
    "endswith",
    "expandtabs",
    "find",
    "format",
    "format_map",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "istitle",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "maketrans",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "translate",
    "upper",
    "zfill",
];

pub(super) fn call(
    context: &Context<'_>,
    text: &Text,
    name: &str,
    args: Args<'_>,
) -> Result<Value, Error> {
    match name {
        "format" => format::format(context, text, args).map(Value::text),
        "format_map" => {
            let entries = match at(args, 0) {
                Some(Value::Dict(dict)) => dict
                    .iter()
                    .filter_map(|(key, value)| Some((key.as_text()?.clone(), value.clone())))
                    .collect(),
                _ => Vec::new(),
            };
            format::format(context, text, Args { positional: &[], named: &entries })
                .map(Value::text)
        }
        "split" | "rsplit" => split(text, name, args),
        "join" => join(text, args),
        "replace" => replace(text, args),
        "strip" | "lstrip" | "rstrip" => strip(text, name, args),
        "startswith" | "endswith" => affix(text, name, args),
        "find" | "rfind" | "index" | "rindex" | "count" => find(text, name, args),
        "partition" | "rpartition" => partition(text, name, args),
        "center" | "ljust" | "rjust" | "zfill" | "expandtabs" => layout::pad(text, name, args),
        "splitlines" => {
            let keep = named(args, 0, "keepends").is_some_and(Value::is_true);
            let ends = if keep { layout::Ends::Kept } else { layout::Ends::Dropped };
            Ok(Value::List(layout::split_lines(text, ends)))
        }
        "removeprefix" | "removesuffix" => {
            count("str", name, args, 1..=1)?;
            let part = string(args, 0, name)?;
            let cut = if name == "removeprefix" {
                text.strip_prefix(part.as_str())
            } else {
                text.strip_suffix(part.as_str())
            };
            Ok(Value::from(cut.unwrap_or(text)))
        }
        "encode" => encode(text, args),
        "translate" => Ok(translate(text, args)),
        "maketrans" => maketrans(args),
        _ => {
            count("str", name, args, 0..=0)?;
            Ok(plain(text, name))
        }
    }
}

fn string(args: Args<'_>, index: usize, name: &str) -> Result<Text, Error> {
    match at(args, index) {
        Some(Value::Str(text)) => Ok(text.clone()),
        Some(other) => Err(Error::new(format!(
            "{name}() argument {} must be str, not {}",
            index + 1,
            other.type_name()
        ))),
        None => Err(Error::new(format!("{name} expected at least 1 argument, got 0"))),
    }
}

/// Those without arguments.
fn plain(text: &Text, name: &str) -> Value {
    let cased = |fits: fn(char) -> bool, not: fn(char) -> bool| {
        text.chars().any(fits) && !text.chars().any(not)
    };
    let all = |fits: fn(char) -> bool| Value::Bool(!text.is_empty() && text.chars().all(fits));
    match name {
        "upper" => Value::text(text.to_uppercase()),
        "lower" => Value::text(text.to_lowercase()),
        "casefold" => Value::text(text.chars().map(folded).collect::<String>()),
        "capitalize" => Value::text(python_text::capitalize(text)),
        "title" => Value::text(title(text)),
        "swapcase" => Value::text(
            text.chars()
                .flat_map(|c| -> Vec<char> {
                    if c.is_uppercase() {
                        c.to_lowercase().collect()
                    } else {
                        c.to_uppercase().collect()
                    }
                })
                .collect::<String>(),
        ),
        "isalnum" => all(char::is_alphanumeric),
        "isalpha" => all(char::is_alphabetic),
        "isdigit" => all(|c| c.is_ascii_digit() || is_raised_digit(c)),
        "isdecimal" => all(|c| c.is_ascii_digit()),
        "isnumeric" => all(char::is_numeric),
        "isspace" => all(python_text::is_space),
        "islower" => Value::Bool(cased(char::is_lowercase, char::is_uppercase)),
        "isupper" => Value::Bool(cased(char::is_uppercase, char::is_lowercase)),
        "istitle" => Value::Bool(text.chars().any(char::is_alphabetic) && title(text) == **text),
        "isascii" => Value::Bool(text.is_ascii()),
        "isprintable" => Value::Bool(!text.chars().any(char::is_control)),
        _ => Value::Bool(
            text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
                && text.chars().all(|c| c.is_alphanumeric() || c == '_'),
        ),
    }
}

/// A character as comparisons without case see it.
fn folded(c: char) -> String {
    match c {
        // The two whose capitals would lead elsewhere.
        'ı' => c.to_string(),
        'ẞ' => "ss".to_owned(),
        _ => c.to_uppercase().flat_map(char::to_lowercase).collect(),
    }
}

/// A digit that is written above, below or in a circle.
fn is_raised_digit(c: char) -> bool {
    matches!(c, '²' | '³' | '¹' | '⁰' | '⁴'..='⁹' | '₀'..='₉' | '①'..='⑨' | '⑴'..='⑼' | '⒈'..='⒐' | '⓪' | '❶'..='❾')
}

fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            // Of several letters only the first is a capital.
            let mut letters = c.to_uppercase();
            out.extend(letters.next());
            out.extend(letters.flat_map(char::to_lowercase));
        }
        inside = c.is_alphabetic();
    }
    out
}

fn split(text: &str, name: &str, args: Args<'_>) -> Result<Value, Error> {
    count("str", name, args, 0..=2)?;
    let limit = named(args, 1, "maxsplit").map_or(Ok(-1), int)?;
    let limit = usize::try_from(limit).ok();
    let parts: Vec<Value> = match named(args, 0, "sep") {
        None | Some(Value::None) if name == "split" => {
            python_text::split_blanks(text, limit).into_iter().map(Value::from).collect()
        }
        None | Some(Value::None) => split_blanks_right(text, limit),
        Some(Value::Str(separator)) if separator.is_empty() => {
            return Err(Error::new("empty separator"));
        }
        Some(Value::Str(separator)) => {
            let separator = separator.as_str();
            match (name, limit) {
                (_, None) => text.split(separator).map(Value::from).collect(),
                ("split", Some(limit)) => {
                    text.splitn(limit + 1, separator).map(Value::from).collect()
                }
                (_, Some(limit)) => {
                    let mut parts: Vec<_> =
                        text.rsplitn(limit + 1, separator).map(Value::from).collect();
                    parts.reverse();
                    parts
                }
            }
        }
        Some(other) => {
            return Err(Error::new(format!("must be str or None, not {}", other.type_name())));
        }
    };
    Ok(Value::List(parts.into()))
}

fn split_blanks_right(text: &str, limit: Option<usize>) -> Vec<Value> {
    let mut parts = Vec::new();
    let mut rest = text.trim_end_matches(python_text::is_space);
    while !rest.is_empty() {
        if limit == Some(parts.len()) {
            parts.push(Value::from(rest));
            break;
        }
        let start = rest
            .rfind(python_text::is_space)
            .map_or(0, |at| at + rest[at..].chars().next().map_or(1, char::len_utf8));
        parts.push(Value::from(&rest[start..]));
        rest = rest[..start].trim_end_matches(python_text::is_space);
    }
    parts.reverse();
    parts
}

fn join(separator: &str, args: Args<'_>) -> Result<Value, Error> {
    count("str", "join", args, 1..=1)?;
    let items = iterate(at(args, 0).unwrap_or(&Value::None))
        .map_err(|_| Error::new("can only join an iterable"))?;
    let mut out = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push_str(separator);
        }
        match item {
            Value::Str(text) => out.push_str(text),
            Value::Undef(undefined) => return Err(Error::undefined(undefined)),
            other => {
                return Err(Error::new(format!(
                    "sequence item {index}: expected str instance, {} found",
                    other.type_name()
                )));
            }
        }
    }
    Ok(Value::text(out))
}

fn replace(text: &str, args: Args<'_>) -> Result<Value, Error> {
    count("str", "replace", args, 2..=3)?;
    let (old, new) = (string(args, 0, "replace")?, string(args, 1, "replace")?);
    let limit = named(args, 2, "count").map_or(Ok(-1), int)?;
    Ok(Value::text(match usize::try_from(limit) {
        Ok(limit) => text.replacen(old.as_str(), &new, limit),
        Err(_) => text.replace(old.as_str(), &new),
    }))
}

fn strip(text: &str, name: &str, args: Args<'_>) -> Result<Value, Error> {
    count("str", name, args, 0..=1)?;
    let chars = match at(args, 0) {
        None | Some(Value::None) => None,
        Some(Value::Str(chars)) => Some(chars.clone()),
        Some(_) => return Err(Error::new(format!("{name} arg must be None or str"))),
    };
    let fits = |c: char| match &chars {
        None => python_text::is_space(c),
        Some(chars) => chars.contains(c),
    };
    Ok(Value::from(match name {
        "strip" => text.trim_matches(fits),
        "lstrip" => text.trim_start_matches(fits),
        _ => text.trim_end_matches(fits),
    }))
}

/// The part of the text that start and end arguments leave, with the offset of its start in
/// characters.
fn window<'t>(text: &'t str, args: Args<'_>) -> Result<Option<(&'t str, usize)>, Error> {
    let length = text.chars().count();
    let bound = |index: usize, missing: usize| -> Result<usize, Error> {
        match at(args, index) {
            None | Some(Value::None) => Ok(missing),
            Some(value) => {
                let number = int(value)?;
                let whole = i64::try_from(length).unwrap_or(i64::MAX);
                let number = if number < 0 { (number + whole).max(0) } else { number };
                Ok(usize::try_from(number).unwrap_or(0))
            }
        }
    };
    let (start, end) = (bound(1, 0)?, bound(2, length)?.min(length));
    if start > end {
        return Ok(None);
    }
    let offset = |chars: usize| text.char_indices().nth(chars).map_or(text.len(), |(at, _)| at);
    Ok(Some((&text[offset(start)..offset(end)], start)))
}

fn affix(text: &str, name: &str, args: Args<'_>) -> Result<Value, Error> {
    count("str", name, args, 1..=3)?;
    let parts = match at(args, 0) {
        Some(Value::Tuple(parts)) => parts.to_vec(),
        Some(value @ Value::Str(_)) => vec![value.clone()],
        other => {
            return Err(Error::new(format!(
                "{name} first arg must be str or a tuple of str, not {}",
                other.map_or("None", Value::type_name)
            )));
        }
    };
    let Some((part, _)) = window(text, args)? else {
        return Ok(Value::Bool(false));
    };
    Ok(Value::Bool(parts.iter().filter_map(Value::as_str).any(|affix| {
        if name == "startswith" { part.starts_with(affix) } else { part.ends_with(affix) }
    })))
}

fn find(text: &str, name: &str, args: Args<'_>) -> Result<Value, Error> {
    count("str", name, args, 1..=3)?;
    let needle = match at(args, 0) {
        Some(Value::Str(needle)) => needle.clone(),
        other => {
            return Err(Error::new(format!(
                "{name}() argument 1 must be str, not {}",
                other.map_or("None", Value::type_name)
            )));
        }
    };
    let part = window(text, args)?;
    if name == "count" {
        let number = part.map_or(0, |(part, _)| {
            if needle.is_empty() {
                part.chars().count() + 1
            } else {
                part.matches(needle.as_str()).count()
            }
        });
        return Ok(Value::from(number));
    }
    let found = part.and_then(|(part, start)| {
        let at = if name.starts_with('r') {
            part.rfind(needle.as_str())
        } else {
            part.find(needle.as_str())
        };
        at.map(|at| start + part[..at].chars().count())
    });
    match found {
        Some(index) => Ok(Value::from(index)),
        None if name.ends_with("find") => Ok(Value::Int(-1)),
        None => Err(Error::new("substring not found")),
    }
}

fn partition(text: &str, name: &str, args: Args<'_>) -> Result<Value, Error> {
    count("str", name, args, 1..=1)?;
    let separator = string(args, 0, name)?;
    if separator.is_empty() {
        return Err(Error::new("empty separator"));
    }
    let parts = if name == "partition" {
        text.split_once(separator.as_str())
            .map_or((text, "", ""), |(before, after)| (before, separator.as_str(), after))
    } else {
        text.rsplit_once(separator.as_str())
            .map_or(("", "", text), |(before, after)| (before, separator.as_str(), after))
    };
    Ok(Value::Tuple(List::from(vec![
        Value::from(parts.0),
        Value::from(parts.1),
        Value::from(parts.2),
    ])))
}

fn encode(text: &str, args: Args<'_>) -> Result<Value, Error> {
    let encoding = named(args, 0, "encoding").map_or_else(|| "utf-8".into(), Value::to_text);
    match encoding.to_ascii_lowercase().replace('_', "-").as_str() {
        "utf-8" | "utf8" => Ok(Value::bytes(text.as_bytes().to_vec())),
        "ascii" | "us-ascii" if text.is_ascii() => Ok(Value::bytes(text.as_bytes().to_vec())),
        "latin-1" | "latin1" | "iso-8859-1" if text.chars().all(|c| u32::from(c) < 256) => {
            Ok(Value::bytes(text.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect()))
        }
        "utf-16-le" | "utf-16le" => {
            Ok(Value::bytes(text.encode_utf16().flat_map(u16::to_le_bytes).collect()))
        }
        "ascii" | "us-ascii" | "latin-1" | "latin1" | "iso-8859-1" => {
            Err(Error::new(format!("'{encoding}' codec can't encode this text")))
        }
        _ => Err(Error::new(format!("unknown encoding: {encoding}"))),
    }
}

fn translate(text: &str, args: Args<'_>) -> Value {
    let Some(Value::Dict(table)) = at(args, 0) else {
        return Value::from(text);
    };
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match table.lookup(&Value::from(u32::from(c))) {
            None => out.push(c),
            Some(Value::None) => {}
            Some(Value::Int(code)) => {
                out.extend(u32::try_from(*code).ok().and_then(char::from_u32));
            }
            Some(other) => out.push_str(&other.to_text()),
        }
    }
    Value::text(out)
}

fn maketrans(args: Args<'_>) -> Result<Value, Error> {
    let mut table = nafal_base::Dict::new();
    let mut add = |key: char, value: Value| {
        if let Ok(key) = nafal_base::Key::new(Value::from(u32::from(key))) {
            table.insert(key, value);
        }
    };
    match (at(args, 0), at(args, 1)) {
        (Some(Value::Dict(dict)), None) => {
            for (key, value) in dict {
                if let Some(c) = key.as_str().and_then(|text| text.chars().next()) {
                    add(c, value.clone());
                }
            }
        }
        (Some(Value::Str(from)), Some(Value::Str(to))) => {
            for (from, to) in from.chars().zip(to.chars()) {
                add(from, Value::from(u32::from(to)));
            }
            for c in at(args, 2).and_then(Value::as_str).unwrap_or("").chars() {
                add(c, Value::None);
            }
        }
        _ => return Err(Error::new("maketrans takes a dict or strings")),
    }
    Ok(Value::Dict(table))
}
