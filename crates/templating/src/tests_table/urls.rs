//! Tests of URIs.

use nafal_base::Value;

use super::test;
use crate::arguments::{Signature, given, text};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Test};
use crate::python_url::split;

/// The tests.
pub const TESTS: &[Test] = &[
    test(&["uri"], "whether it is a URI", uri),
    test(&["url"], "whether it is a URL", url),
    test(&["urn"], "whether it is a URN", urn),
];

/// Whether the scheme is one of those that are asked for (any, when none are).
fn scheme_is(ctx: &Context<'_>, scheme: &str, wanted: Option<&Value>) -> Result<bool, Error> {
    match given(wanted) {
        None => Ok(true),
        Some(wanted) => Ok(ctx.iterate(wanted)?.iter().any(|item| item.as_str() == Some(scheme))),
    }
}

fn uri(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [schemes] = Signature::filter("is_uri", ["schemes"], 0).bind(args)?;
    match split(&text(value)?) {
        Ok(parts) => scheme_is(ctx, &parts.scheme, schemes),
        Err(_) => Ok(false),
    }
}

fn url(ctx: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [schemes] = Signature::filter("is_url", ["schemes"], 0).bind(args)?;
    match split(&text(value)?) {
        Ok(parts) => {
            let known = scheme_is(ctx, &parts.scheme, schemes)?;
            Ok(known && !parts.location.is_empty() && !parts.scheme.is_empty())
        }
        Err(_) => Ok(false),
    }
}

fn urn(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [] = Signature::filter("is_urn", [], 0).bind(args)?;
    Ok(split(&text(value)?).is_ok_and(|parts| parts.scheme == "urn"))
}
