//! What a value must be convertible to. The values themselves aren't changed for the role: what
//! comes out of here is only checked further.

use nafal_base::value::json::{Style, to_json};
use nafal_base::{Dict, Key, Value};

use crate::arguments::to_bool;

/// The words that stock takes for a bool (it lists them in the order of a set).
const BOOLEANS: &str =
    "'y', 'yes', 'on', '1', 'true', 't', 1, 'n', 'no', 'off', '0', 'false', 'f', 0";

/// The value as `wanted`, or why it can't be that.
pub(super) fn convert(value: &Value, wanted: &str) -> Result<Value, String> {
    match wanted {
        "raw" => Ok(value.clone()),
        "str" | "path" => Ok(as_text(value)),
        "bool" => to_flag(value),
        "int" => to_int(value),
        "float" => to_float(value),
        "list" => to_list(value),
        "dict" => to_dict(value),
        "json" | "jsonarg" => to_json_text(value),
        "bytes" | "bits" => to_size(value, wanted),
        // What stock says when it finds no function of that name.
        _ => Err("'NoneType' object is not callable".to_owned()),
    }
}

/// The class that stock names: what playbooks say carries its origin there.
fn class(value: &Value) -> String {
    let name = match value {
        Value::Str(_) => "Str",
        Value::Int(_) => "Int",
        Value::Float(_) => "Float",
        Value::List(_) => "List",
        Value::Dict(_) => "Dict",
        other => return format!("<class '{}'>", other.type_name()),
    };
    format!("<class 'ansible.module_utils._internal._datatag._AnsibleTagged{name}'>")
}

fn to_flag(value: &Value) -> Result<Value, String> {
    if matches!(value, Value::None | Value::List(_) | Value::Dict(_)) {
        return Err(format!("{} cannot be converted to a bool", class(value)));
    }
    to_bool(value).map(Value::Bool).ok_or_else(|| {
        let text = value.to_text();
        format!("The value '{text}' is not a valid boolean. Valid booleans include: {BOOLEANS}")
    })
}

fn as_text(value: &Value) -> Value {
    match value {
        Value::Str(_) => value.clone(),
        Value::None => Value::from(""),
        other => Value::from(&*other.to_text()),
    }
}

fn to_int(value: &Value) -> Result<Value, String> {
    let whole = |number: f64| (number.fract() == 0.0).then_some(number);
    let number = match value {
        Value::Int(_) | Value::Big(_) | Value::Bool(_) => return Ok(value.clone()),
        Value::Float(number) => whole(*number),
        Value::Str(text) => text.trim().parse().ok().and_then(whole),
        _ => None,
    };
    #[expect(clippy::cast_possible_truncation, reason = "it is a whole number")]
    number
        .map(|number| Value::Int(number as i64))
        .ok_or_else(|| format!("\"{}\" cannot be converted to an int", value.repr()))
}

fn to_float(value: &Value) -> Result<Value, String> {
    let number = match value {
        Value::Float(_) | Value::Int(_) | Value::Bool(_) => return Ok(value.clone()),
        Value::Str(text) => text.trim().parse().ok(),
        _ => None,
    };
    number
        .map(Value::Float)
        .ok_or_else(|| format!("{} cannot be converted to a float", class(value)))
}

fn to_list(value: &Value) -> Result<Value, String> {
    match value {
        Value::List(_) => Ok(value.clone()),
        Value::Tuple(items) => Ok(Value::List(items.clone())),
        Value::Str(text) => Ok(Value::from(text.split(',').collect::<Vec<_>>())),
        Value::Int(_) | Value::Big(_) | Value::Float(_) | Value::Bool(_) => {
            Ok(Value::from(vec![&*value.to_text()]))
        }
        other => Err(format!("{} cannot be converted to a list", class(other))),
    }
}

/// A dict, JSON of one, or `k=v` pairs.
pub(super) fn to_dict(value: &Value) -> Result<Value, String> {
    let text = match value {
        Value::Dict(_) => return Ok(value.clone()),
        Value::Str(text) => text,
        other => return Err(format!("{} cannot be converted to a dict", class(other))),
    };
    if text.starts_with('{') {
        return match serde_json::from_str::<Value>(text) {
            Ok(dict @ Value::Dict(_)) => Ok(dict),
            _ => Err("unable to evaluate string as dictionary".to_owned()),
        };
    }
    if !text.contains('=') {
        return Err("dictionary requested, could not parse JSON or key=value".to_owned());
    }
    let fields = text.split([',', ' ']).map(str::trim).filter(|field| !field.is_empty());
    let pairs: Option<Dict> = fields
        .map(|field| field.split_once('=').map(|(key, value)| (Key::from(key), Value::from(value))))
        .collect();
    pairs.map(Value::Dict).ok_or_else(|| {
        "unable to evaluate string in the \"key=value, ...\" syntax as dictionary".to_owned()
    })
}

fn to_json_text(value: &Value) -> Result<Value, String> {
    match value {
        Value::Str(text) => Ok(Value::from(text.trim())),
        Value::List(_) | Value::Tuple(_) | Value::Dict(_) => {
            Ok(Value::from(to_json(value, Style::LINE)))
        }
        other => Err(format!("{} cannot be converted to a json string", class(other))),
    }
}

/// A number with a unit: `10`, `1.5M`, `4 Kb`.
fn to_size(value: &Value, wanted: &str) -> Result<Value, String> {
    let (word, unit) = if wanted == "bits" { ("Bit", "b") } else { ("Byte", "B") };
    let text = value.to_text();
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let suffix = suffix.trim();
    let prefixed = suffix.strip_suffix(unit).unwrap_or(suffix);
    let is_size = number.parse::<f64>().is_ok()
        && !matches!(value, Value::List(_) | Value::Dict(_))
        && (prefixed.is_empty()
            || prefixed.len() == 1 && "KMGTPEZY".contains(&prefixed.to_uppercase()));
    if is_size {
        Ok(value.clone())
    } else {
        Err(format!("{} cannot be converted to a {word} value", class(value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_numbers() {
        assert!(convert(&"10M".into(), "bytes").is_ok());
        assert!(convert(&"10Mb".into(), "bits").is_ok());
        assert!(convert(&"10XB".into(), "bytes").is_err());
        assert_eq!(convert(&"1.0".into(), "int"), Ok(Value::Int(1)));
        assert_eq!(
            convert(&"x".into(), "int"),
            Err("\"'x'\" cannot be converted to an int".to_owned())
        );
    }

    #[test]
    fn dicts() {
        let dict: Dict = [("a", "1".into()), ("b", "2".into())].into_iter().collect();
        assert_eq!(convert(&"a=1, b=2".into(), "dict"), Ok(Value::Dict(dict)));
        assert!(convert(&"a".into(), "dict").is_err());
    }
}
