//! An action's rendered arguments, taken one by one with the conversions that modules have.

use nafal_base::{Dict, Text, Value};

use crate::effect::Performed;

/// Arguments against the names that an action takes.
pub(crate) struct Arguments {
    args: Dict,
}

/// Python's reading of a bool in an argument.
pub(crate) fn to_bool(value: &Value) -> Option<bool> {
    value.to_bool()
}

/// A list of names, or one text with commas between them.
pub(crate) fn to_names(value: &Value) -> Vec<String> {
    match value {
        Value::List(names) => names.iter().map(|name| name.to_text().into_owned()).collect(),
        other => other.to_text().split(',').map(|name| name.trim().to_owned()).collect(),
    }
}

/// Refuses what isn't among the names that an action takes, in the words of actions without a specification.
pub(crate) fn refuse_others(action: &str, args: &Dict, known: &[&str]) -> Result<(), Performed> {
    let names = args.keys().filter_map(|key| key.as_str());
    let wrong: Vec<&str> = names.filter(|key| !known.contains(key)).collect();
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Performed::refused(&format!("Invalid options for {action}: {}", wrong.join(","))))
}

impl Arguments {
    /// The arguments, when all of them are in `supported` (`name` or `name(alias)`).
    pub(crate) fn check(
        action: &str,
        args: Dict,
        supported: &[&str],
    ) -> Result<Arguments, Performed> {
        let names: Vec<&str> = supported.iter().flat_map(|name| name.split(['(', ')'])).collect();
        let mut unknown: Vec<&str> =
            args.keys().filter_map(|key| key.as_str()).filter(|key| !names.contains(key)).collect();
        if unknown.is_empty() {
            return Ok(Arguments { args });
        }
        unknown.sort_unstable();
        let mut known = supported.to_vec();
        known.sort_unstable();
        let known: Vec<String> = known.iter().map(|name| name.replace('(', " (")).collect();
        Err(Performed::refused(&format!(
            "Unsupported parameters for ({action}) module: {}. Supported parameters include: {}.",
            unknown.join(", "),
            known.join(", "),
        )))
    }

    /// The arguments, whatever their names.
    pub(crate) fn unchecked(args: Dict) -> Arguments {
        Arguments { args }
    }

    /// An argument as it is.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.args.get(name).filter(|value| !value.is_none())
    }

    /// Whether it was given, as nothing even.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.args.contains(name)
    }

    /// The first of these names that is there.
    pub(crate) fn first(&self, names: &[&str]) -> Option<&Value> {
        names.iter().find_map(|name| self.get(name))
    }

    /// An argument as text.
    pub(crate) fn text(&self, name: &str) -> Option<Text> {
        self.get(name).map(|value| match value {
            Value::Str(text) => text.clone(),
            other => Text::new(other.to_text().into_owned()),
        })
    }

    /// An argument as a bool; what can't be one is refused with stock's words.
    pub(crate) fn flag(&self, name: &str, default: Flag) -> Result<bool, Performed> {
        let Some(value) = self.get(name) else { return Ok(default == Flag::On) };
        to_bool(value).ok_or_else(|| {
            Performed::refused(&format!(
                "argument '{name}' is of type {} and we were unable to convert to bool: The value '{}' is not a valid boolean.",
                value.type_name(),
                value.to_text(),
            ))
        })
    }

    /// Everything, to hand on.
    pub(crate) fn into_dict(self) -> Dict {
        self.args
    }
}

/// What a bool argument is when it isn't given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flag {
    /// True.
    On,
    /// False.
    Off,
}
