//! Python's equality, hash and ordering.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};

use super::{List, Value};

/// Two values that Python can't order: `'<' not supported between instances of 'a' and 'b'`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unordered {
    /// The left type's name.
    pub left: String,
    /// The right type's name.
    pub right: String,
}

enum Number<'a> {
    Int(i64),
    Big(&'a BigInt),
    Float(f64),
}

fn number(value: &Value) -> Option<Number<'_>> {
    match value {
        Value::Bool(flag) => Some(Number::Int(i64::from(*flag))),
        Value::Int(number) => Some(Number::Int(*number)),
        Value::Big(number) => Some(Number::Big(number)),
        Value::Float(number) => Some(Number::Float(*number)),
        _ => None,
    }
}

/// An int against a float without losing digits on the way.
fn compare_float(int: &BigInt, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    if float.is_infinite() {
        return Some(if float > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    let whole = BigInt::from_f64(float.trunc())?;
    Some(
        int.cmp(&whole)
            .then_with(|| 0.0_f64.partial_cmp(&float.fract()).unwrap_or(Ordering::Equal)),
    )
}

fn compare_numbers(left: &Number<'_>, right: &Number<'_>) -> Option<Ordering> {
    match (left, right) {
        (Number::Int(a), Number::Int(b)) => Some(a.cmp(b)),
        (Number::Float(a), Number::Float(b)) => a.partial_cmp(b),
        (Number::Big(a), Number::Big(b)) => Some(a.cmp(b)),
        (Number::Int(a), Number::Big(b)) => Some(BigInt::from(*a).cmp(b)),
        (Number::Big(a), Number::Int(b)) => Some((*a).cmp(&BigInt::from(*b))),
        (Number::Int(a), Number::Float(b)) => compare_float(&BigInt::from(*a), *b),
        (Number::Big(a), Number::Float(b)) => compare_float(a, *b),
        (Number::Float(a), Number::Int(b)) => {
            compare_float(&BigInt::from(*b), *a).map(Ordering::reverse)
        }
        (Number::Float(a), Number::Big(b)) => compare_float(b, *a).map(Ordering::reverse),
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Str(a), Value::Str(b)) => a == b,
            (Value::None, Value::None) | (Value::Omit, Value::Omit) => true,
            (Value::Bytes(a), Value::Bytes(b)) => a == b,
            (Value::List(a), Value::List(b)) | (Value::Tuple(a), Value::Tuple(b)) => {
                a.same(b) || **a == **b
            }
            (Value::Dict(a), Value::Dict(b)) => a == b,
            (Value::Range(a), Value::Range(b)) => a.iter().eq(b.iter()),
            (Value::Undef(a), Value::Undef(b)) => a == b,
            (Value::Obj(a), Value::Obj(b)) => a.same(b) || a.equals(other) || b.equals(self),
            (Value::Obj(object), _) => object.equals(other),
            (_, Value::Obj(object)) => object.equals(self),
            _ => match (number(self), number(other)) {
                (Some(a), Some(b)) => compare_numbers(&a, &b) == Some(Ordering::Equal),
                _ => false,
            },
        }
    }
}

impl Value {
    /// Whether Python would take it as a dict's key.
    pub fn is_hashable(&self) -> bool {
        match self {
            Value::List(_) | Value::Dict(_) | Value::Undef(_) => false,
            Value::Tuple(items) => items.iter().all(Value::is_hashable),
            _ => true,
        }
    }

    /// Python's hash classes: equal values hash the same (`1`, `1.0` and `True`).
    pub(crate) fn hash_as_key<H: Hasher>(&self, state: &mut H) {
        match self {
            // Must be what `str` itself does: dicts are asked with a bare `str`.
            Value::Str(text) => text.as_str().hash(state),
            Value::Bool(flag) => state.write_i64(i64::from(*flag)),
            Value::Int(number) => state.write_i64(*number),
            Value::Float(number) => match number.to_i64() {
                Some(whole) if number.fract() == 0.0 => state.write_i64(whole),
                _ => state.write_u64(number.to_bits()),
            },
            Value::Tuple(items) => {
                for item in items {
                    item.hash_as_key(state);
                }
            }
            Value::Bytes(bytes) => bytes.hash(state),
            // Rare as keys: one bucket is enough.
            Value::None | Value::Omit | Value::Big(_) | Value::Range(_) | Value::Obj(_) => {
                state.write_u8(1);
            }
            Value::List(_) | Value::Dict(_) | Value::Undef(_) => state.write_u8(2),
        }
    }

    /// Python's `<`, as an ordering. NaN is neither, and given as equal.
    pub fn compare(&self, other: &Value) -> Result<Ordering, Unordered> {
        let unordered =
            || Unordered { left: self.type_name().to_owned(), right: other.type_name().to_owned() };
        match (self, other) {
            (Value::Str(a), Value::Str(b)) => Ok(a.as_str().cmp(b.as_str())),
            (Value::Bytes(a), Value::Bytes(b)) => Ok(a.cmp(b)),
            (Value::List(a), Value::List(b)) | (Value::Tuple(a), Value::Tuple(b)) => {
                compare_items(a, b)
            }
            (Value::Obj(object), _) => object.compare(other).ok_or_else(unordered),
            (_, Value::Obj(object)) => {
                object.compare(self).map(Ordering::reverse).ok_or_else(unordered)
            }
            _ => match (number(self), number(other)) {
                (Some(a), Some(b)) => Ok(compare_numbers(&a, &b).unwrap_or(Ordering::Equal)),
                _ => Err(unordered()),
            },
        }
    }
}

fn compare_items(left: &List, right: &List) -> Result<Ordering, Unordered> {
    for (a, b) in left.iter().zip(right.iter()) {
        if a != b {
            return a.compare(b);
        }
    }
    Ok(left.len().cmp(&right.len()))
}

#[cfg(test)]
mod tests {
    use super::super::{Dict, Key};
    use super::*;

    #[test]
    fn equal_as_python() {
        assert_eq!(Value::Int(1), Value::Float(1.0));
        assert_eq!(Value::Bool(true), Value::Int(1));
        assert_ne!(Value::from("1"), Value::Int(1));
        assert_ne!(Value::Float(9_007_199_254_740_992.0), Value::Int(9_007_199_254_740_993));
    }

    #[test]
    fn keys_fold_numbers() -> Result<(), Value> {
        let mut dict = Dict::new();
        dict.insert(Key::new(Value::Int(1))?, Value::from("a"));
        dict.insert(Key::new(Value::Float(1.0))?, Value::from("b"));
        assert_eq!(dict.len(), 1);
        assert_eq!(dict.lookup(&Value::Bool(true)), Some(&Value::from("b")));
        assert!(Key::new(Value::List(List::new())).is_err());
        Ok(())
    }

    #[test]
    fn order() {
        assert_eq!(Value::Int(2).compare(&Value::Float(2.5)), Ok(Ordering::Less));
        assert!(Value::Int(2).compare(&Value::from("2")).is_err());
    }
}
