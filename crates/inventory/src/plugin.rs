//! How inventory plugins are configured beside their files. Must not know what they do.

use std::sync::Arc;

use nafal_base::Dict;

use crate::surroundings::{Facts, Templates};

/// What plugins are given.
#[derive(Clone, Debug, Default)]
pub struct PluginOptions {
    /// Extra variables, for plugins that use them.
    pub extra: Dict,
    /// Whether `constructed` uses extra variables where its file doesn't say.
    pub extra_in_constructed: bool,
    /// The same for `generator`.
    pub extra_in_generator: bool,
    /// What renders templates in the files of plugins.
    pub templates: Option<Arc<dyn Templates>>,
    /// Facts that earlier runs left, if any are kept.
    pub facts: Option<Arc<dyn Facts>>,
}

impl PluginOptions {
    pub(crate) fn extra_of_constructed(&self, config: &Dict) -> Dict {
        let uses = flag(config, EXTRA).unwrap_or(self.extra_in_constructed);
        if uses { self.extra.clone() } else { Dict::new() }
    }

    pub(crate) fn extra_of_generator(&self, config: &Dict) -> Dict {
        let uses = flag(config, EXTRA).unwrap_or(self.extra_in_generator);
        if uses { self.extra.clone() } else { Dict::new() }
    }
}

const EXTRA: &str = "use_extra_vars";

/// A flag of a plugin's file; what isn't one is false (case bad-inventory-constructed).
pub(crate) fn flag(config: &Dict, name: &str) -> Option<bool> {
    let given = config.get(name).filter(|value| !value.is_none())?;
    Some(given.to_bool().unwrap_or(false))
}
