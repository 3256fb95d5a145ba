//! Options of plugins that users bring, as their documentation says them. Must not know who asks.

use nafal_base::{Dict, Value};

use super::call::{PluginError, PythonPlugins, World, fault};
use super::codec::{Objects, from_wire};

/// An option by the kind of its plugin, the plugin and its own name.
#[derive(Clone, Copy, Debug)]
pub struct ForeignOption<'a> {
    /// `lookup`.
    pub kind: &'a str,
    /// The plugin's name.
    pub plugin: &'a str,
    /// The option's name.
    pub name: &'a str,
}

/// What is known of an option.
#[derive(Clone, Debug)]
pub enum OptionFound {
    /// Its value, and who says it.
    Value(Value, String),
    /// There is no such plugin.
    NoPlugin,
    /// The plugin has no such option.
    NoOption,
}

impl PythonPlugins {
    /// An option as these variables, the environment, the file and the plugin's documentation say it. Without an ansible-core there
    /// is no plugin.
    pub fn option(
        &self,
        asked: ForeignOption<'_>,
        world: &dyn World,
    ) -> Result<OptionFound, PluginError> {
        if self.finder.core().is_none() {
            return Ok(OptionFound::NoPlugin);
        }
        let request: Dict = [
            ("do", Value::from("option")),
            ("kind", Value::from(asked.kind)),
            ("name", Value::from(asked.plugin)),
            ("option", Value::from(asked.name)),
        ]
        .into_iter()
        .collect();
        let mut objects = Objects::default();
        let said = self.told(Value::Dict(request), &mut objects, world)?;
        match said.get("missing").and_then(Value::as_str) {
            Some("plugin") => return Ok(OptionFound::NoPlugin),
            Some(_) => return Ok(OptionFound::NoOption),
            None => {}
        }
        let mut found = match said.get("value") {
            Some(Value::List(found)) => found.iter(),
            _ => return Err(fault(&said)),
        };
        let (value, origin) = (found.next().cloned().unwrap_or_default(), found.next());
        let origin = origin.map(|origin| origin.to_text().into_owned()).unwrap_or_default();
        Ok(OptionFound::Value(from_wire(value, &objects)?, origin))
    }
}
