//! Filters with Python's regular expressions.

use nafal_base::Value;

use crate::arguments::{Signature, count, fail, flag, given, int_or, text, text_or};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};
use crate::python_regex::{Flags, Regex, escape};

const fn filter(
    names: &'static [&'static str],
    doc: &'static str,
    run: fn(&Context<'_>, &Value, Args<'_>) -> Result<Value, Error>,
) -> Filter {
    Filter { names, undefined: OnUndefined::PassOn, members: OnMembers::Render, doc, run }
}

/// The filters.
pub const FILTERS: &[Filter] = &[
    filter(&["regex_replace"], "the text with what a pattern matches replaced", regex_replace),
    filter(&["regex_search"], "the first match of a pattern, or groups of it", regex_search),
    filter(&["regex_findall"], "all matches of a pattern", regex_findall),
    filter(&["regex_escape"], "the text with what patterns act on escaped", regex_escape),
];

fn flags(ignore_case: Option<&Value>, multiline: Option<&Value>) -> Flags {
    Flags {
        ignore_case: flag(ignore_case, false),
        multiline: flag(multiline, false),
        ..Flags::default()
    }
}

fn regex_replace(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    const SIGNATURE: Signature<6> = Signature::filter(
        "regex_replace",
        ["pattern", "replacement", "ignorecase", "multiline", "count", "mandatory_count"],
        0,
    )
    .with_optional_value();
    let [pattern, replacement, ignore_case, multiline, limit, mandatory] = SIGNATURE.bind(args)?;
    if pattern.is_some_and(Value::is_none) {
        return fail("first argument must be string or compiled pattern");
    }
    let (value, pattern) = (text(value)?, text_or(pattern, "")?);
    let regex = Regex::new(&pattern, flags(ignore_case, multiline), &value).map_err(Error::new)?;
    let limit = count(int_or(limit, 0)?);
    let (replaced, made) =
        regex.replace(&value, &text_or(replacement, "")?, limit).map_err(Error::new)?;
    let mandatory = count(int_or(mandatory, 0)?);
    if mandatory != 0 && mandatory != made {
        return fail(format!(
            "'{pattern}' should match {mandatory} times, but matches {made} times in '{value}'"
        ));
    }
    Ok(replaced.into())
}

fn regex_search(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let Some((pattern, groups)) = args.positional.split_first() else {
        return fail("regex_search() missing 1 required positional argument: 'regex'");
    };
    let named = |name: &str| args.named.iter().find(|(n, _)| n == name).map(|(_, value)| value);
    let (value, pattern) = (text(value)?, text(pattern)?);
    let flags = flags(named("ignorecase"), named("multiline"));
    let regex = Regex::new(&pattern, flags, &value).map_err(Error::new)?;
    let mut wanted = Vec::with_capacity(groups.len());
    for group in groups {
        wanted.push(group_number(&regex, &text(group)?)?);
    }
    let Some(found) = regex.search(&value).map_err(Error::new)? else {
        return Ok(Value::None);
    };
    if wanted.is_empty() {
        return Ok(found.group(&value, 0).unwrap_or("").into());
    }
    let groups: Result<Vec<Value>, Error> = wanted
        .into_iter()
        .map(|group| {
            let group = group.filter(|group| *group <= regex.groups());
            group
                .map(|group| found.group(&value, group).into())
                .ok_or_else(|| Error::new("no such group"))
        })
        .collect();
    groups.map(Value::from)
}

/// `\1` or `\g<name>`; None for a group that isn't there.
fn group_number(regex: &Regex, group: &str) -> Result<Option<usize>, Error> {
    const NO_MATCH: &str = "'NoneType' object has no attribute 'group'";
    if let Some(rest) = group.strip_prefix("\\g") {
        return match rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
            Some((name, _)) => Ok(name.parse().ok().or_else(|| regex.group_number(name))),
            None => fail(NO_MATCH),
        };
    }
    let Some(digits) = group.strip_prefix('\\') else {
        return fail("Unknown argument");
    };
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    if end == 0 {
        return fail(NO_MATCH);
    }
    Ok(digits[..end].parse().ok())
}

fn regex_findall(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [pattern, multiline, ignore_case] =
        Signature::filter("regex_findall", ["regex", "multiline", "ignorecase"], 1).bind(args)?;
    let (value, pattern) = (text(value)?, text_or(pattern, "")?);
    let regex = Regex::new(&pattern, flags(ignore_case, multiline), &value).map_err(Error::new)?;
    let group = |found: &crate::python_regex::Match, number| {
        Value::from(found.group(&value, number).unwrap_or(""))
    };
    let matches = regex.all(&value, usize::MAX).map_err(Error::new)?;
    let matches = matches.iter().map(|found| match regex.groups() {
        0 => group(found, 0),
        1 => group(found, 1),
        groups => {
            crate::arguments::tuple((1..=groups).map(|number| group(found, number)).collect())
        }
    });
    Ok(matches.collect::<Vec<_>>().into())
}

fn regex_escape(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [kind] = Signature::filter("regex_escape", ["re_type"], 0).bind(args)?;
    let value = text(value)?;
    let kind = given(kind).map_or(Ok("python".into()), text)?;
    match &*kind {
        "python" => Ok(escape(&value).into()),
        "posix_basic" => {
            let mut out = String::with_capacity(value.len() * 2);
            for c in value.chars() {
                if ".[]*^$\\".contains(c) {
                    out.push('\\');
                }
                out.push(c);
            }
            Ok(out.into())
        }
        "posix_extended" => fail(format!("Regex type ({kind}) not yet implemented")),
        _ => fail(format!("Invalid regex type ({kind})")),
    }
}
