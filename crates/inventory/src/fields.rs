//! Values of INI inventories: Python literals where they are ones, else text that may be a
//! template.

use nafal_base::{Dict, Key, Span, Text, Value};

use crate::literal;

/// The value of what stands behind a `=`.
pub(crate) fn value(text: &str, span: &Span) -> Value {
    // Most values are words: they can't be literals, save for three names and prefixed strings.
    let is_word = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        && text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    if is_word {
        return match text {
            "None" => Value::None,
            "True" => Value::Bool(true),
            "False" => Value::Bool(false),
            _ => trusted(text, span),
        };
    }
    match literal::parse(text) {
        Some(value) => trust(value, span),
        None => trusted(text, span),
    }
}

fn trusted(text: &str, span: &Span) -> Value {
    Value::Str(Text::trusted(text, Some(span.clone())))
}

/// The same value, its strings tagged as the user's own.
pub(crate) fn trust(value: Value, span: &Span) -> Value {
    match value {
        Value::Str(text) => trusted(&text, span),
        // A tuple is a list once it is a variable (case inventory-ini).
        Value::List(items) | Value::Tuple(items) => {
            Value::List(items.iter().map(|item| trust(item.clone(), span)).collect())
        }
        Value::Dict(dict) => Value::Dict(trust_dict(&dict, span)),
        other => other,
    }
}

/// The same for all values of a dict.
pub(crate) fn trust_dict(dict: &Dict, span: &Span) -> Dict {
    let entries = dict.iter().map(|(key, value)| (Key::clone(key), trust(value.clone(), span)));
    entries.collect::<Dict>().placed(Some(span.clone()))
}
