//! Which settings are meant: which kinds of plugins, which plugins. Must not know what becomes of them.

use nafal_base::{Diagnostic, Dict};
use nafal_engine::{PluginOptions, UsersOptions, base_options, plugin_kinds, plugin_options};
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
pub fn meant(
    which: &Which,
    users: &UsersOptions<'_>,
    terminal: &mut Terminal,
) -> Result<Meant, Failure> {
    let base = matches!(which.kind, SettingKind::All | SettingKind::Base).then(base_options);
    let kinds = match which.kind {
        SettingKind::Base => Vec::new(),
        SettingKind::All => {
            let every = plugin_kinds().iter().map(|kind| {
                Ok(Kind { name: (*kind).to_owned(), plugins: every(kind, users, terminal)? })
            });
            every.collect::<Result<_, Failure>>()?
        }
        kind => {
            let name = kind.name();
            let upper = name.to_uppercase();
            let kind = plugin_kinds().iter().find(|kind| **kind == upper).copied();
            let kind = kind.unwrap_or_default();
            let plugins = if which.plugins.is_empty() {
                every(kind, users, terminal)?
            } else {
                chosen(kind, which, users, terminal)?
            };
            vec![Kind { plugins, name }]
        }
    };
    Ok(Meant { base, kinds })
}

/// All of a kind: the user's own come first, and take the place of stock's with their names.
fn every(
    kind: &'static str,
    users: &UsersOptions<'_>,
    terminal: &mut Terminal,
) -> Result<Vec<PluginOptions>, Failure> {
    let (mut all, warnings) = users.all(kind)?;
    warnings.iter().for_each(|warning| terminal.diagnose(Stream::Err, warning));
    let stock = plugin_options(kind).into_iter();
    let stock: Vec<_> =
        stock.filter(|plugin| all.iter().all(|own| own.name != plugin.name)).collect();
    all.extend(stock);
    Ok(all)
}

/// Those that are named, in this order.
fn chosen(
    kind: &'static str,
    which: &Which,
    users: &UsersOptions<'_>,
    terminal: &mut Terminal,
) -> Result<Vec<PluginOptions>, Failure> {
    let stock = plugin_options(kind);
    let short = |name: &str| name.strip_prefix("ansible.builtin.").map(str::to_owned);
    let own = |name: &str| {
        if users.has(kind, name) {
            return None;
        }
        let named = short(name).unwrap_or_else(|| name.to_owned());
        stock.iter().find(|plugin| plugin.name == named)
    };
    let known: Vec<_> = which.plugins.iter().map(|name| (name, own(name))).collect();
    let foreign = known.iter().filter(|(_, plugin)| plugin.is_none());
    let foreign: Vec<String> = foreign.map(|(name, _)| (*name).clone()).collect();
    let (found, warnings) = users.named(kind, &foreign)?;
    warnings.iter().for_each(|warning| terminal.diagnose(Stream::Err, warning));
    let mut found = found.into_iter();
    let mut chosen = Vec::new();
    for (name, plugin) in known {
        let plugin = plugin.cloned().or_else(|| found.next().flatten());
        match (plugin, short(name)) {
            (Some(plugin), None) => chosen.push(plugin),
            // Who names one in full gets the name of its Python module.
            (Some(plugin), Some(short)) => {
                let kind = which.kind.name();
                let name = format!("ansible_collections.ansible.builtin.plugins.{kind}.{short}");
                chosen.push(PluginOptions { name, ..plugin });
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
