//! Filters on URLs and on text inside them.

use nafal_base::{Dict, Value};

use crate::arguments::{Signature, fail, given, text};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Filter, OnMembers, OnUndefined};
use crate::python_url as url;

const fn filter(
    names: &'static [&'static str],
    doc: &'static str,
    run: fn(&Context<'_>, &Value, Args<'_>) -> Result<Value, Error>,
) -> Filter {
    Filter { names, undefined: OnUndefined::PassOn, members: OnMembers::Render, doc, run }
}

/// The filters.
pub const FILTERS: &[Filter] = &[
    filter(&["urlsplit"], "the parts of a URL, or one of them", urlsplit),
    filter(&["urlencode"], "text or pairs as they stand in a URL", urlencode),
    filter(&["urldecode"], "the text that stands in a URL", urldecode),
];

fn urlsplit(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [query] = Signature::filter("split_url", ["query"], 0).bind(args)?;
    let split = url::split(&text(value)?).map_err(Error::new)?;
    let optional = |text: Option<String>| text.map_or(Value::None, Value::from);
    let parts: Dict = [
        ("fragment", split.fragment.into()),
        ("hostname", optional(split.host)),
        ("netloc", split.location.into()),
        ("password", optional(split.password)),
        ("path", split.path.into()),
        ("port", split.port.map_or(Value::None, Value::from)),
        ("query", split.query.into()),
        ("scheme", split.scheme.into()),
        ("username", optional(split.user)),
    ]
    .into_iter()
    .collect();
    let Some(query) = given(query).map(text).transpose()?.filter(|query| !query.is_empty()) else {
        return Ok(Value::Dict(parts));
    };
    match parts.get(&query) {
        Some(part) => Ok(part.clone()),
        None => fail(format!("urlsplit: unknown URL component: {query}")),
    }
}

fn urlencode(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("do_urlencode", [], 0).bind(args)?;
    let pair = |key: &Value, value: &Value| -> Result<String, Error> {
        let quote = |part: &Value| text(part).map(|part| url::quote(&part, "").replace("%20", "+"));
        Ok(format!("{}={}", quote(key)?, quote(value)?))
    };
    let pairs: Result<Vec<String>, Error> = match value {
        Value::Dict(dict) => dict.iter().map(|(key, value)| pair(key.value(), value)).collect(),
        Value::List(_) | Value::Tuple(_) => ctx
            .iterate(value)?
            .iter()
            .map(|item| match ctx.iterate(item)?.as_slice() {
                [key, value] => pair(key, value),
                other if other.len() > 2 => fail("too many values to unpack (expected 2)"),
                other => {
                    fail(format!("not enough values to unpack (expected 2, got {})", other.len()))
                }
            })
            .collect(),
        value => return Ok(url::quote(&text(value)?, "/").into()),
    };
    Ok(pairs?.join("&").into())
}

fn urldecode(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<Value, Error> {
    let [] = Signature::filter("unquote_plus", [], 0).bind(args)?;
    Ok(url::unquote(&text(value)?.replace('+', " ")).into())
}
