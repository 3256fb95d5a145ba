//! Which settings are meant: which kinds of plugins, which plugins. Must not know what becomes of them.

use nafal_base::{Diagnostic, Dict};
use nafal_engine::{PluginOptions, base_options, plugin_kinds, plugin_options};
use nafal_output::{Stream, Terminal};

use crate::arguments::{SettingKind, Which};
use crate::failure::Failure;

/// Plugins of one kind.
pub struct Kind {
    /// `BECOME` among all, `become` when it alone is asked for.
    pub name: String,
    /// Those that are meant.
    pub plugins: Vec<PluginOptions>,
}

/// Settings of no plugin and of plugins.
pub struct Meant {
    /// Of no plugin; None when only plugins are meant.
    pub base: Option<Dict>,
    /// Of plugins.
    pub kinds: Vec<Kind>,
}

/// What is meant; who names a plugin that there isn't is told.
pub fn meant(which: &Which, terminal: &mut Terminal) -> Result<Meant, Failure> {
    let base = matches!(which.kind, SettingKind::All | SettingKind::Base).then(base_options);
    let kinds = match which.kind {
        SettingKind::Base => Vec::new(),
        SettingKind::All => plugin_kinds()
            .iter()
            .map(|kind| Kind { name: (*kind).to_owned(), plugins: plugin_options(kind) })
            .collect(),
        kind => {
            let name = kind.name();
            let all = plugin_options(&name.to_uppercase());
            vec![Kind { plugins: chosen(all, which, terminal)?, name }]
        }
    };
    Ok(Meant { base, kinds })
}

/// Those that are named, in this order, else all.
fn chosen(
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
        let found = plugins.iter().find(|plugin| plugin.name == whole.unwrap_or(name));
        match (found, whole) {
            (Some(plugin), None) => chosen.push(plugin.clone()),
            // Who names one in full gets the name of its Python module.
            (Some(found), Some(short)) => {
                let kind = which.kind.name();
                let name = format!("ansible_collections.ansible.builtin.plugins.{kind}.{short}");
                chosen.push(PluginOptions { name, ..found.clone() });
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
