//! What holds of every setting that stock knows, and where that is said: what `ansible-config dump`
//! shows. Must not know who asks, nor what a setting means.

use std::path::{Path, PathBuf};

use nafal_base::Value;

use super::file::ConfigFile;
use super::known::{Known, known};
use super::reader::to_bool;
use crate::library::tidy;

/// A setting with what holds.
#[derive(Clone, Debug)]
pub struct EffectiveSetting {
    /// Its name; an option of a plugin is `KIND.PLUGIN.OPTION`.
    pub name: &'static str,
    /// Where that is said: `default`, `env: NAME`, a file.
    pub origin: String,
    /// What holds.
    pub value: Value,
}

/// What stock doesn't take for sources, as the defaults of two settings have it.
const REJECTED: &[&str] = &[".pyc", ".pyo", ".swp", ".bak", "~", ".rpm", ".md", ".txt", ".rst"];

/// All settings in the order of their names.
pub fn effective(
    environment: &dyn Fn(&str) -> Option<String>,
    file: &ConfigFile,
) -> Vec<EffectiveSetting> {
    let mut sources = Sources { environment, file, home: String::new() };
    let home = known().find(|known| known.name == "ANSIBLE_HOME");
    if let Some(home) = home.map(|home| sources.setting(home)) {
        sources.home = home.value.to_text().into_owned();
    }
    known().map(|known| sources.setting(known)).collect()
}

struct Sources<'a> {
    environment: &'a dyn Fn(&str) -> Option<String>,
    file: &'a ConfigFile,
    /// `home`, which defaults are below.
    home: String,
}

impl Sources<'_> {
    fn setting(&self, known: &Known) -> EffectiveSetting {
        if known.name == "CONFIG_FILE" {
            let path = self.file.path.as_deref();
            let value = path.map_or(Value::None, |path| path.display().to_string().into());
            return EffectiveSetting { name: known.name, origin: String::new(), value };
        }
        let (origin, value) = match self.given(known) {
            Some((origin, text, base)) => (origin, self.typed(known.kind, &text, base.as_deref())),
            None => ("default".to_owned(), self.default_of(known)),
        };
        EffectiveSetting { name: known.name, origin, value }
    }

    /// What somebody says: where, what, and the folder that paths are relative to. The last of several
    /// names counts.
    fn given(&self, known: &Known) -> Option<(String, String, Option<PathBuf>)> {
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
        match &known.default() {
            serde_json::Value::String(text) => {
                if let Some(own) = text.strip_prefix("{{ REJECT_EXTS + ['") {
                    let own = own.trim_end_matches("'] }}").split("', '");
                    let all = REJECTED.iter().copied().chain(own).map(Value::from);
                    return Value::List(all.collect());
                }
                let below = text.strip_prefix("{{ ANSIBLE_HOME ~ \"");
                let text = match below {
                    Some(below) => format!("{}{}", self.home, below.trim_end_matches("\" }}")),
                    None => text.clone(),
                };
                self.typed(known.kind, &text, None)
            }
            other => serde_json::from_value(other.clone()).unwrap_or(Value::None),
        }
    }

    fn typed(&self, kind: &str, text: &str, base: Option<&Path>) -> Value {
        let path = |text: &str| Value::from(self.path(text.trim(), base));
        match kind {
            "boolean" | "bool" => Value::Bool(to_bool(text).unwrap_or_default()),
            "integer" | "int" => text.trim().parse().map_or_else(|_| text.into(), Value::Int),
            "float" => text.trim().parse().map_or_else(|_| text.into(), Value::Float),
            "list" => Value::List(text.split(',').map(|one| Value::from(one.trim())).collect()),
            "path" | "tmppath" => path(text),
            "pathspec" => Value::List(text.split(':').map(path).collect()),
            "pathlist" => Value::List(text.split(',').map(path).collect()),
            _ => Value::from(text),
        }
    }

    fn path(&self, text: &str, base: Option<&Path>) -> String {
        let home = (self.environment)("HOME").unwrap_or_default();
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
