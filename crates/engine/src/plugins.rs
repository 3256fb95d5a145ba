//! Users' plugins in Python as templates see them. Must not know how they run.

use std::path::{Path, PathBuf};

use nafal_actions::Finder;
use nafal_base::{ObjectRef, Scope, Value};
use nafal_plugins::{Call, ForeignOption, Kind, OptionFound, Places, PluginError, PythonPlugins};
use nafal_templating::Renderer;
use nafal_templating::effects::{
    Effects, OptionFault, PluginCall, PluginFailure, PluginKind, PluginOption,
};

use crate::effects::World;
use crate::library::tidy;
use crate::request::Request;
use crate::settings::Settings;

/// Where plugins are looked for, for a playbook in this folder.
pub(crate) fn finder(request: &Request, settings: &Settings, folder: &Path) -> Finder {
    Finder::new(Places {
        playbook: folder.to_owned(),
        library: request.library.iter().chain(&settings.library).cloned().collect(),
        module_utils: settings.module_utils.clone(),
        collections: settings.collections_path.clone(),
        plugins: settings.plugins.clone(),
        rejected: settings.rejected_modules.clone(),
        validates_groups: settings.validates_groups,
        mismatch: settings.mismatch,
    })
}

/// The file of a playbook that is called by its full name, as `namespace.collection.playbook`.
pub fn playbook_of_collection(name: &str, settings: &Settings) -> Option<PathBuf> {
    let collections = settings.collections_path.clone();
    let found =
        Finder::new(Places { collections, ..Places::default() }).collection_playbook(name)?;
    Some(tidy(&std::path::absolute(&found).unwrap_or(found)))
}

/// The kind as the plugins' crate names it.
pub(crate) fn kind(kind: PluginKind) -> Kind {
    match kind {
        PluginKind::Filter => Kind::Filter,
        PluginKind::Test => Kind::Test,
        PluginKind::Lookup => Kind::Lookup,
    }
}

/// What a plugin sees of the task that calls it.
struct Surroundings<'a> {
    scope: &'a dyn Scope,
    world: &'a World,
}

impl nafal_plugins::World for Surroundings<'_> {
    fn scope(&self) -> &dyn Scope {
        self.scope
    }

    fn render(&self, value: &Value, object: Option<&ObjectRef>) -> Result<Value, PluginError> {
        let own = object.and_then(|object| object.scope());
        let scope = own.as_deref().unwrap_or(self.scope);
        Renderer::new(scope, self.world).render(value).map_err(|error| PluginError {
            message: error.message(),
            causes: error.cause().map(nafal_templating::Error::chain).into_iter().collect(),
            undefined: error.is_undefined(),
            unloaded: false,
        })
    }

    fn warn(&self, message: &str) {
        self.world.warn(message);
    }
}

/// Calls one.
pub(crate) fn call(
    plugins: &PythonPlugins,
    world: &World,
    call: PluginCall<'_>,
) -> Result<Value, PluginFailure> {
    let wanted = Call {
        kind: kind(call.kind),
        name: call.name,
        positional: call.positional,
        named: call.named,
    };
    plugins.call(wanted, &Surroundings { scope: call.scope, world }).map_err(failure)
}

fn failure(error: PluginError) -> PluginFailure {
    let PluginError { message, causes, undefined, unloaded } = error;
    PluginFailure { message, causes, undefined, unloaded }
}

/// An option of one, and who says it.
pub(crate) fn option(
    plugins: &PythonPlugins,
    world: &World,
    asked: &PluginOption<'_>,
    scope: &dyn Scope,
) -> Result<(Value, String), OptionFault> {
    let PluginOption { kind, plugin, name } = *asked;
    let wanted = ForeignOption { kind, plugin, name };
    match plugins.option(wanted, &Surroundings { scope, world }) {
        Ok(OptionFound::Value(value, origin)) => Ok((value, origin)),
        Ok(OptionFound::NoPlugin) => Err(OptionFault::NoPlugin),
        Ok(OptionFound::NoOption) => Err(OptionFault::NoOption),
        Err(error) => Err(OptionFault::Said(failure(error))),
    }
}
