//! Arguments after the check, read by type. Must not know how they were converted.

use nafal_base::{Dict, Value};

/// Checked arguments: every argument of the spec under its own name (aliases are resolved), with
/// its default or None where nothing was given.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    pub(super) values: Dict,
    pub(super) given: Vec<&'static str>,
    /// Other names that the task used, and what they were given.
    pub(super) aliases: Vec<(&'static str, Value)>,
}

impl Arguments {
    /// Whether the task gave it (a default doesn't count).
    pub fn is_given(&self, name: &str) -> bool {
        self.given.contains(&name)
    }

    /// The value; None when there is none or it is Python's None.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values.get(name).filter(|value| !value.is_none())
    }

    /// Text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name).and_then(Value::as_str)
    }

    /// Text that the spec requires or gives a default; empty when a task gave None.
    pub fn required_text(&self, name: &str) -> &str {
        self.text(name).unwrap_or_default()
    }

    /// A boolean; false when there is none.
    pub fn is(&self, name: &str) -> bool {
        self.flag(name).unwrap_or(false)
    }

    /// A boolean.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.value(name).and_then(Value::as_bool)
    }

    /// A whole number.
    pub fn int(&self, name: &str) -> Option<i64> {
        self.value(name).and_then(Value::as_int)
    }

    /// A number.
    pub fn float(&self, name: &str) -> Option<f64> {
        match self.value(name)? {
            Value::Float(number) => Some(*number),
            Value::Int(number) => Some(*number as f64),
            _ => None,
        }
    }

    /// The items of a list; none when there is no list.
    pub fn list(&self, name: &str) -> &[Value] {
        self.value(name).and_then(Value::as_list).map(|items| &**items).unwrap_or_default()
    }

    /// The texts of a list.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        self.list(name).iter().filter_map(Value::as_str).collect()
    }

    /// A dict.
    pub fn dict(&self, name: &str) -> Option<&Dict> {
        self.value(name).and_then(Value::as_dict)
    }

    /// All of them and the aliases that were used, as modules see them that hand back what they got.
    pub fn with_aliases(&self) -> Dict {
        let mut all = self.values.clone();
        for (alias, value) in &self.aliases {
            all.insert(*alias, value.clone());
        }
        all
    }

    /// All of them, as `invocation.module_args` shows them.
    pub fn all(&self) -> &Dict {
        &self.values
    }
}
