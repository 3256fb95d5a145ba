//! Which inventory plugins there are, and which of them a setting lets read sources
//! (INVENTORY_ENABLED). Must not know how they read.

use nafal_base::Diagnostic;

use crate::error::Error;
use crate::source::Loader;

/// The plugins that there are.
const PLUGINS: [&str; 9] = [
    "host_list",
    "script",
    "auto",
    "yaml",
    "ini",
    "toml",
    "advanced_host_list",
    "constructed",
    "generator",
];

/// A plugin's name without its collection.
pub(crate) fn short(plugin: &str) -> &str {
    let builtin = plugin.strip_prefix("ansible.builtin.");
    builtin.or_else(|| plugin.strip_prefix("ansible.legacy.")).unwrap_or(plugin)
}

/// Whether there is such a plugin.
pub(crate) fn is_known(plugin: &str) -> bool {
    PLUGINS.contains(&short(plugin))
}

impl Loader<'_> {
    /// Tells of plugins that there aren't; without any other nothing can be read.
    pub(crate) fn check_enabled(&mut self) -> Result<(), Error> {
        let (known, unknown): (Vec<_>, Vec<_>) =
            self.options.enabled.iter().partition(|plugin| is_known(plugin));
        for plugin in unknown {
            let message = format!("Failed to load inventory plugin, skipping {plugin}");
            self.warnings.push(Diagnostic::warning(message));
        }
        if known.is_empty() {
            let message = "No inventory plugins available to generate inventory, make sure you \
                           have at least one enabled.";
            return Err(self.nothing(message));
        }
        Ok(())
    }

    /// That no source was read, where that is a failure.
    pub(crate) fn nothing(&mut self, message: &str) -> Error {
        Error::Nothing { message: message.to_owned(), warnings: std::mem::take(&mut self.warnings) }
    }
}
