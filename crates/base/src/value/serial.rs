//! Values over serde: for the wire, the journal and JSON. What arrives is never trusted.

use std::fmt;
use std::str::FromStr;

use num_bigint::BigInt;
use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Dict, Key, List, Text, Value};

/// MessagePack's extension number for an int beyond 64 bits, as decimal digits.
const BIG: i8 = 1;
/// How rmp-serde is told of an extension.
const EXTENSION: &str = "_ExtStruct";
/// How serde_json hands over a number's text when it keeps numbers exact.
const EXACT: &str = "$serde_json::private::Number";

struct Digits<'a>(&'a [u8]);

impl Serialize for Digits<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::None => serializer.serialize_unit(),
            Value::Bool(flag) => serializer.serialize_bool(*flag),
            Value::Int(number) => serializer.serialize_i64(*number),
            Value::Big(number) => {
                let digits = number.to_string();
                serializer.serialize_newtype_struct(EXTENSION, &(BIG, Digits(digits.as_bytes())))
            }
            Value::Float(number) => serializer.serialize_f64(*number),
            Value::Str(text) => serializer.serialize_str(text),
            Value::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Value::List(items) | Value::Tuple(items) => serialize_items(items, serializer),
            Value::Dict(dict) => dict.serialize(serializer),
            Value::Range(range) => serializer.collect_seq(range.iter()),
            Value::Undef(undefined) => Err(S::Error::custom(undefined.message())),
            Value::Omit => Err(S::Error::custom("omit can't be written")),
            Value::Obj(object) => match (crate::dates::iso_text(self), object.to_data()) {
                (Some(text), _) => serializer.serialize_str(&text),
                (None, Some(data)) => data.serialize(serializer),
                (None, None) => Err(S::Error::custom(format!(
                    "a value of type {} can't be written",
                    object.type_name()
                ))),
            },
        }
    }
}

fn serialize_items<S: Serializer>(items: &List, serializer: S) -> Result<S::Ok, S::Error> {
    let mut sequence = serializer.serialize_seq(Some(items.len()))?;
    for item in items {
        sequence.serialize_element(item)?;
    }
    sequence.end()
}

impl Serialize for Dict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (key, value) in self {
            map.serialize_entry(key.value(), value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

impl<'de> Deserialize<'de> for Dict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Dict, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Dict(dict) => Ok(dict),
            other => {
                Err(de::Error::custom(format!("a dict is expected, not {}", other.type_name())))
            }
        }
    }
}

/// The number that this text says: int of any size, else float.
fn exact_number(text: &str) -> Option<Value> {
    if let Ok(number) = BigInt::from_str(text) {
        return Some(Value::from_big(number));
    }
    text.parse().ok().map(Value::Float)
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::None)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Int(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::from(number))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Float(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Str(Text::new(text)))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Str(Text::new(text)))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Value, E> {
        Ok(Value::bytes(bytes.to_vec()))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Value, D::Error> {
        let (kind, digits): (i8, Value) = Deserialize::deserialize(deserializer)?;
        let Value::Bytes(digits) = digits else {
            return Err(de::Error::custom("an extension has bytes"));
        };
        match (kind, BigInt::parse_bytes(&digits, 10)) {
            (BIG, Some(number)) => Ok(Value::from_big(number)),
            _ => Err(de::Error::custom("unknown extension")),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::with_capacity(access.size_hint().unwrap_or(0).min(4096));
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Value::List(List::from(items)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut dict = Dict::with_capacity(access.size_hint().unwrap_or(0).min(4096));
        let mut first = true;
        while let Some(key) = access.next_key::<Value>()? {
            if first && key.as_str() == Some(EXACT) {
                let text: String = access.next_value()?;
                return exact_number(&text).ok_or_else(|| de::Error::custom("not a number"));
            }
            first = false;
            let value = access.next_value()?;
            let key = Key::new(key).map_err(|key| {
                de::Error::custom(format!("unhashable type: '{}'", key.type_name()))
            })?;
            dict.insert(key, value);
        }
        Ok(Value::Dict(dict))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn message_pack_round_trip() {
        let json = r#"{"a":[1,2.5,null,true,"x"],"big":123456789012345678901234567890}"#;
        let value: Value = serde_json::from_str(json).unwrap();
        assert_eq!(
            value.as_dict().unwrap().get("big").unwrap().repr(),
            "123456789012345678901234567890"
        );
        let bytes = rmp_serde::to_vec(&value).unwrap();
        let back: Value = rmp_serde::from_slice(&bytes).unwrap();
        assert_eq!(back, value);
        let blob = rmp_serde::to_vec(&Value::bytes(vec![0, 255])).unwrap();
        assert_eq!(rmp_serde::from_slice::<Value>(&blob).unwrap(), Value::bytes(vec![0, 255]));
    }
}
