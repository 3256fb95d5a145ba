//! The value itself and what every reader asks of it. Must not know templates' language.

use std::sync::Arc;

use num_bigint::BigInt;
use num_traits::{ToPrimitive, Zero};

use super::{Dict, List, Marks, Range, Text, Undefined};
use crate::object::ObjectRef;
use crate::span::Span;

/// A value with Python's semantics.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// `None`.
    #[default]
    None,
    /// `True`, `False`.
    Bool(bool),
    /// An int that fits 64 bits.
    Int(i64),
    /// An int that doesn't. Always made with [`Value::from_big`].
    Big(Arc<BigInt>),
    /// A float.
    Float(f64),
    /// A string.
    Str(Text),
    /// Bytes.
    Bytes(Arc<Vec<u8>>),
    /// A list.
    List(List),
    /// A tuple.
    Tuple(List),
    /// A dict.
    Dict(Dict),
    /// `range(…)`.
    Range(Arc<Range>),
    /// Something that isn't there: walks on when asked for more, fails when used.
    Undef(Arc<Undefined>),
    /// Ansible's `omit`.
    Omit,
    /// Anything with behaviour of its own.
    Obj(ObjectRef),
}

const _: () = assert!(size_of::<Value>() == 16);

impl Value {
    /// An int of any size, in its smallest form.
    pub fn from_big(number: BigInt) -> Value {
        match number.to_i64() {
            Some(small) => Value::Int(small),
            None => Value::Big(Arc::new(number)),
        }
    }

    /// Text from anywhere: never rendered.
    pub fn text(text: impl Into<Box<str>>) -> Value {
        Value::Str(Text::new(text))
    }

    /// Python's `type(x).__name__`.
    pub fn type_name(&self) -> &str {
        match self {
            Value::None => "NoneType",
            Value::Bool(_) => "bool",
            Value::Int(_) | Value::Big(_) => "int",
            Value::Float(_) => "float",
            Value::Str(_) => "str",
            Value::Bytes(_) => "bytes",
            Value::List(_) => "list",
            Value::Tuple(_) => "tuple",
            Value::Dict(_) => "dict",
            Value::Range(_) => "range",
            Value::Undef(_) => "UndefinedMarker",
            Value::Omit => "Omit",
            Value::Obj(object) => object.type_name(),
        }
    }

    /// Python's truth.
    pub fn is_true(&self) -> bool {
        match self {
            Value::None | Value::Undef(_) => false,
            Value::Bool(flag) => *flag,
            Value::Int(number) => *number != 0,
            Value::Big(number) => !number.is_zero(),
            Value::Float(number) => *number != 0.0,
            Value::Str(text) => !text.is_empty(),
            Value::Bytes(bytes) => !bytes.is_empty(),
            Value::List(items) | Value::Tuple(items) => !items.is_empty(),
            Value::Dict(dict) => !dict.is_empty(),
            Value::Range(range) => !range.is_empty(),
            Value::Omit => true,
            Value::Obj(object) => object.truthy(),
        }
    }

    /// What is known about it or anything inside it.
    pub fn marks(&self) -> Marks {
        match self {
            Value::Str(text) => text.marks(),
            Value::List(items) => items.marks(),
            // Finalising makes a list of it.
            Value::Tuple(items) => items.marks() | Marks::UNSETTLED,
            Value::Dict(dict) => dict.marks(),
            Value::Undef(_) | Value::Omit | Value::Obj(_) | Value::Range(_) => Marks::UNSETTLED,
            _ => Marks::NONE,
        }
    }

    /// Whether rendering it would change it.
    pub fn has_template(&self) -> bool {
        self.marks().contains(Marks::TEMPLATE)
    }

    /// Whether it is plain data: no template, nothing undefined, no object.
    pub fn is_settled(&self) -> bool {
        !self.marks().intersects(Marks::TEMPLATE | Marks::UNSETTLED)
    }

    /// Where it was written, as far as its kind can tell.
    pub fn span(&self) -> Option<&Span> {
        match self {
            Value::Str(text) => text.span(),
            Value::List(items) | Value::Tuple(items) => items.span(),
            Value::Dict(dict) => dict.span(),
            Value::Undef(undefined) => undefined.span.as_ref(),
            _ => None,
        }
    }

    /// The characters of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The dict.
    pub fn as_dict(&self) -> Option<&Dict> {
        match self {
            Value::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// The items of a list or tuple.
    pub fn as_list(&self) -> Option<&List> {
        match self {
            Value::List(items) | Value::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// A bool that is one (no conversion).
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// A bool as people write it in arguments and options: real ones, their words, 1 and 0.
    pub fn to_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(flag) => Some(*flag),
            Value::Int(0) => Some(false),
            Value::Int(1) => Some(true),
            Value::Float(number) if *number == 0.0 => Some(false),
            Value::Float(number) if *number == 1.0 => Some(true),
            Value::Str(text) => match text.trim().to_ascii_lowercase().as_str() {
                "y" | "yes" | "on" | "1" | "true" | "t" => Some(true),
                "n" | "no" | "off" | "0" | "false" | "f" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// An int that fits 64 bits, bools included as Python counts them.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            Value::Bool(flag) => Some(i64::from(*flag)),
            _ => None,
        }
    }

    /// Whether it is undefined.
    pub fn is_undefined(&self) -> bool {
        matches!(self, Value::Undef(_))
    }

    /// Whether it is None.
    pub fn is_none(&self) -> bool {
        matches!(self, Value::None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans() {
        for (value, meant) in [
            (Value::from("Yes"), Some(true)),
            (Value::from(" off "), Some(false)),
            (Value::Int(0), Some(false)),
            (Value::Float(1.0), Some(true)),
            (Value::from("1.0"), None),
            (Value::Int(3), None),
            (Value::from("maybe"), None),
        ] {
            assert_eq!(value.to_bool(), meant, "{value:?}");
        }
    }
}
