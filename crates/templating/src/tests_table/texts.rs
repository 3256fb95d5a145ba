//! Tests of text: its case, patterns, vaults.

use nafal_base::Value;

use super::test;
use crate::arguments::{Signature, fail, flag, text, text_or};
use crate::context::Context;
use crate::error::Error;
use crate::plugin::{Args, Test};
use crate::python_regex::{Flags, Place, Regex};

/// The tests.
pub const TESTS: &[Test] = &[
    test(&["lower"], "whether all its letters are small", lower),
    test(&["upper"], "whether all its letters are large", upper),
    test(&["search"], "whether a pattern matches somewhere", search),
    test(&["match"], "whether a pattern matches at the beginning", match_),
    test(&["regex"], "whether a pattern matches, somewhere unless said otherwise", regex),
    test(&["vault_encrypted"], "whether it is a vaulted value", vault_encrypted),
];

/// Python's `islower` and `isupper`: some letter has case, and none has the other.
fn cased(value: &str, wanted: fn(char) -> bool, other: fn(char) -> bool) -> bool {
    value.chars().any(wanted) && !value.chars().any(other)
}

fn lower(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [] = Signature::filter("test_lower", [], 0).bind(args)?;
    Ok(cased(&text(value)?, char::is_lowercase, char::is_uppercase))
}

fn upper(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [] = Signature::filter("test_upper", [], 0).bind(args)?;
    Ok(cased(&text(value)?, char::is_uppercase, char::is_lowercase))
}

fn matches(
    value: &Value,
    pattern: Option<&Value>,
    flags: (Option<&Value>, Option<&Value>),
    place: Place,
) -> Result<bool, Error> {
    let value = text(value)?;
    let pattern = text_or(pattern, "")?;
    let flags = Flags {
        ignore_case: flag(flags.0, false),
        multiline: flag(flags.1, false),
        ..Flags::default()
    };
    let regex = Regex::anchored(&pattern, (flags, place), &value).map_err(Error::new)?;
    Ok(regex.search(&value).map_err(Error::new)?.is_some())
}

fn search(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [pattern, ignore_case, multiline] =
        Signature::filter("search", ["pattern", "ignorecase", "multiline"], 0).bind(args)?;
    matches(value, pattern, (ignore_case, multiline), Place::Anywhere)
}

fn match_(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [pattern, ignore_case, multiline] =
        Signature::filter("match", ["pattern", "ignorecase", "multiline"], 0).bind(args)?;
    matches(value, pattern, (ignore_case, multiline), Place::Start)
}

fn regex(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [pattern, ignore_case, multiline, kind] =
        Signature::filter("regex", ["pattern", "ignorecase", "multiline", "match_type"], 0)
            .bind(args)?;
    let place = match &*text_or(kind, "search")? {
        "search" => Place::Anywhere,
        "match" => Place::Start,
        "fullmatch" => Place::Whole,
        _ => {
            return fail(
                "Invalid match_type specified. Expected one of: search, match, fullmatch.",
            );
        }
    };
    matches(value, pattern, (ignore_case, multiline), place)
}

/// Vaulted values are decrypted where they are read and keep the mark of where they are from. Stock
/// doesn't take plain text that looks like a vault for one.
fn vault_encrypted(_: &Context<'_>, value: &Value, args: Args<'_>) -> Result<bool, Error> {
    let [] = Signature::filter("vault_encrypted", [], 0).bind(args)?;
    Ok(value.marks().contains(nafal_base::Marks::VAULT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case() {
        assert!(cased("ab1", char::is_lowercase, char::is_uppercase));
        assert!(!cased("5", char::is_lowercase, char::is_uppercase));
        assert!(!cased("aB", char::is_lowercase, char::is_uppercase));
    }

    #[test]
    fn places() {
        let at =
            |place| matches(&Value::from("abc"), Some(&Value::from("b|abc")), (None, None), place);
        assert_eq!(at(Place::Anywhere), Ok(true));
        assert_eq!(at(Place::Whole), Ok(true));
        let b = |place| matches(&Value::from("abc"), Some(&Value::from("b")), (None, None), place);
        assert_eq!(b(Place::Start), Ok(false));
    }
}
