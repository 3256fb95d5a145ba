//! How variables come together: whether dicts are merged, in which order groups count, and which files
//! do. Must not know where variables are from.

use nafal_base::{Dict, Key, Value};

use crate::beside::Stage;

/// Stock's YAML_FILENAME_EXTENSIONS.
pub(crate) const EXTENSIONS: [&str; 3] = [".yml", ".yaml", ".json"];

/// What a dict does to a weaker one of the same name (DEFAULT_HASH_BEHAVIOUR).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HashBehaviour {
    /// It takes its place.
    #[default]
    Replace,
    /// Both are merged, and the dicts inside them.
    Merge,
}

/// A part of what groups give (VARIABLE_PRECEDENCE).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// What sources say of `all`.
    AllInventory,
    /// What sources say of other groups.
    GroupsInventory,
    /// `group_vars/all` beside the inventory.
    AllBesideInventory,
    /// `group_vars/all` beside the playbook.
    AllBesidePlaybook,
    /// `group_vars/*` beside the inventory.
    GroupsBesideInventory,
    /// `group_vars/*` beside the playbook.
    GroupsBesidePlaybook,
}

/// The tiers by their names in settings; this is their default order too.
const TIERS: [(&str, Tier); 6] = [
    ("all_inventory", Tier::AllInventory),
    ("groups_inventory", Tier::GroupsInventory),
    ("all_plugins_inventory", Tier::AllBesideInventory),
    ("all_plugins_play", Tier::AllBesidePlaybook),
    ("groups_plugins_inventory", Tier::GroupsBesideInventory),
    ("groups_plugins_play", Tier::GroupsBesidePlaybook),
];

impl Tier {
    /// The tier that settings call so.
    pub fn by_name(name: &str) -> Option<Tier> {
        TIERS.iter().find(|(known, _)| *known == name).map(|(_, tier)| *tier)
    }
}

/// How variables come together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// What dicts do.
    pub hashes: HashBehaviour,
    /// What groups give, the weakest first; what isn't named doesn't count.
    pub precedence: Vec<Tier>,
    /// How the names of files in group_vars and host_vars may end (YAML_FILENAME_EXTENSIONS); without any
    /// ending they count too.
    pub extensions: Vec<String>,
    /// When those files are read.
    pub stage: Stage,
}

impl Default for Rules {
    fn default() -> Rules {
        let precedence = TIERS.iter().map(|(_, tier)| *tier).collect();
        let extensions = EXTENSIONS.map(str::to_owned).to_vec();
        Rules { hashes: HashBehaviour::Replace, precedence, extensions, stage: Stage::default() }
    }
}

impl HashBehaviour {
    /// Sets all of `stronger` in `vars`.
    pub fn lay_over(self, vars: &mut Dict, stronger: &Dict) {
        if vars.is_empty() {
            *vars = stronger.clone();
            return;
        }
        if stronger.is_empty() {
            return;
        }
        vars.reserve(stronger.len());
        for (key, value) in stronger {
            self.set(vars, key.clone(), value.clone());
        }
    }

    /// Sets one variable.
    pub fn set(self, vars: &mut Dict, key: Key, value: Value) {
        let weaker = match self {
            HashBehaviour::Replace => None,
            HashBehaviour::Merge => vars.lookup(key.value()),
        };
        let value = match weaker {
            Some(weaker) => self.combined(weaker, &value),
            None => value,
        };
        vars.insert(key, value);
    }

    /// One value over a weaker one.
    pub fn combined(self, weaker: &Value, stronger: &Value) -> Value {
        match (self, weaker, stronger) {
            (HashBehaviour::Merge, Value::Dict(weaker), Value::Dict(stronger)) => {
                let mut merged = weaker.clone();
                self.lay_over(&mut merged, stronger);
                Value::Dict(merged)
            }
            _ => stronger.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dict(entries: &[(&str, Value)]) -> Value {
        Value::Dict(entries.iter().map(|(key, value)| (*key, value.clone())).collect())
    }

    #[test]
    fn dicts_over_dicts() {
        let weaker = dict(&[("a", dict(&[("x", 1.into())])), ("b", 1.into())]);
        let stronger = dict(&[("a", dict(&[("y", 2.into())])), ("c", 3.into())]);
        let merged = HashBehaviour::Merge.combined(&weaker, &stronger);
        assert_eq!(merged.repr(), "{'a': {'x': 1, 'y': 2}, 'b': 1, 'c': 3}");
        assert_eq!(HashBehaviour::Replace.combined(&weaker, &stronger), stronger);
        let flat = HashBehaviour::Merge.combined(&weaker, &Value::from(1));
        assert_eq!(flat, Value::from(1));
    }

    #[test]
    fn every_tier_by_its_name() {
        let named: Vec<_> = TIERS.iter().filter_map(|(name, _)| Tier::by_name(name)).collect();
        assert_eq!(named, Rules::default().precedence);
        assert_eq!(Tier::by_name("nosuch"), None);
    }
}
