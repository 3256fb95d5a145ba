//! Settings of how variables come together, and of the folder that stands for a playbook's.

use std::path::PathBuf;
use std::sync::Arc;

use nafal_base::Diagnostic;
use nafal_inventory::{HashBehaviour, Rules, Stage, Tier};

use super::known;
use super::reader::{Reader, listed};
use crate::error::Error;

/// Beside what the group_vars and host_vars are that count for a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VarsRoot {
    /// The playbook.
    #[default]
    Top,
    /// What the task is in: its role, or the file that has it.
    Bottom,
    /// All of that.
    All,
}

/// Variables, under stock's names.
#[derive(Clone, Debug, Default)]
pub struct VariableSettings {
    /// `hash_behaviour`, `precedence`, `yaml_valid_extensions`, and when files are read.
    pub rules: Arc<Rules>,
    /// `playbook_dir`: what stands for a playbook's folder where there is none.
    pub playbook_dir: Option<PathBuf>,
    /// `playbook_vars_root`.
    pub vars_root: VarsRoot,
    /// What is odd in these settings.
    pub warnings: Vec<Diagnostic>,
}

impl VariableSettings {
    pub(super) fn read(read: &Reader<'_>) -> Result<VariableSettings, Error> {
        let mut warnings = Vec::new();
        let precedence = precedence(read, &mut warnings);
        Ok(VariableSettings {
            rules: Arc::new(Rules {
                hashes: hashes(read),
                precedence,
                extensions: extensions(read),
                stage: stage(read, &mut warnings),
            }),
            playbook_dir: read.path("ANSIBLE_PLAYBOOK_DIR", "defaults", "playbook_dir"),
            vars_root: vars_root(read),
            warnings,
        })
    }
}

fn vars_root(read: &Reader<'_>) -> VarsRoot {
    match read.text("ANSIBLE_PLAYBOOK_VARS_ROOT", "defaults", "playbook_vars_root").as_deref() {
        Some("bottom") => VarsRoot::Bottom,
        Some("all") => VarsRoot::All,
        // Others are refused before.
        _ => VarsRoot::Top,
    }
}

fn hashes(read: &Reader<'_>) -> HashBehaviour {
    let text = read.text("ANSIBLE_HASH_BEHAVIOUR", "defaults", "hash_behaviour");
    // Others are refused before.
    if text.as_deref() == Some("merge") { HashBehaviour::Merge } else { HashBehaviour::Replace }
}

/// When files of variables are read. The plugin that reads them is the only one that nafal has.
fn stage(read: &Reader<'_>, warnings: &mut Vec<Diagnostic>) -> Stage {
    const NAME: &str = "host_group_vars";
    let enabled = read
        .variable("ANSIBLE_VARS_ENABLED")
        .or_else(|| read.in_file("defaults", "vars_plugins_enabled"));
    if let Some(text) = enabled {
        let short = |name: &str| {
            let own = name.strip_prefix("ansible.builtin.");
            own.or_else(|| name.strip_prefix("ansible.legacy.")).unwrap_or(name).to_owned()
        };
        let (own, others): (Vec<String>, Vec<String>) =
            listed(&text).into_iter().partition(|name| short(name) == NAME);
        let told = |name: &String| known::warning(&format!("vars_plugins_enabled ({name})"));
        warnings.extend(others.iter().map(told));
        if own.is_empty() {
            return Stage::Never;
        }
    }
    let stage = read.text("ANSIBLE_VARS_PLUGIN_STAGE", "vars_host_group_vars", "stage");
    let start = read.text("ANSIBLE_RUN_VARS_PLUGINS", "defaults", "run_vars_plugins");
    match (stage.as_deref(), start.as_deref()) {
        (Some("all"), _) => Stage::All,
        (Some("task"), _) => Stage::Task,
        (Some("inventory"), _) => Stage::Inventory,
        // Any other word is no wish (case `settings-vars-stage`).
        (_, Some("start")) => Stage::Start,
        _ => Stage::Demand,
    }
}

/// How files of variables may end. Nothing is an answer: only names without an ending count then.
fn extensions(read: &Reader<'_>) -> Vec<String> {
    let given = read
        .variable("ANSIBLE_YAML_FILENAME_EXT")
        .or_else(|| read.in_file("defaults", "yaml_valid_extensions"));
    given.map_or_else(|| Rules::default().extensions, |text| listed(&text))
}

/// The order in which groups count. Names that are none are told, and don't count.
fn precedence(read: &Reader<'_>, warnings: &mut Vec<Diagnostic>) -> Vec<Tier> {
    let names = read.list("ANSIBLE_PRECEDENCE", "defaults", "precedence");
    if names.is_empty() {
        return Rules::default().precedence;
    }
    let mut tiers = Vec::new();
    for name in names {
        match Tier::by_name(&name) {
            Some(tier) => tiers.push(tier),
            None => warnings.push(Diagnostic::warning(format!(
                "Ignoring unknown variable precedence entry: {name}"
            ))),
        }
    }
    tiers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use crate::settings::file::ConfigFile;

    fn check(name: &str, value: &str) -> Result<VariableSettings, Error> {
        let environment = |asked: &str| (asked == name).then(|| value.to_owned());
        Settings::from(&environment, &ConfigFile::default()).map(|settings| settings.variables)
    }

    #[test]
    fn what_is_read() {
        let read = check("NOTHING", "").unwrap();
        assert_eq!((&*read.rules, read.warnings.len()), (&Rules::default(), 0));
        let read = check("ANSIBLE_PRECEDENCE", "nosuch,groups_plugins_play").unwrap();
        assert_eq!(read.rules.precedence, [Tier::GroupsBesidePlaybook]);
        assert_eq!(read.warnings.len(), 1);
        let read = check("ANSIBLE_HASH_BEHAVIOUR", "merge").unwrap();
        assert_eq!(read.rules.hashes, HashBehaviour::Merge);
        let read = check("ANSIBLE_YAML_FILENAME_EXT", " .conf, yml,").unwrap();
        assert_eq!(read.rules.extensions, [".conf", "yml"]);
        assert!(check("ANSIBLE_YAML_FILENAME_EXT", "").unwrap().rules.extensions.is_empty());
        let read = check("ANSIBLE_VARS_ENABLED", "a.b.c,ansible.builtin.host_group_vars").unwrap();
        assert_eq!((read.rules.stage, read.warnings.len()), (Stage::Demand, 1));
        assert!(read.warnings[0].message.contains("vars_plugins_enabled (a.b.c) is ignored"));
        assert_eq!(check("ANSIBLE_VARS_ENABLED", "").unwrap().rules.stage, Stage::Never);
        assert_eq!(check("ANSIBLE_VARS_PLUGIN_STAGE", "task").unwrap().rules.stage, Stage::Task);
        assert!(check("ANSIBLE_HASH_BEHAVIOUR", "bad").is_err());
    }
}
