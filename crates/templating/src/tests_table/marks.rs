//! Tests of what is known of a value, which ansible-core has for its own tests (case `protomatter`).

use nafal_base::Value;

use super::test;
use crate::arguments::{Signature, fail, text};
use crate::context::Context;
use crate::error::Error;
use crate::filters::names_of;
use crate::plugin::{Args, Test};

/// The tests.
pub const TESTS: &[Test] = &[
    test(&["ansible._protomatter.tagged"], "whether anything is known of it", tagged),
    test(&["ansible._protomatter.tagged_with"], "whether this is known of it", tagged_with),
];

/// What stock can know of a value. Of the first two nafal keeps no note.
const NAMES: &[&str] =
    &["Deprecated", "SourceWasEncrypted", "Origin", "TrustedAsTemplate", "VaultedValue"];

fn tagged(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [] = Signature::filter("tagged", [], 0).bind(args)?;
    Ok(!names_of(value).is_empty())
}

fn tagged_with(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [name] = Signature::filter("tagged_with", ["tag_name"], 1).bind(args)?;
    let name = text(name.unwrap_or(&Value::None))?;
    if !NAMES.contains(&&*name) {
        return fail(format!("Unknown tag name {}.", Value::from(&*name).repr()));
    }
    Ok(names_of(value).contains(&&*name))
}
