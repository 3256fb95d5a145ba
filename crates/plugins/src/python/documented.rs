//! All options of plugins that users bring, as their documentation says them, with what holds of each. Must not know who asks.

use std::cell::RefCell;
use std::path::Path;

use nafal_base::{Dict, EmptyScope, ObjectRef, Scope, Value};

use super::call::{PluginError, PythonPlugins, World, fault};
use super::codec::{Objects, from_wire};

/// Plugins of a kind, by their names.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// `lookup`.
    pub kind: &'a str,
    /// Their names; none for all that aren't ansible-core's own.
    pub names: &'a [String],
    /// The configuration file that says what holds, where it isn't the one that counts.
    pub file: Option<&'a Path>,
}

/// A plugin with its options.
#[derive(Clone, Debug)]
pub struct Documented {
    /// Its name.
    pub name: String,
    /// Options by name, as they are documented.
    pub options: Dict,
    /// What holds of each: its name, its value, who says it.
    pub holds: Vec<(String, Value, String)>,
}

/// Where there are no variables; keeps warnings.
#[derive(Default)]
struct Listening(RefCell<Vec<String>>);

impl World for Listening {
    fn scope(&self) -> &dyn Scope {
        &EmptyScope
    }

    fn render(&self, value: &Value, _: Option<&ObjectRef>) -> Result<Value, PluginError> {
        Ok(value.clone())
    }

    fn warn(&self, message: &str) {
        self.0.borrow_mut().push(message.to_owned());
    }
}

impl PythonPlugins {
    /// Those that are asked for, in their order, None for what there isn't; and what was warned of. Without an ansible-core there is none.
    pub fn documented(
        &self,
        asked: Asked<'_>,
    ) -> Result<(Vec<Option<Documented>>, Vec<String>), PluginError> {
        if self.finder.core().is_none() {
            return Ok((vec![None; asked.names.len()], Vec::new()));
        }
        let names: Vec<Value> = asked.names.iter().map(|name| Value::from(name.as_str())).collect();
        let file = asked.file.map(|file| Value::from(file.display().to_string()));
        let request: Dict = [
            ("do", Value::from("documented")),
            ("kind", Value::from(asked.kind)),
            ("names", Value::from(names)),
            ("file", file.unwrap_or_default()),
        ]
        .into_iter()
        .collect();
        let mut objects = Objects::default();
        let world = Listening::default();
        let said = self.told(Value::Dict(request), &mut objects, &world)?;
        let Some(found) = said.get("value").and_then(Value::as_list) else {
            return Err(fault(&said));
        };
        let found = found.iter().map(|plugin| read(plugin, &objects)).collect::<Result<_, _>>()?;
        Ok((found, world.0.into_inner()))
    }
}

fn read(plugin: &Value, objects: &Objects) -> Result<Option<Documented>, PluginError> {
    let Some(plugin) = plugin.as_dict() else { return Ok(None) };
    let text = |value: Option<&Value>| value.map(|value| value.to_text().into_owned());
    let options = from_wire(plugin.get("options").cloned().unwrap_or_default(), objects)?;
    let mut holds = Vec::new();
    for held in plugin.get("holds").and_then(Value::as_list).into_iter().flatten() {
        let mut held = held.as_list().into_iter().flatten();
        let (name, value, origin) = (held.next(), held.next(), held.next());
        let value = from_wire(value.cloned().unwrap_or_default(), objects)?;
        holds.push((text(name).unwrap_or_default(), value, text(origin).unwrap_or_default()));
    }
    let name = text(plugin.get("name")).unwrap_or_default();
    let options = options.as_dict().cloned().unwrap_or_default();
    Ok(Some(Documented { name, options, holds }))
}
