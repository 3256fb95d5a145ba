//! Scalars and collections by their tags. Must not know the order of events.

use nafal_base::{Diagnostic, List, Severity, Span, Text, Value};

use super::binary;
use super::compose::FrameShape;
use super::events::Style;
use super::hints;
use super::resolve::{self, Plain};
use crate::error::Error;

const STANDARD: &str = "tag:yaml.org,2002:";

/// Whether text may be rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// As everything in a project's files.
    Template,
    /// It stands in `!unsafe`.
    Data,
}

/// What a scalar is as a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyRole {
    Plain,
    /// An unquoted `<<`: no value.
    Merge,
    /// An unquoted `=`: text as a key, no value.
    Equals,
}

pub(super) struct Scalar {
    pub text: String,
    pub style: Style,
    pub tag: Option<String>,
    pub trust: Trust,
}

/// The value of a scalar.
pub(super) fn scalar(scalar: Scalar, span: &Span) -> Result<(Value, KeyRole), Error> {
    let Scalar { text, style, tag, trust } = scalar;
    let Some(tag) = tag else {
        if style != Style::Plain {
            return Ok((string(text, trust, span), KeyRole::Plain));
        }
        return match resolve::plain(&text) {
            Plain::Text => Ok((string(text, trust, span), KeyRole::Plain)),
            Plain::Merge => Ok((string(text, trust, span), KeyRole::Merge)),
            Plain::Equals => Ok((string(text, trust, span), KeyRole::Equals)),
            plain => Ok((value(plain, &text, span)?, KeyRole::Plain)),
        };
    };
    let plain = |kind: Plain| Ok((value(kind, &text, span)?, KeyRole::Plain));
    match tag.strip_prefix(STANDARD).unwrap_or(&tag) {
        "str" => Ok((string(text, trust, span), KeyRole::Plain)),
        "!unsafe" => Ok((string(text, Trust::Data, span), KeyRole::Plain)),
        "!vault" | "!vault-encrypted" => {
            Ok((Value::Str(Text::vaulted(text, span.clone())), KeyRole::Plain))
        }
        "int" => plain(Plain::Int),
        "float" => plain(Plain::Float),
        "bool" => plain(Plain::Bool),
        "null" => Ok((Value::None, KeyRole::Plain)),
        "timestamp" => plain(Plain::Timestamp),
        "merge" => Ok((string(text, trust, span), KeyRole::Merge)),
        "binary" => match binary::decode(&text) {
            Ok(bytes) => Ok((Value::bytes(bytes), KeyRole::Plain)),
            Err(why) => Err(hints::explained(
                &format!("Failed to decode base64 data: {why}."),
                span.clone(),
            )),
        },
        "seq" => Err(wrong_node("sequence", "scalar", span)),
        "map" | "set" | "omap" | "pairs" => Err(wrong_node("mapping", "scalar", span)),
        _ => Err(unknown_tag(&tag, span)),
    }
}

fn string(text: String, trust: Trust, span: &Span) -> Value {
    Value::Str(match trust {
        Trust::Template => Text::trusted(text, Some(span.clone())),
        Trust::Data => Text::placed(text, span.clone()),
    })
}

fn value(kind: Plain, text: &str, span: &Span) -> Result<Value, Error> {
    resolve::value(kind, text).map_err(|message| Error::Syntax {
        message,
        span: span.clone(),
        hint: Some("Put the value in quotes if it is meant as text.".to_owned()),
    })
}

/// The error for what may only be a key.
pub(super) fn only_key(role: KeyRole, span: impl Fn() -> Span) -> Option<Error> {
    match role {
        KeyRole::Plain => None,
        KeyRole::Merge => Some(unknown_tag(&format!("{STANDARD}merge"), &span())),
        KeyRole::Equals => Some(unknown_tag(&format!("{STANDARD}value"), &span())),
    }
}

fn unknown_tag(tag: &str, span: &Span) -> Error {
    let words = format!("Could not determine a constructor for the tag '{tag}'.");
    hints::explained(&words, span.clone())
}

fn wrong_node(expected: &str, found: &str, span: &Span) -> Error {
    let words = format!("Expected a {expected} node, but found {found}.");
    hints::explained(&words, span.clone())
}

/// What a sequence's tag makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SequenceTag {
    Plain,
    /// `!!omap`, `!!pairs`: pairs, each from a mapping of one key.
    Pairs,
}

/// What a collection's tag makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CollectionTag {
    Plain,
    Untrusted,
    Set,
    OrderedMap,
    Pairs,
}

impl CollectionTag {
    pub(super) fn is_untrusted(self) -> bool {
        self == CollectionTag::Untrusted
    }

    pub(super) fn is_set(self) -> bool {
        self == CollectionTag::Set
    }

    pub(super) fn sequence(self) -> SequenceTag {
        match self {
            CollectionTag::OrderedMap | CollectionTag::Pairs => SequenceTag::Pairs,
            _ => SequenceTag::Plain,
        }
    }

    /// Stock's warning about a tag that it will drop.
    pub(super) fn deprecation(self, span: &Span) -> Option<Diagnostic> {
        let (name, remedy) = match self {
            CollectionTag::OrderedMap => {
                ("omap", "Use a standard mapping instead, as key order is always preserved.")
            }
            CollectionTag::Pairs => ("pairs", "Use a standard mapping instead."),
            _ => return None,
        };
        let message = format!(
            "Use of the YAML `!!{name}` tag is deprecated. This feature will be removed from \
             ansible-core version 2.23."
        );
        let warning = Diagnostic::new(Severity::Deprecation, message).at(span.clone());
        Some(warning.hint(remedy))
    }
}

/// What the tag of a collection means, and what is wrong with it.
pub(super) fn collection_tag(
    tag: Option<&str>,
    shape: FrameShape,
    span: &Span,
) -> (CollectionTag, Option<Error>) {
    let Some(tag) = tag else {
        return (CollectionTag::Plain, None);
    };
    let found = match shape {
        FrameShape::Sequence => "sequence",
        FrameShape::Mapping => "mapping",
    };
    let plain = |error| (CollectionTag::Plain, Some(error));
    match (tag.strip_prefix(STANDARD).unwrap_or(tag), shape) {
        ("seq", FrameShape::Sequence) | ("map", FrameShape::Mapping) => {
            (CollectionTag::Plain, None)
        }
        ("!unsafe", _) => (CollectionTag::Untrusted, None),
        ("set", FrameShape::Mapping) => (CollectionTag::Set, None),
        ("omap", FrameShape::Sequence) => (CollectionTag::OrderedMap, None),
        ("pairs", FrameShape::Sequence) => (CollectionTag::Pairs, None),
        ("!vault" | "!vault-encrypted", _) => {
            plain(hints::explained("The '!vault' tag requires a string value.", span.clone()))
        }
        ("seq" | "omap" | "pairs", _) => plain(wrong_node("sequence", found, span)),
        ("map" | "set", _) => plain(wrong_node("mapping", found, span)),
        ("str" | "int" | "float" | "bool" | "null" | "timestamp" | "binary", _) => {
            plain(wrong_node("scalar", found, span))
        }
        _ => plain(unknown_tag(tag, span)),
    }
}

/// A sequence's list.
pub(super) fn sequence(
    items: Vec<Value>,
    tag: SequenceTag,
    span: &Span,
    place: impl Fn(usize) -> Option<Span>,
) -> Result<List, Error> {
    if tag == SequenceTag::Plain {
        return Ok(List::placed(items, Some(span.clone())));
    }
    let mut pairs = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        let Value::Dict(dict) = &item else {
            let words = "While constructing an ordered map expected a mapping of length 1, but \
                         found scalar.";
            let at = item.span().cloned().or_else(|| place(index));
            return Err(hints::explained(words, at.unwrap_or_else(|| span.clone())));
        };
        for (key, value) in dict {
            let pair = vec![key.value().clone(), value.clone()];
            pairs.push(Value::Tuple(List::placed(pair, Some(span.clone()))));
        }
    }
    Ok(List::placed(pairs, Some(span.clone())))
}
