//! The plugin `generator`: a host for each combination of the values of its layers, in groups that
//! are named after them.

use std::sync::Arc;

use nafal_base::{Dict, Value};

use crate::error::Error;
use crate::source::Loader;
use crate::structured::{class, items, python_class};
use crate::surroundings::Templates;

/// Reads a configuration. Stock tells what is wrong with one as Python does (case
/// bad-inventory-generator).
pub(crate) fn read(source: &Arc<str>, config: &Dict, loader: &mut Loader) -> Result<(), Error> {
    let templates = loader.templates()?;
    let part = |name: &str| config.get(name).ok_or_else(|| Error::source(format!("'{name}'")));
    let (hosts, layers) = (part("hosts"), part("layers"));
    let layers = combinations(layers?)?;
    let hosts = match hosts? {
        Value::Dict(hosts) => hosts,
        Value::List(_) => {
            return Err(Error::source("list indices must be integers or slices, not str"));
        }
        other => {
            let class = python_class(other);
            return Err(Error::source(format!("'{class}' object is not subscriptable")));
        }
    };
    let extra = loader.options.plugins.extra_of_generator(config);
    for own in layers {
        // What the layers say wins, whatever stock's documentation says.
        let mut vars = extra.clone();
        loader.data.rules.hashes.lay_over(&mut vars, &own);
        let name = hosts.get("name").ok_or_else(|| Error::source("'name'"))?;
        let mut making = Making { loader, templates: &*templates, vars: &vars };
        let name = making.name("host", name)?;
        making.loader.data.ensure_host(&name, Some(source));
        making.parents(&name, hosts)?;
    }
    Ok(())
}

/// One value of each layer, the last layer the fastest.
fn combinations(layers: &Value) -> Result<Vec<Dict>, Error> {
    let Value::Dict(layers) = layers else {
        let class = python_class(layers);
        return Err(Error::source(format!("'{class}' object has no attribute 'values'")));
    };
    let mut all = vec![Dict::new()];
    for (name, values) in layers {
        let values = items(values)?;
        let with = |one: &Dict, value: &Value| {
            let mut one = one.clone();
            one.insert(name.clone(), value.clone());
            one
        };
        all = all.iter().flat_map(|one| values.iter().map(move |value| with(one, value))).collect();
    }
    Ok(all)
}

struct Making<'a, 'b> {
    loader: &'a mut Loader<'b>,
    templates: &'a dyn Templates,
    vars: &'a Dict,
}

impl Making<'_, '_> {
    /// Only texts are templates here: what is in lists and dicts stays for later.
    fn render(&self, value: &Value) -> Result<Value, Error> {
        if !matches!(value, Value::Str(_)) {
            return Ok(value.clone());
        }
        let rendered = self.templates.render(value, self.vars);
        rendered.map_err(|diagnostic| Error::Variables(Box::new(diagnostic)))
    }

    fn name(&self, what: &str, written: &Value) -> Result<String, Error> {
        match self.render(written)? {
            Value::Str(name) => Ok(name.to_string()),
            other => Err(Error::source(format!(
                "Invalid {what} name supplied, expected a string but got {} for {}",
                class(&other),
                other.to_text()
            ))),
        }
    }

    /// Puts a host or group below its parents, and those below theirs.
    fn parents(&mut self, child: &str, element: &Dict) -> Result<(), Error> {
        for parent in element.get("parents").map(items).transpose()?.unwrap_or_default() {
            let Value::Dict(parent) = parent else {
                let class = python_class(&parent);
                return Err(Error::source(format!("'{class}' object has no attribute 'get'")));
            };
            let Some(name) = parent.get("name") else {
                let message = format!("Element {child} has a parent with no name.");
                return Err(Error::source(message));
            };
            let name = self.name("group", name)?;
            let group = self.loader.data.ensure_group(&name);
            if let Some(Value::Dict(vars)) = parent.get("vars") {
                for (key, value) in vars {
                    let value = self.render(value)?;
                    self.loader.data.set_group_variable(group, key.clone(), value);
                }
            }
            // A group that is named as the host is taken for it.
            let data = &mut self.loader.data;
            match (data.group_id(child), data.host_id(child)) {
                (Some(child), _) => data.add_child(group, child).map(drop)?,
                (None, Some(host)) => drop(data.add_host_to(group, host)),
                (None, None) => {}
            }
            self.parents(&name, &parent)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_layer_is_the_fastest() {
        let list =
            |items: &[&str]| Value::List(items.iter().map(|item| Value::from(*item)).collect());
        let layers = [("a", list(&["1", "2"])), ("b", Value::from("xy"))];
        let all = combinations(&Value::Dict(layers.into_iter().collect())).unwrap();
        let all: Vec<_> = all.into_iter().map(|one| Value::Dict(one).repr()).collect();
        assert_eq!(
            all,
            [
                "{'a': '1', 'b': 'x'}",
                "{'a': '1', 'b': 'y'}",
                "{'a': '2', 'b': 'x'}",
                "{'a': '2', 'b': 'y'}"
            ]
        );
        let bad = Value::Dict([("a", Value::from(1))].into_iter().collect());
        let error = combinations(&bad).unwrap_err().to_string();
        assert_eq!(error, "'_AnsibleTaggedInt' object is not iterable");
    }
}
