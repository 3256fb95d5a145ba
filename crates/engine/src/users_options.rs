//! Options of plugins that users bring: those that `ansible-config` tells beside stock's own. Must not know how they are shown.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nafal_actions::Finder;
use nafal_base::{Diagnostic, Value};
use nafal_plugins::{Asked, Documented, Places, PythonPlugins};

use crate::error::Error;
use crate::settings::{EffectiveSetting, PluginOptions, Settings};

/// Where the plugins of a kind are; the shells' have no setting.
const FOLDERS: [(&str, &str); 10] = [
    ("BECOME", "BECOME_PLUGIN_PATH"),
    ("CACHE", "DEFAULT_CACHE_PLUGIN_PATH"),
    ("CALLBACK", "DEFAULT_CALLBACK_PLUGIN_PATH"),
    ("CLICONF", "DEFAULT_CLICONF_PLUGIN_PATH"),
    ("CONNECTION", "DEFAULT_CONNECTION_PLUGIN_PATH"),
    ("HTTPAPI", "DEFAULT_HTTPAPI_PLUGIN_PATH"),
    ("INVENTORY", "DEFAULT_INVENTORY_PLUGIN_PATH"),
    ("LOOKUP", "DEFAULT_LOOKUP_PLUGIN_PATH"),
    ("NETCONF", "DEFAULT_NETCONF_PLUGIN_PATH"),
    ("VARS", "DEFAULT_VARS_PLUGIN_PATH"),
];

/// The plugins of these settings. Python is only asked when there may be one.
#[derive(Debug)]
pub struct UsersOptions<'a> {
    settings: &'a Settings,
    /// What says which values hold.
    file: Option<PathBuf>,
    python: PythonPlugins,
}

/// Options of plugins, and what was warned of on the way.
pub type Found<T> = (Vec<T>, Vec<Diagnostic>);

impl<'a> UsersOptions<'a> {
    /// With the values that this file says.
    pub fn new(settings: &'a Settings, file: Option<&Path>) -> UsersOptions<'a> {
        let collections = settings.collections_path.clone();
        let finder = Finder::without_playbook(Places { collections, ..Places::default() });
        let file = file.map(Path::to_owned);
        UsersOptions { settings, file, python: PythonPlugins::new(Arc::new(finder)) }
    }

    /// Those of these names, in this order; None for what there isn't. `kind` is `LOOKUP`.
    pub fn named(
        &self,
        kind: &'static str,
        names: &[String],
    ) -> Result<Found<Option<PluginOptions>>, Error> {
        if names.is_empty() {
            return Ok(Found::default());
        }
        self.asked(kind, names)
    }

    /// All of a kind that users bring in the folders for them.
    pub fn all(&self, kind: &'static str) -> Result<Found<PluginOptions>, Error> {
        if !self.has_files(kind) {
            return Ok(Found::default());
        }
        let (found, warnings) = self.asked(kind, &[])?;
        Ok((found.into_iter().flatten().collect(), warnings))
    }

    fn asked(
        &self,
        kind: &'static str,
        names: &[String],
    ) -> Result<Found<Option<PluginOptions>>, Error> {
        let lower = kind.to_lowercase();
        let asked = Asked { kind: &lower, names, file: self.file.as_deref() };
        let (found, warnings) = self.python.documented(asked).map_err(|error| {
            let message =
                format!("Unexpected Exception, this is probably a bug: {}", error.message);
            Error::load(Diagnostic::error(message), 250)
        })?;
        let found = found.into_iter().map(|plugin| plugin.map(|plugin| options(kind, plugin)));
        Ok((found.collect(), warnings.into_iter().map(Diagnostic::warning).collect()))
    }

    /// Whether a folder for plugins of this kind has a file of this name: it stands before stock's own.
    pub fn has(&self, kind: &str, name: &str) -> bool {
        self.has_file(kind, |path| path.file_stem() == Some(OsStr::new(name)))
    }

    /// Whether one has any that may be one.
    fn has_files(&self, kind: &str) -> bool {
        self.has_file(kind, |path| path.is_dir() || path.extension() == Some(OsStr::new("py")))
    }

    fn has_file(&self, kind: &str, is_meant: impl Fn(&Path) -> bool) -> bool {
        let setting = FOLDERS.iter().find(|(own, _)| *own == kind).map(|(_, setting)| setting);
        let found = setting.and_then(|setting| self.settings.named.get(setting));
        let folders = found.and_then(|found| found.value.as_list());
        folders.into_iter().flatten().any(|folder| {
            let files = std::fs::read_dir(&*folder.to_text()).into_iter().flatten().flatten();
            files.map(|file| file.path()).any(|path| is_meant(&path))
        })
    }
}

fn options(kind: &'static str, plugin: Documented) -> PluginOptions {
    let mut holds: Vec<EffectiveSetting> = plugin
        .holds
        .into_iter()
        .map(|(name, value, origin): (String, Value, String)| EffectiveSetting {
            name,
            origin,
            value,
        })
        .collect();
    holds.sort_by(|one, other| one.name.cmp(&other.name));
    PluginOptions { kind, name: plugin.name, options: plugin.options, holds: Some(holds) }
}
