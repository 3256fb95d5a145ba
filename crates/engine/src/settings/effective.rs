//! What holds of every setting that stock knows, and where that is said: what `ansible-config dump`
//! shows. Must not know who asks, nor what a setting means.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use nafal_base::{Key, Value};
use nafal_templating::effects::{OptionFault, PluginOption};

use super::file::ConfigFile;
use super::known::{Known, known};
use super::options::PluginOptions;
use super::plugin_option;
use super::reader::{to_bool, whole, with_folder};
use crate::library::tidy;

/// A setting with what holds.
#[derive(Clone, Debug)]
pub struct EffectiveSetting {
    /// Its name; among settings an option of a plugin is `KIND.PLUGIN.OPTION`.
    pub name: String,
    /// Where that is said: `default`, `env: NAME`, a file.
    pub origin: String,
    /// What holds.
    pub value: Value,
}

/// What stock doesn't take for sources, as the defaults of two settings have it.
const REJECTED: &[&str] = &[".pyc", ".pyo", ".swp", ".bak", "~", ".rpm", ".md", ".txt", ".rst"];

/// What is wanted and said by nobody.
pub const REQUIRED: &str = "REQUIRED";

/// All settings in the order of their names.
pub fn effective(
    environment: &dyn Fn(&str) -> Option<String>,
    file: &ConfigFile,
) -> Vec<EffectiveSetting> {
    let sources = SettingSources::new(environment, file);
    known().map(|known| sources.setting(known)).collect()
}

/// What holds of the settings of no plugin, by their names. They are looked at when somebody first asks for one: most runs
/// never do, and every command would wait for all of them.
#[derive(Debug, Default)]
pub struct NamedSettings {
    file: ConfigFile,
    found: OnceLock<HashMap<&'static str, EffectiveSetting>>,
}

impl NamedSettings {
    /// Those of this file and the process's environment.
    pub(super) fn of_process(file: ConfigFile) -> NamedSettings {
        NamedSettings { file, found: OnceLock::new() }
    }

    /// The one of this name.
    pub fn get(&self, name: &str) -> Option<&EffectiveSetting> {
        let found = self.found.get_or_init(|| {
            let environment = |name: &str| std::env::var(name).ok();
            let sources = SettingSources::new(&environment, &self.file);
            base_settings().map(|known| (known.name, sources.setting(known))).collect()
        });
        found.get(name)
    }

    /// What variables say of the one of this name, and which of them.
    pub fn varied(
        &self,
        name: &str,
        variable: &dyn Fn(&str) -> Option<Value>,
    ) -> Result<Option<(Value, String)>, OptionFault> {
        let environment = |name: &str| std::env::var(name).ok();
        plugin_option::varied(&SettingSources::new(&environment, &self.file), name, variable)
    }

    /// A plugin's option as a task with these variables has it, and who says it.
    pub fn of_plugin(
        &self,
        asked: &PluginOption<'_>,
        variable: &dyn Fn(&str) -> Option<Value>,
    ) -> Result<(Value, String), OptionFault> {
        let environment = |name: &str| std::env::var(name).ok();
        let sources = SettingSources::new(&environment, &self.file);
        plugin_option::found(&sources, asked, variable)
    }
}

/// The settings of no plugin. Servers are none, but a list of their own.
fn base_settings() -> impl Iterator<Item = &'static Known> {
    known().filter(|known| !known.name.contains('.') && known.name != "GALAXY_SERVERS")
}

/// Who says what settings are: the environment and a file.
pub struct SettingSources<'a> {
    environment: &'a dyn Fn(&str) -> Option<String>,
    file: &'a ConfigFile,
    /// `home`, which defaults are below.
    home: String,
}

impl<'a> SettingSources<'a> {
    /// These two.
    pub fn new(
        environment: &'a dyn Fn(&str) -> Option<String>,
        file: &'a ConfigFile,
    ) -> SettingSources<'a> {
        let mut sources = SettingSources { environment, file, home: String::new() };
        let home = known().find(|known| known.name == "ANSIBLE_HOME");
        if let Some(home) = home.map(|home| sources.setting(home)) {
            sources.home = home.value.to_text().into_owned();
        }
        sources
    }

    /// What holds of the settings of no plugin, in the order of their names.
    pub fn base(&self) -> Vec<EffectiveSetting> {
        base_settings().map(|known| self.setting(known)).collect()
    }

    /// What holds of a plugin's options, in the order of their names.
    pub fn of_plugin(&self, plugin: &PluginOptions) -> Vec<EffectiveSetting> {
        if let Some(holds) = &plugin.holds {
            return holds.clone();
        }
        let mut names: Vec<&str> = plugin.options.keys().filter_map(Key::as_str).collect();
        names.sort_unstable();
        names.into_iter().map(|name| self.of_option(plugin, name)).collect()
    }

    /// What holds of one of a plugin's options.
    pub(super) fn of_option(&self, plugin: &PluginOptions, name: &str) -> EffectiveSetting {
        let field = |field: &str| match plugin.options.get(name) {
            Some(Value::Dict(told)) => told.get(field),
            _ => None,
        };
        let whole = format!("{}.{}.{name}", plugin.kind, plugin.name);
        let known = known().find(|known| known.name == whole);
        let default = field("default");
        let mut found = match known {
            Some(known) => self.setting(known),
            // Only variables and arguments say what it is.
            None => {
                let kind = field("type").map(|kind| kind.to_text());
                let default = default.map_or(Value::None, |value| self.rendered(value));
                let value = self.typed_default(kind.as_deref().unwrap_or("-"), default);
                EffectiveSetting { name: String::new(), origin: "default".to_owned(), value }
            }
        };
        found.name = name.to_owned();
        let required = matches!(field("required"), Some(Value::Bool(true)));
        if required && found.origin == "default" && default.is_none() {
            found.origin = REQUIRED.to_owned();
        }
        found
    }

    /// A default as it is without anybody's wish: those below `home` are.
    pub fn rendered(&self, default: &Value) -> Value {
        let Some(text) = default.as_str() else { return default.clone() };
        if let Some(own) = text.strip_prefix("{{ REJECT_EXTS + ['") {
            let own = own.trim_end_matches("'] }}").split("', '");
            let all = REJECTED.iter().copied().chain(own).map(Value::from);
            return Value::List(all.collect());
        }
        match text.strip_prefix("{{ ANSIBLE_HOME ~ \"") {
            Some(below) => Value::from(format!("{}{}", self.home, below.trim_end_matches("\" }}"))),
            None => default.clone(),
        }
    }

    fn setting(&self, known: &Known) -> EffectiveSetting {
        if known.name == "CONFIG_FILE" {
            let path = self.file.path.as_deref();
            let value = path.map_or(Value::None, |path| path.display().to_string().into());
            return EffectiveSetting { name: known.name.to_owned(), origin: String::new(), value };
        }
        let (origin, value) = match self.given(known) {
            Some((origin, text, base)) => (origin, self.typed(known.kind, &text, base.as_deref())),
            None => ("default".to_owned(), self.default_of(known)),
        };
        EffectiveSetting { name: known.name.to_owned(), origin, value }
    }

    /// What somebody says: where, what, and the folder that paths are relative to. The last of several
    /// names counts.
    pub(super) fn given(&self, known: &Known) -> Option<(String, String, Option<PathBuf>)> {
        let variables = known.variables.iter().rev();
        let mut said = variables.filter_map(|name| Some((name, (self.environment)(name)?)));
        if let Some((name, text)) = said.next() {
            return Some((format!("env: {name}"), text, None));
        }
        let text =
            known.keys.iter().rev().find_map(|(section, key)| self.file.get(section, key))?;
        let path = self.file.path.as_deref()?;
        let folder = path.parent().map(Path::to_owned);
        Some((path.display().to_string(), text.to_owned(), folder))
    }

    fn default_of(&self, known: &Known) -> Value {
        let default = serde_json::from_value(known.default()).unwrap_or(Value::None);
        self.typed_default(known.kind, self.rendered(&default))
    }

    fn typed_default(&self, kind: &str, default: Value) -> Value {
        match (kind, default.as_str()) {
            (_, Some(text)) => self.typed(kind, text, None),
            ("float", None) => match default {
                #[expect(clippy::cast_precision_loss, reason = "a float is what is asked for")]
                Value::Int(number) => Value::Float(number as f64),
                other => other,
            },
            ("str" | "string", None) if !default.is_none() => {
                Value::from(default.to_text().as_ref())
            }
            _ => default,
        }
    }

    fn typed(&self, kind: &str, text: &str, base: Option<&Path>) -> Value {
        let path = |text: &str| Value::from(self.path(text.trim(), base));
        match kind {
            "boolean" | "bool" => Value::Bool(to_bool(text).unwrap_or_default()),
            "integer" | "int" => whole(text).map_or_else(|| text.into(), Value::Int),
            "float" => text.trim().parse().map_or_else(|_| text.into(), Value::Float),
            "list" => Value::List(text.split(',').map(|one| Value::from(one.trim())).collect()),
            "path" | "tmppath" => path(text),
            "pathspec" => Value::List(text.split(':').map(path).collect()),
            "pathlist" => Value::List(text.split(',').map(path).collect()),
            _ => Value::from(text),
        }
    }

    /// A path as stock has it: whole, below the folder of its file or of the command.
    pub(super) fn path(&self, text: &str, base: Option<&Path>) -> String {
        let home = (self.environment)("HOME").unwrap_or_default();
        let text = &*with_folder(text);
        let text = match text.strip_prefix('~') {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("{home}{rest}"),
            _ => text.to_owned(),
        };
        let path = base.map_or_else(|| PathBuf::from(&text), |base| base.join(&text));
        let whole = std::path::absolute(&path).unwrap_or(path);
        tidy(&whole).display().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(variables: &[(&str, &str)], name: &str, expected: (&str, &str)) {
        let environment = |wanted: &str| {
            let found = variables.iter().find(|(own, _)| *own == wanted);
            found.map(|(_, value)| (*value).to_owned())
        };
        let all = effective(&environment, &ConfigFile::default());
        let found = all.iter().find(|setting| setting.name == name).unwrap();
        let value = found.value.to_text();
        assert_eq!((found.origin.as_str(), value.as_ref()), expected);
    }

    #[test]
    fn values_by_type() {
        check(&[], "DEFAULT_FORKS", ("default", "5"));
        let home = ("HOME", "/h");
        check(
            &[home],
            "DEFAULT_TEST_PLUGIN_PATH",
            ("default", "['/h/.ansible/plugins/test', '/usr/share/ansible/plugins/test']"),
        );
        check(&[("ANSIBLE_HOME", "/x")], "GALAXY_TOKEN_PATH", ("default", "/x/galaxy_token"));
        check(&[("ANSIBLE_NOCOWS", "maybe")], "ANSIBLE_NOCOWS", ("env: ANSIBLE_NOCOWS", "False"));
        check(&[("NO_COLOR", "1")], "ANSIBLE_NOCOLOR", ("env: NO_COLOR", "True"));
        check(
            &[("ANSIBLE_CALLBACKS_ENABLED", "b,a")],
            "CALLBACKS_ENABLED",
            ("env: ANSIBLE_CALLBACKS_ENABLED", "['b', 'a']"),
        );
        check(
            &[],
            "MODULE_IGNORE_EXTS",
            (
                "default",
                "['.pyc', '.pyo', '.swp', '.bak', '~', '.rpm', '.md', '.txt', '.rst', '.yaml', '.yml', '.ini']",
            ),
        );
        check(&[], "CONFIG_FILE", ("", "None"));
    }
}
