//! Scalars and collections by their tags. Must not know the order of events.

use nafal_base::{Diagnostic, List, Severity, Span, Text, Value};

use super::binary;
use super::compose::FrameShape;
use super::events::{Place, Style};
use super::problem::{Fault, Problem};
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
    /// It was read by a filter: plain YAML, without Ansible's tags and without places.
    Plain,
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
pub(super) fn scalar(scalar: Scalar, span: &Span, place: Place) -> Result<(Value, KeyRole), Fault> {
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
        "!unsafe" if trust != Trust::Plain => Ok((string(text, Trust::Data, span), KeyRole::Plain)),
        "!vault" | "!vault-encrypted" if trust != Trust::Plain && text.is_empty() => {
            Err(Problem::limit(NO_VAULT, place).into())
        }
        "!vault" | "!vault-encrypted" if trust != Trust::Plain => {
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
            Err(why) => {
                Err(Problem::new(format!("failed to decode base64 data: {why}"), place).into())
            }
        },
        "seq" => Err(wrong_node("sequence", "scalar", place).into()),
        "map" | "set" | "omap" | "pairs" => Err(wrong_node("mapping", "scalar", place).into()),
        _ => Err(unknown_tag(&tag, place).into()),
    }
}

/// Stock's own words, for which it looks at no line.
const NO_VAULT: &str = "the '!vault' tag requires a string value";

fn string(text: String, trust: Trust, span: &Span) -> Value {
    Value::Str(match trust {
        Trust::Template => Text::trusted(text, Some(span.clone())),
        Trust::Data => Text::placed(text, span.clone()),
        Trust::Plain => Text::new(text),
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
pub(super) fn only_key(role: KeyRole, place: Place) -> Option<Fault> {
    match role {
        KeyRole::Plain => None,
        KeyRole::Merge => Some(unknown_tag(&format!("{STANDARD}merge"), place).into()),
        KeyRole::Equals => Some(unknown_tag(&format!("{STANDARD}value"), place).into()),
    }
}

fn unknown_tag(tag: &str, place: Place) -> Problem {
    Problem::new(format!("could not determine a constructor for the tag '{tag}'"), place)
}

fn wrong_node(expected: &str, found: &str, place: Place) -> Problem {
    Problem::new(format!("expected a {expected} node, but found {found}"), place)
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
    (shape, trust): (FrameShape, Trust),
    place: Place,
) -> (CollectionTag, Option<Problem>) {
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
        ("!unsafe", _) if trust != Trust::Plain => (CollectionTag::Untrusted, None),
        ("set", FrameShape::Mapping) => (CollectionTag::Set, None),
        ("omap", FrameShape::Sequence) => (CollectionTag::OrderedMap, None),
        ("pairs", FrameShape::Sequence) => (CollectionTag::Pairs, None),
        ("!vault" | "!vault-encrypted", _) if trust != Trust::Plain => {
            plain(Problem::limit(NO_VAULT, place))
        }
        ("seq" | "omap" | "pairs", _) => plain(wrong_node("sequence", found, place)),
        ("map" | "set", _) => plain(wrong_node("mapping", found, place)),
        ("str" | "int" | "float" | "bool" | "null" | "timestamp" | "binary", _) => {
            plain(wrong_node("scalar", found, place))
        }
        _ => plain(unknown_tag(tag, place)),
    }
}

/// A sequence's list.
pub(super) fn sequence(
    items: Vec<Value>,
    tag: SequenceTag,
    span: &Span,
    (start, place): (Place, impl Fn(usize) -> Option<Place>),
) -> Result<List, Problem> {
    if tag == SequenceTag::Plain {
        return Ok(List::placed(items, Some(span.clone())));
    }
    let mut pairs = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        let Value::Dict(dict) = &item else {
            let at = item.span().map(|span| Place { line: span.line, column: span.column });
            let at = at.or_else(|| place(index)).unwrap_or(start);
            let what = "expected a mapping of length 1, but found scalar";
            return Err(Problem::new(what, at).within("while constructing an ordered map", start));
        };
        for (key, value) in dict {
            let pair = vec![key.value().clone(), value.clone()];
            pairs.push(Value::Tuple(List::placed(pair, Some(span.clone()))));
        }
    }
    Ok(List::placed(pairs, Some(span.clone())))
}
