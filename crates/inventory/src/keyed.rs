//! What groups that are named after values are called.

use nafal_base::{Dict, Value};

use crate::structured::class;

/// Letters, digits and underscores, no digit first: anything else is an underscore.
pub(crate) fn safe_name(name: &str) -> String {
    let safe = |(at, letter): (usize, char)| {
        let fits = letter.is_alphanumeric() || letter == '_';
        let fits = fits && (at > 0 || !letter.is_numeric());
        if fits { letter } else { '_' }
    };
    name.chars().enumerate().map(safe).collect()
}

/// What stands for a part of a name that is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Empty {
    /// Nothing.
    Kept,
    /// This.
    Default(String),
    /// Nothing, and no separator before it.
    Trimmed,
}

/// A text without a letter, or None.
fn is_empty(value: &Value) -> bool {
    value.is_none() || value.as_str() == Some("")
}

/// An entry of `keyed_groups`.
#[derive(Clone, Debug)]
pub(crate) struct Keyed {
    prefix: String,
    separator: String,
    empty: Empty,
}

impl Keyed {
    pub fn new(entry: &Dict) -> Result<Keyed, String> {
        let given = |name: &str| entry.get(name).filter(|value| !value.is_none());
        let text = |name: &str| given(name).map(|value| value.to_text().into_owned());
        let empty = match (text("default_value"), given("trailing_separator")) {
            (Some(_), Some(_)) => {
                return Err("parameters are mutually exclusive for keyed groups: \
                            default_value|trailing_separator"
                    .to_owned());
            }
            (Some(default), None) => Empty::Default(default),
            (None, Some(Value::Bool(false))) => Empty::Trimmed,
            (None, _) => Empty::Kept,
        };
        Ok(Keyed {
            prefix: text("prefix").unwrap_or_default(),
            separator: text("separator").unwrap_or_else(|| "_".to_owned()),
            empty,
        })
    }

    /// The names that a value gives, without their prefix; None for one that gives none by mistake.
    pub fn names(&self, key: &Value) -> Result<Option<Vec<String>>, String> {
        let or_default = |value: &Value| match &self.empty {
            Empty::Default(default) if is_empty(value) => default.clone(),
            _ => value.to_text().into_owned(),
        };
        match key {
            Value::List(items) | Value::Tuple(items) => {
                Ok(Some(items.iter().map(or_default).collect()))
            }
            Value::Dict(entries) => {
                let name = |(key, value): (&nafal_base::Key, &Value)| {
                    self.pair(&key.value().to_text(), value)
                };
                Ok(Some(entries.iter().map(name).collect()))
            }
            Value::Str(text) if !text.is_empty() => Ok(Some(vec![text.to_string()])),
            empty if !empty.is_true() => match (&self.empty, empty) {
                (Empty::Default(default), Value::Str(_) | Value::None) => {
                    Ok(Some(vec![default.clone()]))
                }
                _ => Ok(None),
            },
            other => Err(format!(
                "Invalid group name format, expected a string or a list of them or dictionary, \
                 got: {}",
                class(other)
            )),
        }
    }

    fn pair(&self, key: &str, value: &Value) -> String {
        match &self.empty {
            Empty::Default(default) if is_empty(value) => {
                format!("{key}{}{default}", self.separator)
            }
            Empty::Trimmed if is_empty(value) => key.to_owned(),
            _ => format!("{key}{}{}", self.separator, value.to_text()),
        }
    }

    /// The name of the group.
    pub fn group(&self, bare: &str, leading_separator: bool) -> String {
        let separator = match (self.prefix.is_empty(), leading_separator) {
            (true, false) => "",
            _ => self.separator.as_str(),
        };
        safe_name(&format!("{}{separator}{bare}", self.prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(entry: &[(&str, &str)], key: Value, expected: &[&str]) {
        let entry = entry.iter().map(|(key, value)| (*key, Value::from(*value))).collect();
        let keyed = Keyed::new(&entry).unwrap();
        let names = keyed.names(&key).unwrap().unwrap_or_default();
        let names: Vec<_> = names.iter().map(|bare| keyed.group(bare, true)).collect();
        assert_eq!(names, expected);
    }

    #[test]
    fn names_of_groups() {
        check(&[], Value::from("a b"), &["_a_b"]);
        check(&[("prefix", "p")], Value::from("1"), &["p_1"]);
        check(&[("prefix", "p"), ("default_value", "d")], Value::from(""), &["p_d"]);
        check(&[("prefix", "p")], Value::from(""), &[]);
        let dict: Dict = [("env", Value::from("")), ("x", Value::from("y"))].into_iter().collect();
        check(&[("prefix", "p")], Value::Dict(dict.clone()), &["p_env_", "p_x_y"]);
        check(&[("prefix", "p"), ("default_value", "d")], Value::Dict(dict), &["p_env_d", "p_x_y"]);
        assert_eq!(safe_name("1-é"), "__é");
    }
}
