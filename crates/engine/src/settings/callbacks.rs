//! Settings that choose callbacks. Must not know which there are.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nafal_base::Source;

use super::junit::JunitSettings;
use super::reader::{Reader, listed};
use super::table::default_paths;
use crate::error::Error;

/// Which callbacks a run is told to, under stock's names.
#[derive(Clone, Debug)]
pub struct CallbackSettings {
    /// `stdout_callback`.
    pub stdout: String,
    /// Where that is said, if anybody says it.
    pub stdout_source: Option<Arc<Source>>,
    /// `callbacks_enabled`.
    pub enabled: Vec<String>,
    /// Where that is said, if a file says it.
    pub enabled_source: Option<Arc<Source>>,
    /// `bin_ansible_callbacks`: ad hoc runs have these callbacks too.
    pub for_adhoc: bool,
    /// `callback_plugins`: folders of plugins in Python.
    pub folders: Vec<PathBuf>,
    /// The folder of the callback `tree`.
    pub tree_folder: PathBuf,
    /// The options of the callback `junit`.
    pub junit: JunitSettings,
}

impl CallbackSettings {
    pub(super) fn read(
        read: &Reader<'_>,
        home: &str,
        ansible_home: &Path,
    ) -> Result<CallbackSettings, Error> {
        let stdout = read.sourced("ANSIBLE_STDOUT_CALLBACK", "defaults", "stdout_callback");
        let enabled = read.sourced("ANSIBLE_CALLBACKS_ENABLED", "defaults", "callbacks_enabled");
        let source = enabled.as_ref().map(|(_, source)| Arc::clone(source));
        let tree = read.path("ANSIBLE_CALLBACK_TREE_DIR", "callback_tree", "directory");
        Ok(CallbackSettings {
            stdout: stdout.as_ref().map_or("default", |(name, _)| name).to_owned(),
            stdout_source: stdout.map(|(_, source)| source),
            enabled_source: source.filter(|source| !source.name.starts_with('<')),
            enabled: enabled.map(|(names, _)| listed(&names)).unwrap_or_default(),
            for_adhoc: read
                .flag("ANSIBLE_LOAD_CALLBACK_PLUGINS", "defaults", "bin_ansible_callbacks")?
                .unwrap_or(false),
            folders: read
                .paths("ANSIBLE_CALLBACK_PLUGINS", "defaults", "callback_plugins")
                .unwrap_or_else(|| default_paths("plugins/callback", ansible_home)),
            junit: JunitSettings::read(read.environment, home),
            tree_folder: tree.unwrap_or_else(|| PathBuf::from(home).join(".ansible/tree")),
        })
    }
}
