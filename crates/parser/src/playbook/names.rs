//! Names of variables. Must not know who defines them.

use nafal_base::{Span, Value};

use crate::error::Error;

const REMEDY: &str = "A variable's name starts with a letter or an underscore and goes on with \
                      letters, digits and underscores.";

/// Whether `name` may be a variable's.
pub fn valid_name(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !matches!(name, "true" | "false" | "none" | "True" | "False" | "None")
}

/// What is wrong with a name, in stock's words.
pub(super) fn fault(name: &Value) -> Option<String> {
    match name {
        Value::Str(text) if valid_name(text) => None,
        Value::Str(text) => Some(format!("Invalid variable name {}.", Value::from(&**text).repr())),
        Value::List(_) | Value::Dict(_) => {
            Some(format!("Invalid variable name of type '{}'.", name.type_name()))
        }
        other => Some(format!(
            "Invalid variable name '{}' of type '{}'.",
            other.to_text(),
            other.type_name()
        )),
    }
}

/// The error for a wrong name of a variable.
pub(super) fn check(name: &Value, span: Option<Span>) -> Option<Error> {
    fault(name).map(|words| Error::general(words, span).with_hint(REMEDY))
}

/// The error for a wrong `register`.
pub(super) fn check_register(
    name: &Value,
    span: Option<Span>,
    place: Option<Span>,
) -> Option<Error> {
    fault(name).map(|cause| Error::Caused {
        message: "Invalid 'register' specified.".to_owned(),
        cause,
        span,
        place,
        hint: Some(REMEDY.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["a", "_a1", "while", "hosts"] {
            assert!(valid_name(good), "{good}");
        }
        for bad in ["", "1a", "a-b", "é", "none", "True", "{{ a }}"] {
            assert!(!valid_name(bad), "{bad}");
        }
    }
}
