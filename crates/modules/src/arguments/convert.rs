//! What a value becomes when an argument wants another type. Must not know rules between
//! arguments.

use nafal_base::value::json::{Style, to_json};
use nafal_base::{Dict, Key, Value};

use super::sizes;
use crate::ctx::Ctx;
use crate::spec::{Argument, Kind};

/// The words for true.
pub const TRUE_WORDS: &[&str] = &["y", "yes", "on", "1", "true", "t"];
/// The words for false.
pub const FALSE_WORDS: &[&str] = &["n", "no", "off", "0", "false", "f"];

/// Converts an argument's value, and its items.
pub fn convert(argument: &Argument, value: &Value, ctx: &Ctx) -> Result<Value, String> {
    let converted = convert_one(argument.kind, value, ctx).map_err(|why| {
        failure(&format!("argument '{}'", argument.name), value, argument.kind, &why)
    })?;
    let Some(elements) = argument.elements else {
        return Ok(converted);
    };
    let Value::List(items) = &converted else {
        return Ok(converted);
    };
    let what = format!("Elements value for option '{}'", argument.name);
    items
        .iter()
        .map(|item| {
            convert_one(elements, item, ctx).map_err(|why| failure(&what, item, elements, &why))
        })
        .collect::<Result<_, _>>()
        .map(Value::List)
}

fn failure(what: &str, value: &Value, kind: Kind, why: &str) -> String {
    let (is, wanted) = (value.type_name(), kind.word());
    format!("{what} is of type {is} and we were unable to convert to {wanted}: {why}")
}

fn convert_one(kind: Kind, value: &Value, ctx: &Ctx) -> Result<Value, String> {
    match kind {
        Kind::Raw => Ok(value.clone()),
        Kind::Str => Ok(as_text(value)),
        Kind::Path => Ok(Value::from(ctx.expand(&plain_text(value)))),
        Kind::Bool => to_flag(value),
        Kind::Int => to_int(value),
        Kind::Float => to_float(value),
        Kind::List => to_list(value),
        Kind::Dict => to_dict(value),
        Kind::Json => Ok(match value {
            Value::Str(text) => Value::from(text.trim()),
            Value::List(_) | Value::Tuple(_) | Value::Dict(_) => {
                Value::from(to_json(value, Style::LINE))
            }
            other => as_text(other),
        }),
        Kind::Bytes | Kind::Bits => {
            let unit = if kind == Kind::Bits { sizes::Unit::Bit } else { sizes::Unit::Byte };
            sizes::parse(&value.to_text(), unit).map(Value::Int).ok_or_else(|| {
                let word = if kind == Kind::Bits { "Bit" } else { "Byte" };
                format!("<class '{}'> cannot be converted to a {word} value", value.type_name())
            })
        }
    }
}

fn to_flag(value: &Value) -> Result<Value, String> {
    if matches!(value, Value::None | Value::List(_) | Value::Tuple(_) | Value::Dict(_)) {
        return Err(format!("<class '{}'> cannot be converted to a bool", value.type_name()));
    }
    value.to_bool().map(Value::Bool).ok_or_else(|| {
        let words: Vec<String> = TRUE_WORDS
            .iter()
            .chain(FALSE_WORDS)
            .map(|word| format!("'{word}'"))
            .chain(["1".to_owned(), "0".to_owned()])
            .collect();
        format!(
            "The value '{}' is not a valid boolean. Valid booleans include: {}",
            value.to_text(),
            words.join(", ")
        )
    })
}

fn as_text(value: &Value) -> Value {
    match value {
        Value::Str(_) => value.clone(),
        other => Value::from(&*plain_text(other)),
    }
}

fn plain_text(value: &Value) -> std::borrow::Cow<'_, str> {
    if value.is_none() { "".into() } else { value.to_text() }
}

fn to_int(value: &Value) -> Result<Value, String> {
    let number = match value {
        Value::Int(_) | Value::Big(_) | Value::Bool(_) => return Ok(value.clone()),
        Value::Float(number) => whole(*number),
        Value::Str(text) => {
            let text = text.trim().replace('_', "");
            text.parse().ok().or_else(|| whole(text.parse().ok()?))
        }
        _ => None,
    };
    number
        .map(Value::Int)
        .ok_or_else(|| format!("\"{}\" cannot be converted to an int", value.repr()))
}

fn whole(number: f64) -> Option<i64> {
    let is_whole = number.fract() == 0.0 && number.abs() < 9.0e15;
    is_whole.then_some(number as i64)
}

fn to_float(value: &Value) -> Result<Value, String> {
    let number = match value {
        Value::Float(number) => Some(*number),
        Value::Int(number) => Some(*number as f64),
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        Value::Str(text) => text.trim().parse().ok(),
        _ => None,
    };
    number
        .map(Value::Float)
        .ok_or_else(|| format!("<class '{}'> cannot be converted to a float", value.type_name()))
}

fn to_list(value: &Value) -> Result<Value, String> {
    match value {
        Value::List(_) => Ok(value.clone()),
        Value::Tuple(items) => Ok(Value::List(items.clone())),
        Value::Str(text) => Ok(Value::from(text.split(',').collect::<Vec<_>>())),
        Value::Int(_) | Value::Big(_) | Value::Float(_) | Value::Bool(_) => {
            Ok(Value::from(vec![&*value.to_text()]))
        }
        other => Err(format!("<class '{}'> cannot be converted to a list", other.type_name())),
    }
}

fn to_dict(value: &Value) -> Result<Value, String> {
    let text = match value {
        Value::Dict(_) => return Ok(value.clone()),
        Value::Str(text) => text,
        other => {
            return Err(format!("<class '{}'> cannot be converted to a dict", other.type_name()));
        }
    };
    if text.starts_with('{') {
        return match serde_json::from_str::<Value>(text) {
            Ok(dict @ Value::Dict(_)) => Ok(dict),
            _ => Err("unable to evaluate string as dictionary".to_owned()),
        };
    }
    if text.contains('=') {
        return pairs(text).map(Value::Dict).ok_or_else(|| {
            "unable to evaluate string in the \"key=value, ...\" syntax as dictionary".to_owned()
        });
    }
    Err("dictionary requested, could not parse JSON or key=value".to_owned())
}

/// `a=1, b='2 3'`: pairs at commas or blanks, quotes and backslashes as a shell would have them.
fn pairs(text: &str) -> Option<Dict> {
    let mut fields = vec![String::new()];
    let mut quote = None;
    let mut escaped = false;
    for c in text.trim().chars() {
        let field = fields.last_mut()?;
        match c {
            _ if escaped => {
                field.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '\'' | '"' if quote.is_none() => quote = Some(c),
            c if quote == Some(c) => quote = None,
            ',' | ' ' if quote.is_none() => {
                if !field.is_empty() {
                    fields.push(String::new());
                }
            }
            c => field.push(c),
        }
    }
    fields
        .iter()
        .filter(|field| !field.is_empty())
        .map(|field| {
            let (key, value) = field.split_once('=')?;
            Some((Key::from(key), Value::from(value)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(to_int(&"12".into()), Ok(Value::Int(12)));
        assert_eq!(to_int(&"1.0".into()), Ok(Value::Int(1)));
        assert!(to_int(&1.5.into()).unwrap_err().starts_with("\"1.5\" cannot"));
        assert!(to_int(&"abc".into()).unwrap_err().starts_with("\"'abc'\" cannot"));
        assert_eq!(to_float(&"1.5".into()), Ok(Value::Float(1.5)));
    }

    #[test]
    fn containers() {
        assert_eq!(to_list(&"a,b".into()), Ok(Value::from(vec!["a", "b"])));
        assert_eq!(to_list(&3.into()), Ok(Value::from(vec!["3"])));
        let dict: Dict = [("a", "1".into()), ("b", "2 3".into())].into_iter().collect();
        assert_eq!(to_dict(&"a=1, b='2 3'".into()), Ok(Value::Dict(dict)));
        assert!(to_dict(&"{\"a\":1".into()).is_err() && to_dict(&"a".into()).is_err());
    }
}
