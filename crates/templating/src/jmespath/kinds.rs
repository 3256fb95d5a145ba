//! JMESPath's kinds of values, by which its functions choose. Must not know the functions.

use nafal_base::Value;

/// What a function takes, as its complaints name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Any,
    Number,
    Str,
    Boolean,
    Array,
    Object,
    Null,
    Expression,
    ArrayOfNumbers,
    ArrayOfStrings,
}

impl Kind {
    /// As complaints name it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Any => "any",
            Kind::Number => "number",
            Kind::Str => "string",
            Kind::Boolean => "boolean",
            Kind::Array => "array",
            Kind::Object => "object",
            Kind::Null => "null",
            Kind::Expression => "expref",
            Kind::ArrayOfNumbers => "array-number",
            Kind::ArrayOfStrings => "array-string",
        }
    }

    /// What a value is.
    pub(super) fn of(value: &Value) -> Kind {
        match value {
            Value::None => Kind::Null,
            Value::Bool(_) => Kind::Boolean,
            Value::Int(_) | Value::Big(_) | Value::Float(_) => Kind::Number,
            Value::List(_) | Value::Tuple(_) => Kind::Array,
            Value::Dict(_) => Kind::Object,
            _ => Kind::Str,
        }
    }

    /// Whether a value is of this kind.
    pub(super) fn takes(self, value: &Value) -> bool {
        let all = |kind: Kind| {
            value.as_list().is_some_and(|items| items.iter().all(|item| Kind::of(item) == kind))
        };
        match self {
            Kind::Any => true,
            Kind::ArrayOfNumbers => all(Kind::Number),
            Kind::ArrayOfStrings => all(Kind::Str),
            kind => Kind::of(value) == kind,
        }
    }
}

/// What counts as false: nothing, and what is empty. 0 doesn't.
pub(super) fn is_false(value: &Value) -> bool {
    match value {
        Value::None | Value::Bool(false) => true,
        Value::Str(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Dict(dict) => dict.is_empty(),
        _ => false,
    }
}

/// Equality in which 1 isn't true.
pub(super) fn equals(left: &Value, right: &Value) -> bool {
    let is_bool = |value: &Value| matches!(value, Value::Bool(_));
    is_bool(left) == is_bool(right) && left == right
}
