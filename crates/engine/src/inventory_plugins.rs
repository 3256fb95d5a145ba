//! What inventory plugins are given: templates in their files, facts of earlier runs. Runs and hosts'
//! state don't exist yet where these are asked.

use std::fmt;
use std::sync::{Arc, OnceLock};

use nafal_base::{Diagnostic, Dict, HostName, Scope, Span, Text, Value};
use nafal_inventory::{Facts, PluginOptions, Templates};
use nafal_plugins::PythonPlugins;
use nafal_templating::{Error, Renderer};
use nafal_variables::FactCache;

use crate::effects::{Warnings, World};
use crate::engine::folder_without_playbook;
use crate::fact_cache;
use crate::plugins::finder;
use crate::request::Request;
use crate::settings::Settings;

/// What plugins of a request are given. What they warn of is added to `warnings`.
pub(crate) fn plugin_options(
    request: &Request,
    settings: &Arc<Settings>,
    extra: &Dict,
    warnings: &Arc<Warnings>,
) -> PluginOptions {
    let templates = InventoryTemplates {
        request: request.clone(),
        settings: Arc::clone(settings),
        warnings: Arc::clone(warnings),
        world: OnceLock::new(),
    };
    PluginOptions {
        extra: extra.clone(),
        templates: Some(Arc::new(templates)),
        facts: earlier_facts(settings),
        ..settings.inventory.plugins.clone()
    }
}

/// The facts that earlier runs left. What is wrong with their cache is told by the run.
pub(crate) fn earlier_facts(settings: &Settings) -> Option<Arc<dyn Facts>> {
    let cache = fact_cache::open(&settings.fact_cache).ok().flatten()?;
    Some(Arc::new(EarlierFacts(cache)))
}

#[derive(Debug)]
struct EarlierFacts(Arc<dyn FactCache>);

impl Facts for EarlierFacts {
    fn of(&self, host: &HostName) -> Dict {
        self.0.load(host)
    }
}

/// A dict as the variables of templates.
struct Variables<'a>(&'a Dict);

impl Scope for Variables<'_> {
    fn get(&self, name: &str) -> Option<Value> {
        self.0.get(name).cloned().or_else(|| (name == "omit").then_some(Value::Omit))
    }

    fn place(&self, name: &str) -> Option<Span> {
        let (key, value) = self.0.entry(name)?;
        key.as_text().and_then(Text::span).or_else(|| value.span()).cloned()
    }

    fn names(&self, each: &mut dyn FnMut(&Text)) {
        self.0.keys().filter_map(|key| key.as_text()).for_each(each);
    }
}

/// Renders with the engine's templates. Their world is made when a plugin asks: most inventories
/// have none.
struct InventoryTemplates {
    request: Request,
    settings: Arc<Settings>,
    warnings: Arc<Warnings>,
    world: OnceLock<World>,
}

impl InventoryTemplates {
    fn world(&self) -> &World {
        self.world.get_or_init(|| {
            let (folder, _) = folder_without_playbook(&self.request, &self.settings);
            let finder = Arc::new(finder(&self.request, &self.settings, &folder));
            World::new(
                vec![folder.clone()],
                folder,
                Arc::clone(&self.settings),
                Arc::clone(&self.warnings),
                Arc::clone(&self.request.vault),
                Arc::new(PythonPlugins::new(finder)),
            )
        })
    }

    fn with<T>(
        &self,
        vars: &Dict,
        render: impl FnOnce(&Renderer<'_>) -> Result<T, Error>,
    ) -> Result<T, Diagnostic> {
        let vars = Variables(vars);
        render(&Renderer::new(&vars, self.world())).map_err(|error| error.to_diagnostic())
    }
}

impl fmt::Debug for InventoryTemplates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InventoryTemplates")
    }
}

impl Templates for InventoryTemplates {
    fn expression(&self, text: &Text, vars: &Dict) -> Result<Value, Diagnostic> {
        self.with(vars, |renderer| match renderer.expression(text)? {
            // There is nothing that it could be left out of.
            omit @ Value::Omit => renderer.render(&omit),
            value => Ok(value),
        })
    }

    fn condition(&self, text: &Value, vars: &Dict) -> Result<bool, Diagnostic> {
        self.with(vars, |renderer| renderer.condition(text))
    }

    fn render(&self, value: &Value, vars: &Dict) -> Result<Value, Diagnostic> {
        self.with(vars, |renderer| renderer.render(value))
    }
}
