//! The walk over a spec and the arguments, level by level.

use nafal_base::{Dict, List, Value};

use super::{convert, rules};
use crate::arguments::to_bool;

/// Everything that is wrong with these arguments.
pub(crate) fn faults(spec: &Dict, given: &Dict) -> Vec<String> {
    let mut check = Check::default();
    check.items(spec, given);
    check.level(spec, given.clone(), &Dict::new(), &[]);
    check.finish()
}

#[derive(Default)]
struct Check {
    faults: Vec<String>,
    /// Names that no level knows, with what the first such level supports.
    unknown: Vec<String>,
    supported: Option<String>,
}

fn own<'a>(option: &'a Value, key: &str) -> Option<&'a Value> {
    option.as_dict()?.get(key).filter(|value| !value.is_none())
}

fn is_set(option: &Value, key: &str) -> bool {
    own(option, key).and_then(to_bool).unwrap_or(false)
}

fn aliases(option: &Value) -> Vec<String> {
    own(option, "aliases")
        .and_then(Value::as_list)
        .map(|list| list.iter().map(|alias| alias.to_text().into_owned()).collect())
        .unwrap_or_default()
}

fn found_in(path: &[String]) -> String {
    if path.is_empty() { String::new() } else { format!(" found in {}", path.join(" -> ")) }
}

impl Check {
    fn finish(mut self) -> Vec<String> {
        if !self.unknown.is_empty() {
            self.unknown.sort();
            let supported = self.supported.unwrap_or_default();
            self.faults.push(format!(
                "{}. Supported parameters include: {supported}.",
                self.unknown.join(", ")
            ));
        }
        self.faults
    }

    /// Items of lists that have options of their own must be dicts: told before all else.
    fn items(&mut self, spec: &Dict, given: &Dict) {
        for (name, option) in spec {
            let name = name.value().to_text();
            let elements = own(option, "elements").and_then(Value::as_str);
            if own(option, "options").is_none() || elements != Some("dict") {
                continue;
            }
            let Some(Value::List(items)) = given.get(&name) else { continue };
            for item in items.iter().filter(|item| matches!(item, Value::Int(_))) {
                self.faults.push(format!(
                    "Value '{}' in the sub parameter field '{name}' must be a list, not '_AnsibleTaggedInt'",
                    item.to_text()
                ));
            }
        }
    }

    /// One level: the arguments of a role, or of a dict inside.
    fn level(&mut self, spec: &Dict, mut given: Dict, rules: &Dict, path: &[String]) {
        let place = found_in(path);
        self.names(spec, &mut given, path);
        let exclusive = rules::exclusive(rules, &given);
        self.faults.extend(exclusive.map(|fault| fault + &place));
        self.defaults(spec, &mut given);
        self.required(spec, &given, &place);
        for (name, option) in spec {
            self.convert(&name.value().to_text(), option, &mut given, path);
        }
        for (name, option) in spec {
            self.choices(&name.value().to_text(), option, &given, &place);
        }
        for fault in rules::others(rules, &given) {
            self.faults.push(fault + &place);
        }
        for (name, option) in spec {
            self.inside(&name.value().to_text(), option, &given, path);
        }
    }

    /// Aliases become names; names that nobody knows are noted.
    fn names(&mut self, spec: &Dict, given: &mut Dict, path: &[String]) {
        for (name, option) in spec {
            let name = name.value().to_text();
            if is_set(option, "required") && own(option, "default").is_some() {
                self.faults.push(format!(
                    "internal error: required and default are mutually exclusive for {name}"
                ));
            }
            for alias in aliases(option) {
                if let Some(value) = given.remove(&alias) {
                    given.insert(&*name, value);
                }
            }
        }
        let unknown: Vec<String> = given
            .keys()
            .map(|key| key.value().to_text().into_owned())
            .filter(|key| !spec.contains(key))
            .collect();
        if unknown.is_empty() {
            return;
        }
        let prefix: String = path.iter().map(|name| format!("{name}.")).collect();
        self.unknown.extend(unknown.iter().map(|name| format!("{prefix}{name}")));
        if self.supported.is_none() || !path.is_empty() {
            self.supported = Some(supported(spec));
        }
    }

    fn defaults(&mut self, spec: &Dict, given: &mut Dict) {
        for (name, option) in spec {
            let text = name.value().to_text();
            if let Some(default) = own(option, "default")
                && !given.contains(&text)
            {
                given.insert(name.clone(), default.clone());
            }
        }
    }

    fn required(&mut self, spec: &Dict, given: &Dict, place: &str) {
        let mut missing: Vec<String> = spec
            .iter()
            .filter(|(_, option)| is_set(option, "required"))
            .map(|(name, _)| name.value().to_text().into_owned())
            .filter(|name| !given.contains(name))
            .collect();
        if !missing.is_empty() {
            missing.sort_unstable();
            let missing = missing.join(", ");
            self.faults.push(format!("missing required arguments: {missing}{place}"));
        }
    }

    fn convert(&mut self, name: &str, option: &Value, given: &mut Dict, path: &[String]) {
        // Stock converts a None, too, where a value or a default is expected.
        let is_optional = !is_set(option, "required") && own(option, "default").is_none();
        let Some(value) = given.get(name).filter(|value| !(value.is_none() && is_optional)) else {
            return;
        };
        let value = value.clone();
        let wanted = own(option, "type").map_or("str".into(), Value::to_text);
        match convert::convert(&value, &wanted) {
            Ok(converted) => {
                let converted = match (own(option, "elements"), converted) {
                    (Some(elements), Value::List(items)) => {
                        Value::List(self.elements(name, &elements.to_text(), &items, path))
                    }
                    (_, converted) => converted,
                };
                given.insert(name, converted);
            }
            Err(why) => {
                let is = value.type_name();
                let place = if path.is_empty() {
                    String::new()
                } else {
                    format!(" found in '{}'.", path.join(" -> "))
                };
                self.faults.push(format!(
                    "argument '{name}' is of type {is}{place} and we were unable to convert to {wanted}: {why}"
                ));
            }
        }
    }

    fn elements(&mut self, name: &str, wanted: &str, items: &List, path: &[String]) -> List {
        let place = if path.is_empty() {
            String::new()
        } else {
            format!(" found in '{}'", path.join(" -> "))
        };
        let mut converted = List::new();
        for item in items {
            match convert::convert(item, wanted) {
                Ok(item) => converted.push(item),
                Err(why) => self.faults.push(format!(
                    "Elements value for option '{name}'{place} is of type {} and we were unable to convert to {wanted}: {why}",
                    item.type_name()
                )),
            }
        }
        converted
    }

    fn choices(&mut self, name: &str, option: &Value, given: &Dict, place: &str) {
        let Some(choices) = own(option, "choices") else { return };
        let Some(value) = given.get(name) else { return };
        let Value::List(choices) = choices else {
            self.faults.push(format!(
                "internal error: choices for argument {name} are not iterable: {}{place}",
                choices.to_text()
            ));
            return;
        };
        let known = |value: &Value| {
            choices.iter().any(|choice| {
                // `yes` in a list of choices is a bool, and the argument a text by now.
                choice == value || choice.as_bool().is_some() && choice.to_text() == value.to_text()
            })
        };
        let texts = |values: Vec<&Value>| {
            values.iter().map(|value| value.to_text()).collect::<Vec<_>>().join(", ")
        };
        let all = texts(choices.iter().collect());
        if let Value::List(items) = value {
            let wrong: Vec<&Value> = items.iter().filter(|item| !known(item)).collect();
            if !wrong.is_empty() {
                let wrong = texts(wrong);
                self.faults.push(format!(
                    "value of {name} must be one or more of: {all}. Got no match for: {wrong}{place}"
                ));
            }
        } else if !known(value) {
            let got = value.to_text();
            self.faults.push(format!("value of {name} must be one of: {all}, got: {got}{place}"));
        }
    }

    /// The options of a dict, or of each dict in a list.
    fn inside(&mut self, name: &str, option: &Value, given: &Dict, path: &[String]) {
        let Some(rules) = option.as_dict() else { return };
        let Some(Value::Dict(spec)) = own(option, "options") else { return };
        let wanted = own(option, "type").map(Value::to_text);
        let elements = own(option, "elements").map(Value::to_text);
        let is_dict = wanted.as_deref() == Some("dict");
        let is_list = wanted.as_deref() == Some("list") && elements.as_deref() == Some("dict");
        if !is_dict && !is_list {
            return;
        }
        let empty = Value::Dict(Dict::new());
        let value = match given.get(name).filter(|value| !value.is_none()) {
            Some(value) => value,
            None if is_set(option, "apply_defaults") => &empty,
            None => return,
        };
        let mut inner = path.to_vec();
        inner.push(name.to_owned());
        let items: Vec<&Value> = match value {
            Value::List(items) => items.iter().collect(),
            other => vec![other],
        };
        for item in items {
            if let Ok(Value::Dict(dict)) = convert::to_dict(item) {
                self.level(spec, dict, rules, &inner);
            }
        }
    }
}

/// The names that a level knows, with all aliases behind the last of them, as stock lists them.
fn supported(spec: &Dict) -> String {
    let mut names: Vec<String> =
        spec.keys().map(|key| key.value().to_text().into_owned()).collect();
    names.sort();
    let mut all: Vec<String> = spec.values().flat_map(aliases).collect();
    all.sort();
    if all.is_empty() {
        names.join(", ")
    } else {
        format!("{} ({})", names.join(", "), all.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dict(entries: &[(&str, Value)]) -> Dict {
        entries.iter().map(|(key, value)| (*key, value.clone())).collect()
    }

    #[test]
    fn nested_faults_in_order() {
        let inner = dict(&[("c", Value::Dict(dict(&[("type", "int".into())])))]);
        let spec = dict(&[
            ("a", Value::Dict(dict(&[("type", "dict".into()), ("options", Value::Dict(inner))]))),
            ("b", Value::Dict(dict(&[("required", true.into())]))),
        ]);
        let given = dict(&[("a", Value::Dict(dict(&[("c", "x".into()), ("d", 1.into())])))]);
        assert_eq!(
            faults(&spec, &given),
            [
                "missing required arguments: b",
                "argument 'c' is of type str found in 'a'. and we were unable to convert to int: \"'x'\" cannot be converted to an int",
                "a.d. Supported parameters include: c.",
            ]
        );
    }
}
