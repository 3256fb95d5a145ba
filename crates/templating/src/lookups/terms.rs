//! What lookups are given: terms, options among them as `key=value`, and options by name.

use nafal_base::Value;

use crate::arguments::text;
use crate::error::Error;
use crate::filters::said_bool;
use crate::plugin::Args;

/// The option of this name.
pub(crate) fn option<'a>(args: Args<'a>, name: &str) -> Option<&'a Value> {
    args.named.iter().rev().find(|(given, _)| given == name).map(|(_, value)| value)
}

/// An option as text.
pub(crate) fn text_option(args: Args<'_>, name: &str, default: &str) -> Result<String, Error> {
    match option(args, name) {
        None | Some(Value::None) => Ok(default.to_owned()),
        Some(value) => text(value).map(|text| text.into_owned()),
    }
}

/// An option as a bool.
pub(crate) fn bool_option(args: Args<'_>, name: &str, default: bool) -> bool {
    option(args, name).map_or(default, truth)
}

/// The bool that an option's value says; text that says none is false.
pub(crate) fn truth(value: &Value) -> bool {
    said_bool(value).unwrap_or_else(|| value.as_str().is_none() && value.is_true())
}

/// What an option belongs to, in stock's words.
pub(crate) fn owner(kind: &str, plugin: &str) -> String {
    format!("'{plugin}' {kind} plugin")
}

/// An option of a plugin as messages name it.
pub(crate) fn labelled(owner: &str, name: &str) -> String {
    format!("'{name}' for {owner}")
}

/// The error of an option's value that its type can't have.
pub(crate) fn invalid(lookup: &str, name: &str, kind: &str, value: &Value) -> Error {
    Error::new(invalid_from("Direct", &labelled(&owner("lookup", lookup), name), kind, value))
}

/// The same of any plugin's option, with where its value is from.
pub(crate) fn invalid_from(origin: &str, label: &str, kind: &str, value: &Value) -> String {
    format!(
        "Config {label} from '{origin}' has an invalid value: Invalid value provided for '{kind}': {}",
        value.repr()
    )
}

/// The error of an option's value that isn't one of its choices.
pub(crate) fn not_a_choice(lookup: &str, name: &str, value: &str) -> Error {
    Error::new(not_a_choice_of(&labelled(&owner("lookup", lookup), name), value))
}

/// The same of any plugin's option.
pub(crate) fn not_a_choice_of(label: &str, value: &str) -> String {
    let value = nafal_base::value::string_repr(value);
    format!("Invalid value {value} for config {label}.")
}

/// Terms, with those that are lists opened once.
pub(crate) fn opened(terms: &[Value]) -> Vec<Value> {
    let mut items = Vec::with_capacity(terms.len());
    for term in terms {
        match term {
            Value::List(inner) | Value::Tuple(inner) => items.extend(inner.iter().cloned()),
            term => items.push(term.clone()),
        }
    }
    items
}

/// A text as words and `key=value` pairs: quotes hold words together and are dropped from values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    /// The words that aren't pairs.
    pub free: Vec<String>,
    /// The same with their quotes.
    pub literal: Vec<String>,
    /// The pairs, in order.
    pub pairs: Vec<(String, String)>,
}

/// Splits a term.
pub(crate) fn words(text: &str) -> Words {
    let mut words = Words::default();
    for word in split(text) {
        let pair = word.split_once('=').filter(|(key, _)| {
            !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_')
        });
        match pair {
            Some((key, value)) => words.pairs.push((key.to_owned(), unquote(value))),
            None => {
                words.free.push(unquote(&word));
                words.literal.push(word);
            }
        }
    }
    words
}

fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut escaped = false;
    for c in text.chars() {
        if quote.is_none() && c.is_whitespace() {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            continue;
        }
        match quote {
            _ if escaped => escaped = false,
            _ if c == '\\' => escaped = true,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(open) if open == c => quote = None,
            _ => {}
        }
        word.push(c);
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn unquote(text: &str) -> String {
    let quoted = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    quoted('"').or_else(|| quoted('\'')).unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits() {
        let words = words("a b='c d' e=\"f\" g");
        assert_eq!(words.free, ["a", "g"]);
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(words.pairs, [pair("b", "c d"), pair("e", "f")]);
    }
}
