//! Marks that JSON of stock's may have: `{"__ansible_unsafe": "x"}` is a text that is no template,
//! `{"__ansible_vault": "…"}` a closed vault. Which are understood is a profile. Must not know where JSON
//! comes from.

use super::{Dict, Text, Value};
use crate::span::Span;

const UNSAFE: &str = "__ansible_unsafe";
const VAULT: &str = "__ansible_vault";
const TYPE: &str = "__ansible_type";

/// How JSON is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Marks are refused.
    Tagless,
    /// What inventory scripts write, and `ansible-inventory --list`.
    InventoryLegacy,
}

impl Profile {
    /// The profile of this name, of those that are there.
    pub fn named(name: &str) -> Option<Profile> {
        [Profile::Tagless, Profile::InventoryLegacy].into_iter().find(|one| one.name() == name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Tagless => "tagless",
            Profile::InventoryLegacy => "inventory_legacy",
        }
    }
}

/// What becomes of the text of variables that has no mark.
#[derive(Clone, Copy, Debug)]
pub enum Trust<'a> {
    /// It stays what it is.
    Withheld,
    /// It is a template, written there.
    Given(Option<&'a Span>),
}

impl<'a> Trust<'a> {
    fn place(self) -> Option<&'a Span> {
        match self {
            Trust::Withheld => None,
            Trust::Given(place) => place,
        }
    }

    fn text(self, text: &Text) -> Value {
        match self {
            Trust::Withheld => Value::Str(text.clone()),
            Trust::Given(span) => Value::Str(Text::trusted(text.as_str(), span.cloned())),
        }
    }
}

/// The value without marks. The trust is for the variables of an inventory's hosts and groups alone:
/// nothing else that an inventory says is a template (case inventory-script).
pub fn read_marks(value: &Value, profile: Profile, trust: Trust<'_>) -> Result<Value, String> {
    let marks = Marks { profile, place: trust.place() };
    let Value::Dict(all) = value else { return marks.value(value, Trust::Withheld) };
    if marks.is_mark(all) {
        return marks.value(value, Trust::Withheld);
    }
    marks.entries(all, |name, group| match (name, group) {
        ("_meta", Value::Dict(meta)) => marks.inside(meta, "hostvars", trust),
        (_, Value::Dict(group)) if profile == Profile::InventoryLegacy => {
            marks.inside(group, "vars", trust)
        }
        (_, other) => marks.value(other, Trust::Withheld),
    })
}

/// One host's variables without marks.
pub fn read_variables(vars: &Dict, trust: Trust<'_>) -> Result<Dict, String> {
    let marks = Marks { profile: Profile::InventoryLegacy, place: trust.place() };
    vars.iter().map(|(key, value)| Ok((key.clone(), marks.value(value, trust)?))).collect()
}

struct Marks<'a> {
    profile: Profile,
    /// Where the JSON stands.
    place: Option<&'a Span>,
}

impl Marks<'_> {
    fn is_mark(&self, dict: &Dict) -> bool {
        [UNSAFE, VAULT, TYPE].iter().any(|key| dict.contains(key))
    }

    fn entries(
        &self,
        dict: &Dict,
        entry: impl Fn(&str, &Value) -> Result<Value, String>,
    ) -> Result<Value, String> {
        let all = dict
            .iter()
            .map(|(key, value)| Ok((key.clone(), entry(key.as_str().unwrap_or_default(), value)?)));
        all.collect::<Result<Dict, String>>().map(Value::Dict)
    }

    /// The trust is for what is below one key.
    fn inside(&self, dict: &Dict, key: &str, trust: Trust<'_>) -> Result<Value, String> {
        if self.is_mark(dict) {
            return self.mark(dict);
        }
        self.entries(dict, |name, value| {
            self.value(value, if name == key { trust } else { Trust::Withheld })
        })
    }

    fn value(&self, value: &Value, trust: Trust<'_>) -> Result<Value, String> {
        match value {
            Value::Str(text) => Ok(trust.text(text)),
            Value::List(items) => {
                let items = items.iter().map(|item| self.value(item, trust));
                items.collect::<Result<Vec<_>, _>>().map(Value::from)
            }
            Value::Dict(dict) if self.is_mark(dict) => self.mark(dict),
            Value::Dict(dict) => {
                let entries =
                    dict.iter().map(|(key, value)| Ok((key.clone(), self.value(value, trust)?)));
                let dict = entries.collect::<Result<Dict, String>>()?;
                Ok(Value::Dict(match trust {
                    Trust::Given(Some(span)) => dict.placed(Some(span.clone())),
                    _ => dict,
                }))
            }
            other => Ok(other.clone()),
        }
    }

    fn span(&self) -> Span {
        let unknown = || Span::whole(&crate::Source::new("<unknown>", ""));
        self.place.cloned().unwrap_or_else(unknown)
    }

    /// What a mark stands for.
    fn mark(&self, dict: &Dict) -> Result<Value, String> {
        let refused = |kind: &str| {
            let profile = self.profile.name();
            Err(format!(
                "Object of type '{kind}' is not JSON deserializable by the '{profile}' profile."
            ))
        };
        for kind in [UNSAFE, VAULT] {
            match (dict.get(kind), self.profile) {
                (None, _) => {}
                (Some(_), Profile::Tagless) => return refused(kind),
                (Some(Value::Str(text)), Profile::InventoryLegacy) => {
                    return Ok(Value::Str(match kind {
                        UNSAFE => Text::new(text.as_str()),
                        _ => Text::vaulted(text.as_str(), self.span()),
                    }));
                }
                (Some(other), Profile::InventoryLegacy) => {
                    let class = other.type_name();
                    return Err(format!("{kind} is <class '{class}'> not <class 'str'>"));
                }
            }
        }
        refused(&dict.get(TYPE).unwrap_or(&Value::None).to_text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::json_read::read;

    fn marks(json: &str, profile: Profile) -> Result<Value, String> {
        read_marks(&read(json).unwrap(), profile, Trust::Given(None))
    }

    #[test]
    fn variables_alone_are_templates() {
        let all = marks(
            r#"{"g": {"hosts": ["h"], "vars": {"a": "{{ 1 }}", "b": {"__ansible_unsafe": "{{ 2 }}"}}},
                "_meta": {"hostvars": {"h": {"c": "{{ 3 }}"}}}}"#,
            Profile::InventoryLegacy,
        );
        let all = all.unwrap();
        let at = |path: &[&str]| {
            path.iter().fold(all.clone(), |value, key| {
                value.as_dict().and_then(|dict| dict.get(key)).cloned().unwrap()
            })
        };
        let is_template = |value: Value| matches!(value, Value::Str(text) if text.is_template());
        assert!(is_template(at(&["g", "vars", "a"])));
        assert!(is_template(at(&["_meta", "hostvars", "h", "c"])));
        assert_eq!(at(&["g", "vars", "b"]), Value::from("{{ 2 }}"));
        assert!(!is_template(at(&["g", "vars", "b"])));
        assert_eq!(at(&["g", "hosts"]), Value::from(vec!["h"]));
    }

    #[test]
    fn marks_that_are_refused() {
        let json = r#"{"a": {"__ansible_vault": "x"}}"#;
        let wrong =
            "Object of type '__ansible_vault' is not JSON deserializable by the 'tagless' profile.";
        assert_eq!(marks(json, Profile::Tagless).unwrap_err(), wrong);
        let vault = marks(json, Profile::InventoryLegacy).unwrap();
        let vault = vault.as_dict().and_then(|dict| dict.get("a")).cloned();
        assert!(matches!(vault, Some(Value::Str(text)) if text.is_vault()));
        let wrong = marks(r#"{"a": [{"__ansible_unsafe": 1}]}"#, Profile::InventoryLegacy);
        assert_eq!(wrong.unwrap_err(), "__ansible_unsafe is <class 'int'> not <class 'str'>");
    }
}
