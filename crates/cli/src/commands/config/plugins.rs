//! Which plugins are meant. Must not know their options.

use nafal_base::Diagnostic;
use nafal_engine::PluginOptions;
use nafal_output::{Stream, Terminal};

use crate::arguments::{SettingKind, Which};
use crate::failure::Failure;

/// Those that are named, in this order, else all; who names one that there isn't is told.
pub fn chosen(
    plugins: Vec<PluginOptions>,
    which: &Which,
    terminal: &mut Terminal,
) -> Result<Vec<PluginOptions>, Failure> {
    if which.plugins.is_empty() {
        return Ok(plugins);
    }
    let mut chosen = Vec::new();
    for name in &which.plugins {
        let whole = name.strip_prefix("ansible.builtin.");
        let found = plugins.iter().find(|plugin| plugin.plugin == whole.unwrap_or(name));
        match (found, whole) {
            (Some(plugin), None) => chosen.push(plugin.clone()),
            // Who names one in full gets the name of its Python module.
            (Some(found), Some(short)) => {
                let kind = which.kind.name();
                let plugin = format!("ansible_collections.ansible.builtin.plugins.{kind}.{short}");
                chosen.push(PluginOptions { plugin, options: found.options.clone() });
            }
            // A cache is opened to be looked at, case config-list.
            (None, _) if which.kind == SettingKind::Cache => {
                return Err(Failure::new(format!("Unable to load the cache plugin '{name}'."), 1));
            }
            (None, _) => {
                let text = format!("Skipping {name} as we could not find matching plugin");
                terminal.diagnose(Stream::Err, &Diagnostic::warning(text));
            }
        }
    }
    Ok(chosen)
}
