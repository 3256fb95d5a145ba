//! Settings of how inventories are read and asked. Must not know sources.

use nafal_inventory::{GroupNames, Mismatch, Options, PluginOptions, ScriptErrors, Unparsed};

use super::reader::Reader;
use crate::error::Error;

/// Inventories, under stock's names.
#[derive(Clone, Debug, Default)]
pub struct InventorySettings {
    /// `enable_plugins`, where somebody says.
    pub enabled: Vec<String>,
    /// `ignore_extensions`, where somebody says.
    pub ignored_extensions: Vec<String>,
    /// `ignore_patterns`.
    pub ignored_patterns: Vec<String>,
    /// `yaml_valid_extensions` of the plugin, where somebody says.
    pub yaml_extensions: Vec<String>,
    /// `unparsed_is_failed`, `any_unparsed_is_failed`.
    pub unparsed: Unparsed,
    /// `use_extra_vars` of plugins.
    pub plugins: PluginOptions,
    /// `always_show_stderr` of scripts.
    pub script_errors: ScriptErrors,
    /// `host_pattern_mismatch`.
    pub mismatch: Mismatch,
    /// `force_valid_group_names`.
    pub group_names: GroupNames,
}

impl InventorySettings {
    pub(super) fn read(read: &Reader<'_>) -> Result<InventorySettings, Error> {
        let flag = |variable: &str, key: &str| {
            read.flag(variable, "inventory", key).map(Option::unwrap_or_default)
        };
        // Two sections have these; the own one counts more.
        let list = |variable: &str, key: &str| {
            let own = read.list(variable, "inventory", key);
            if !own.is_empty() {
                return own;
            }
            read.list(variable, "defaults", &format!("inventory_{key}"))
        };
        let any = flag("ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED", "any_unparsed_is_failed")?;
        let all = flag("ANSIBLE_INVENTORY_UNPARSED_FAILED", "unparsed_is_failed")?;
        Ok(InventorySettings {
            enabled: read
                .list("ANSIBLE_INVENTORY_ENABLED", "inventory", "enable_plugins")
                .iter()
                .map(|name| name.strip_prefix("ansible.builtin.").unwrap_or(name).to_owned())
                .collect(),
            ignored_extensions: list("ANSIBLE_INVENTORY_IGNORE", "ignore_extensions"),
            ignored_patterns: list("ANSIBLE_INVENTORY_IGNORE_REGEX", "ignore_patterns"),
            yaml_extensions: yaml_extensions(read),
            unparsed: match (any, all) {
                (true, _) => Unparsed::AnyFails,
                (false, true) => Unparsed::AllFail,
                (false, false) => Unparsed::Warned,
            },
            plugins: plugins(read)?,
            script_errors: script_errors(read)?,
            mismatch: mismatch(read),
            group_names: read
                .text(
                    "ANSIBLE_TRANSFORM_INVALID_GROUP_CHARS",
                    "defaults",
                    "force_valid_group_names",
                )
                .and_then(|word| GroupNames::named(&word))
                .unwrap_or_default(),
        })
    }

    /// As the inventory takes them.
    pub(crate) fn options(&self) -> Options {
        let mut options = Options {
            unparsed: self.unparsed,
            playbook_python: Some(nafal_plugins::playbook_python()),
            ..Options::default()
        };
        if !self.enabled.is_empty() {
            options.enabled.clone_from(&self.enabled);
        }
        if !self.ignored_extensions.is_empty() {
            options.ignored_extensions.clone_from(&self.ignored_extensions);
        }
        if !self.yaml_extensions.is_empty() {
            options.yaml_extensions.clone_from(&self.yaml_extensions);
        }
        options.script_errors = self.script_errors;
        options.group_names = self.group_names;
        options.ignored_patterns.clone_from(&self.ignored_patterns);
        options
    }
}

fn plugins(read: &Reader<'_>) -> Result<PluginOptions, Error> {
    let all =
        read.flag("ANSIBLE_INVENTORY_USE_EXTRA_VARS", "inventory_plugins", "use_extra_vars")?;
    let section = "inventory_plugin_generator";
    let generator = read.flag("ANSIBLE_GENERATOR_USE_EXTRA_VARS", section, "use_extra_vars")?;
    Ok(PluginOptions {
        extra_in_constructed: all.unwrap_or_default(),
        extra_in_generator: generator.or(all).unwrap_or_default(),
        ..PluginOptions::default()
    })
}

/// Of several places the later ones count more.
fn yaml_extensions(read: &Reader<'_>) -> Vec<String> {
    let own = read.list(
        "ANSIBLE_INVENTORY_PLUGIN_EXTS",
        "inventory_plugin_yaml",
        "yaml_valid_extensions",
    );
    if !own.is_empty() {
        return own;
    }
    read.list("ANSIBLE_YAML_FILENAME_EXT", "defaults", "yaml_valid_extensions")
}

fn script_errors(read: &Reader<'_>) -> Result<ScriptErrors, Error> {
    let variable = "ANSIBLE_INVENTORY_PLUGIN_SCRIPT_STDERR";
    let shown = read.flag(variable, "inventory_plugin_script", "always_show_stderr")?;
    Ok(if shown == Some(false) { ScriptErrors::Hidden } else { ScriptErrors::Shown })
}

fn mismatch(read: &Reader<'_>) -> Mismatch {
    let text = read.text("ANSIBLE_HOST_PATTERN_MISMATCH", "inventory", "host_pattern_mismatch");
    match text.as_deref() {
        Some("error") => Mismatch::Error,
        Some("ignore") => Mismatch::Ignore,
        // Others are refused before.
        _ => Mismatch::Warning,
    }
}
