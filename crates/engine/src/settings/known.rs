//! Every setting that stock knows, and what nafal does with it (`known.tsv`), so that none is
//! ignored without a word. Must not know what a setting means.

use std::collections::HashSet;
use std::sync::LazyLock;

use nafal_base::Diagnostic;
use serde_json::Value;

use super::file::ConfigFile;
use super::reader::to_bool;

/// The table, a setting a line.
const TABLE: &str = include_str!("known.tsv");

/// What nafal does with a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// It does what the setting says.
    Acts,
    /// It doesn't, and says so.
    Ignored,
    /// It doesn't, and no result would be another.
    Nothing,
}

/// A setting of stock's.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its name; an option of a plugin is `KIND.PLUGIN.OPTION`.
    pub name: &'static str,
    /// What nafal does with it.
    pub support: Support,
    /// The type of its value.
    pub kind: &'static str,
    /// The value without anybody's wish, as JSON: few are ever asked for.
    default: &'static str,
    /// Its variables of the environment.
    pub variables: Vec<&'static str>,
    /// Its sections and keys in the file.
    pub keys: Vec<(&'static str, &'static str)>,
    /// The values that it may have, in stock's order; none where it may have any.
    pub choices: Vec<&'static str>,
}

fn listed(column: &'static str) -> impl Iterator<Item = &'static str> {
    column.split(',').filter(|one| *one != "-")
}

fn row(line: &'static str) -> Option<Known> {
    let mut columns = line.split('\t');
    let name = columns.next()?;
    let support = match columns.next()? {
        "acts" => Support::Acts,
        "ignored" => Support::Ignored,
        "nothing" => Support::Nothing,
        _ => return None,
    };
    let kind = columns.next()?;
    let default = columns.next()?;
    let variables = listed(columns.next()?).collect();
    let keys = listed(columns.next()?).filter_map(|key| key.split_once('.')).collect();
    let choices = columns.next().map(listed).into_iter().flatten().collect();
    Some(Known { name, support, kind, default, variables, keys, choices })
}

static ROWS: LazyLock<Vec<Known>> =
    LazyLock::new(|| TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(row).collect());

/// Those that nafal doesn't act on, with the names that are theirs alone: several settings share a
/// name, and one that does something isn't ignored.
static IGNORED: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let (ignored, others): (Vec<&Known>, Vec<&Known>) =
        known().partition(|known| known.support == Support::Ignored);
    let mut variables: HashSet<&str> =
        others.iter().flat_map(|known| known.variables.iter().copied()).collect();
    let mut keys: HashSet<(&str, &str)> =
        others.iter().flat_map(|known| known.keys.iter().copied()).collect();
    let own = |known: &Known| {
        let mut own = known.clone();
        own.variables.retain(|name| variables.insert(name));
        own.keys.retain(|key| keys.insert(*key));
        own
    };
    ignored.into_iter().map(own).collect()
});

/// All of them.
pub fn known() -> impl Iterator<Item = &'static Known> {
    ROWS.iter()
}

impl Known {
    /// The value without anybody's wish.
    pub fn default(&self) -> Value {
        serde_json::from_str(self.default).unwrap_or_default()
    }

    /// Whether a value is what holds without it.
    fn is_default(&self, text: &str) -> bool {
        let text = text.trim();
        match &self.default() {
            _ if text.is_empty() => true,
            Value::Bool(default) => to_bool(text) == Some(*default),
            Value::Number(default) => text.parse() == Ok(default.as_f64().unwrap_or(f64::NAN)),
            Value::Array(default) => text
                .split(',')
                .map(str::trim)
                .eq(default.iter().map(|one| one.as_str().unwrap_or_default())),
            Value::String(default) => text == default,
            Value::Null | Value::Object(_) => false,
        }
    }
}

/// A warning for each setting that somebody gave a value and that nafal doesn't act on.
pub(super) fn ignored(
    environment: &dyn Fn(&str) -> Option<String>,
    file: &ConfigFile,
) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for known in &*IGNORED {
        for &variable in &known.variables {
            if environment(variable).is_some_and(|text| !known.is_default(&text)) {
                warnings.push(warning(&format!("{variable} of the environment")));
            }
        }
        for &(section, key) in &known.keys {
            if file.get(section, key).is_some_and(|text| !known.is_default(text)) {
                let path = file.path.as_deref().map(|path| path.display().to_string());
                let path = path.unwrap_or_default();
                warnings.push(warning(&format!("{key} of section {section} in {path}")));
            }
        }
    }
    warnings
}

/// What is told of a setting that isn't there.
pub(super) fn warning(what: &str) -> Diagnostic {
    Diagnostic::warning(format!("The setting {what} is ignored: nafal doesn't have it yet"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(variables: &[(&str, &str)], file: &str, expected: &[&str]) {
        let environment = |name: &str| {
            let found = variables.iter().find(|(own, _)| *own == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ansible.cfg");
        std::fs::write(&path, file).unwrap();
        let found = ignored(&environment, &ConfigFile::read(&path).unwrap());
        let path = path.display().to_string();
        let found: Vec<_> = found.iter().map(|one| one.message.replace(&path, "FILE")).collect();
        let expected: Vec<_> = expected.iter().map(|what| warning(what).message).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn every_line_is_a_setting() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(known().count(), lines);
    }

    #[test]
    fn what_is_said() {
        check(&[], "", &[]);
        let file = "[defaults]\ncowpath = merge\nforks = 9\npipelining = yes\n";
        check(&[], file, &["cowpath of section defaults in FILE"]);
        check(&[("ANSIBLE_COW_PATH", "merge")], "", &["ANSIBLE_COW_PATH of the environment"]);
        check(
            &[("ANSIBLE_ACTION_WARNINGS", "true")],
            "[defaults]\nenable_task_debugger = no\n",
            &[],
        );
        // What runas shares with sudo and su is no setting of its own.
        check(&[("ANSIBLE_BECOME_FLAGS", "-x"), ("ANSIBLE_SU_USER", "u")], "", &[]);
        check(&[("ANSIBLE_RUNAS_USER", "u")], "", &["ANSIBLE_RUNAS_USER of the environment"]);
        let precedence = "precedence = all_inventory, groups_inventory, all_plugins_inventory, \
                          all_plugins_play, groups_plugins_inventory, groups_plugins_play";
        check(&[], &format!("[defaults]\n{precedence}\n"), &[]);
    }

    /// What is read isn't said to be ignored: the table is kept when a setting is built.
    #[test]
    fn what_is_read_is_not_ignored() {
        let asked = std::cell::RefCell::new(Vec::new());
        let environment = |name: &str| {
            asked.borrow_mut().push(name.to_owned());
            None
        };
        ignored(&environment, &ConfigFile::default());
        let looked_for = asked.take();
        super::super::wrong::refuse(&environment, &ConfigFile::default()).unwrap();
        let checked = asked.take();
        super::super::Settings::from(&environment, &ConfigFile::default()).unwrap();
        let read = asked.take();
        let times = |all: &[String], name: &String| all.iter().filter(|one| *one == name).count();
        let wrong: Vec<_> = looked_for
            .iter()
            .filter(|name| times(&read, name) > times(&looked_for, name) + times(&checked, name))
            .collect();
        // These are only read to tell that they will go.
        let told = ["ANSIBLE_LIBVIRT_LXC_NOSECLABEL", "_ANSIBLE_TEMPLAR_SANDBOX_MODE"];
        assert_eq!(wrong, told);
    }
}
