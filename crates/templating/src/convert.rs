//! Rendered values as the types that keywords and arguments want, with Ansible's conversions.

use nafal_base::Value;

use crate::error::Error;

/// A type that a rendered value can become.
pub trait FromValue: Sized {
    /// The value as this type.
    fn from_value(value: Value) -> Result<Self, Error>;
}

impl FromValue for Value {
    fn from_value(value: Value) -> Result<Value, Error> {
        Ok(value)
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Result<String, Error> {
        Ok(value.to_text().into_owned())
    }
}

impl FromValue for bool {
    fn from_value(value: Value) -> Result<bool, Error> {
        value.to_bool().ok_or_else(|| {
            Error::new(format!("The value {} could not be converted to 'bool'.", value.repr()))
        })
    }
}

impl FromValue for i64 {
    fn from_value(value: Value) -> Result<i64, Error> {
        let found = match &value {
            Value::Int(number) => Some(*number),
            Value::Bool(flag) => Some(i64::from(*flag)),
            #[allow(clippy::cast_possible_truncation)]
            Value::Float(number) if number.fract() == 0.0 && number.abs() < 9e18 => {
                Some(*number as i64)
            }
            Value::Str(text) => text.trim().parse().ok(),
            _ => None,
        };
        found.ok_or_else(|| {
            Error::new(format!("The value '{}' could not be converted to 'int'.", value.to_text()))
        })
    }
}

impl FromValue for f64 {
    fn from_value(value: Value) -> Result<f64, Error> {
        let found = match &value {
            Value::Float(number) => Some(*number),
            #[allow(clippy::cast_precision_loss)]
            Value::Int(number) => Some(*number as f64),
            Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
            Value::Str(text) => text.trim().parse().ok(),
            _ => None,
        };
        found.ok_or_else(|| {
            Error::new(format!(
                "The value '{}' could not be converted to 'float'.",
                value.to_text()
            ))
        })
    }
}
