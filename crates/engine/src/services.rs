//! The engine as the executor sees it.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use nafal_actions::{ActionKind, Finder, IncludeRequest, Included, PythonPlugins, UserModule};
use nafal_base::event::Disclosure;
use nafal_base::{Diagnostic, Dict, Span, Text, Value};
use nafal_connection::Connections;
use nafal_executor::{CompiledInclude, IncludeFault, RunSettings, Services};
use nafal_graph::{
    Apply, Context, ForcedHandlers, Gathering, Library, Numbers, Settings, TagFilter, TaskNode,
    Visibility, compile_include, compile_role_include,
};
use nafal_inventory::Inventory;
use nafal_parser::playbook::ast::Keywords;
use nafal_templating::Effects;
use nafal_variables::Store;

use crate::effects::{Warnings, World};
use crate::engine::read_inventory;
use crate::library::Files;
use crate::oracle::moved;
use crate::request::Request;
use crate::settings::VarsRoot;

/// Everything that workers and coordinator share in a run.
pub(crate) struct EngineServices {
    pub settings: RunSettings,
    pub connections: Arc<Connections>,
    pub files: Files,
    pub tags: TagFilter,
    pub numbers: Mutex<Numbers>,
    pub warnings: Arc<Warnings>,
    pub cancelled: Arc<AtomicBool>,
    pub gathering: Gathering,
    pub visibility: Option<Visibility>,
    /// The run's variables, once it has started.
    pub store: OnceLock<Arc<Store>>,
    /// What the inventory is read from, to read it anew.
    pub sources: Sources,
}

/// All that says what an inventory is.
pub(crate) struct Sources {
    pub request: Request,
    pub settings: Arc<crate::settings::Settings>,
}

impl EngineServices {
    /// Compiles with this engine's settings.
    pub(crate) fn compile<T>(&self, compile: impl FnOnce(&Settings<'_>, &mut Numbers) -> T) -> T {
        let resolve = |name: &str, collections: &[Text]| self.full_name(name, collections);
        let settings = Settings {
            library: &self.files,
            tags: &self.tags,
            resolve: &resolve,
            gathering: self.gathering,
            visibility: self.visibility,
            disclosure: if self.settings.no_log { Disclosure::Censored } else { Disclosure::Shown },
            forced_handlers: if self.settings.force_handlers {
                ForcedHandlers::On
            } else {
                ForcedHandlers::Off
            },
        };
        compile(&settings, &mut self.numbers.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl EngineServices {
    /// What nobody was told yet, of collections that were used too.
    pub(crate) fn new_warnings(&self) -> Vec<Diagnostic> {
        let told = self.files.finder.take_collection_warnings();
        told.into_iter().for_each(|text| self.warnings.add(Diagnostic::warning(text)));
        self.warnings.take()
    }

    /// The world as templates and actions of this context see it.
    fn world(&self, context: &Context) -> World {
        let world = self.files.world(self.files.search_path(context), context);
        world.with_store(self.store.get().cloned())
    }

    /// A module's full name; what has gone is an error.
    fn full_name(&self, name: &str, collections: &[Text]) -> Result<String, String> {
        let resolved = self.files.finder.resolve(name, collections);
        let resolved = resolved.map_err(|error| error.to_string())?;
        match moved(&self.files.finder, &resolved.name) {
            Some(moved) => moved.map(|there| there.name).map_err(|gone| gone.to_string()),
            None => Ok(nafal_actions::resolved_name(&self.files.finder, &resolved.name)),
        }
    }
}

/// All diagnostics of these errors.
pub(crate) fn diagnostics(errors: &[nafal_graph::Error]) -> Vec<Diagnostic> {
    errors.iter().flat_map(nafal_graph::Error::diagnostics).collect()
}

/// What isn't there fails the hosts that want it, what can't be read ends the run.
fn fault(errors: &[nafal_graph::Error]) -> IncludeFault {
    let missing = errors.iter().all(|error| {
        use nafal_graph::Error::{File, RoleNotFound};
        matches!(error, File { .. } | RoleNotFound { .. })
    });
    let mut all = diagnostics(errors);
    if missing {
        for (diagnostic, error) in all.iter_mut().zip(errors) {
            // Stock names no place for a missing file; one that is there and can't be used names itself.
            if matches!(error, nafal_graph::Error::File { .. }) {
                diagnostic.span = diagnostic.span.take().filter(|span| span.line == 0);
            }
        }
        IncludeFault::Missing(all)
    } else {
        IncludeFault::Broken(all)
    }
}

fn text(args: &Dict, key: &str) -> Option<String> {
    args.get(key).map(|value| value.to_text().into_owned())
}

/// What `apply` says.
fn applied(apply: &Dict) -> Apply {
    let list = |key: &str| match apply.get(key) {
        Some(Value::List(items)) => items.to_vec(),
        Some(Value::None) | None => Vec::new(),
        Some(other) => vec![other.clone()],
    };
    let mut keywords = Keywords { when: list("when"), tags: list("tags"), ..Keywords::default() };
    if let Some(Value::Dict(vars)) = apply.get("vars") {
        keywords.vars = vars.clone();
    }
    keywords.environment = list("environment");
    keywords.module_defaults = list("module_defaults");
    macro_rules! take {
        ($($field:ident = $key:literal),* $(,)?) => {
            $(keywords.$field = apply.get($key).map(|value| nafal_base::Template::new(value.clone(), None));)*
        };
    }
    take!(
        r#become = "become",
        become_user = "become_user",
        become_method = "become_method",
        no_log = "no_log",
        ignore_errors = "ignore_errors",
        check_mode = "check_mode",
        diff = "diff",
        delegate_to = "delegate_to",
        delegate_facts = "delegate_facts",
        run_once = "run_once",
        become_flags = "become_flags",
        become_exe = "become_exe",
        connection = "connection",
        port = "port",
        remote_user = "remote_user",
        ignore_unreachable = "ignore_unreachable",
        any_errors_fatal = "any_errors_fatal",
        throttle = "throttle",
        timeout = "timeout",
    );
    Apply { keywords, notify: list("notify") }
}

impl Services for EngineServices {
    fn settings(&self) -> &RunSettings {
        &self.settings
    }

    fn connections(&self) -> &Connections {
        &self.connections
    }

    fn effects(&self, context: &Context) -> Arc<dyn Effects> {
        Arc::new(self.world(context))
    }

    fn effects_of(&self, context: &Context, action: &str) -> Arc<dyn Effects> {
        Arc::new(self.world(context).for_action(action))
    }

    fn user_module(&self, name: &str) -> Option<Arc<UserModule>> {
        let finder = &self.files.finder;
        let Some(action) = nafal_actions::find(name) else { return finder.find(name) };
        let is_asked = self.sources.settings.installed_collections && action.is_of_collection();
        match action.kind {
            ActionKind::Module => {
                let installed = || is_asked.then(|| finder.find(action.name)).flatten();
                finder.in_library(name).or_else(installed)
            }
            ActionKind::Here(_) => {
                let own = finder.in_library(name).filter(|module| module.action_plugin.is_some());
                own.or_else(|| finder.core_action(action.name))
            }
            ActionKind::Flow => None,
        }
    }

    fn finder(&self) -> &Finder {
        &self.files.finder
    }

    fn plugins(&self) -> &PythonPlugins {
        self.files.plugins()
    }

    fn search_path(&self, context: &Context) -> Vec<PathBuf> {
        self.files.search_path(context)
    }

    fn vars_folders(&self, context: &Context) -> Option<Vec<PathBuf>> {
        let root = self.files.settings.variables.vars_root;
        if root == VarsRoot::Top {
            return None;
        }
        let mut folders = self.files.folders_of(context);
        // A command line is nowhere (case `settings-playbook-vars-root`).
        if self.sources.request.playbooks.is_empty() && context.role.is_none() {
            folders.clear();
        }
        if root == VarsRoot::Bottom {
            folders.truncate(1);
        }
        Some(folders)
    }

    fn include(
        &self,
        task: &TaskNode,
        request: &IncludeRequest,
        params: &Dict,
    ) -> Result<CompiledInclude, IncludeFault> {
        let mut apply = applied(&request.apply);
        for level in &mut apply.keywords.module_defaults {
            *level = nafal_actions::with_resolved_names(&self.files.finder, level);
        }
        match &request.included {
            Included::Tasks(name) => self.include_tasks(task, name, params, &apply),
            Included::Role(args) => self.include_role(task, args, params, &apply),
        }
    }

    fn refreshed_inventory(&self) -> Result<Inventory, Diagnostic> {
        let Sources { request, settings } = &self.sources;
        let read = read_inventory(request, settings, &self.files.extra);
        let (mut inventory, warnings) = read.map_err(|error| {
            let first = error.diagnostics().into_iter().next();
            first.unwrap_or_else(|| Diagnostic::error(error.to_string()))
        })?;
        warnings.into_iter().for_each(|warning| self.warnings.add(warning));
        let current = self.store.get().map(|store| store.inventory());
        if let Some(folder) = current.as_ref().and_then(Inventory::playbook_dir) {
            inventory.set_playbook_dir(folder);
        }
        Ok(inventory)
    }

    fn take_warnings(&self) -> Vec<Diagnostic> {
        self.new_warnings()
    }

    fn console(&self) -> &dyn nafal_base::console::Console {
        &*self.sources.request.console.0
    }

    fn cancelled(&self) -> &AtomicBool {
        &self.cancelled
    }
}

impl EngineServices {
    fn include_tasks(
        &self,
        task: &TaskNode,
        name: &str,
        params: &Dict,
        apply: &Apply,
    ) -> Result<CompiledInclude, IncludeFault> {
        let span = task
            .info
            .span
            .clone()
            .unwrap_or_else(|| Span::whole(&nafal_base::Source::new("<unknown>", "")));
        let found = match task.context.kind {
            nafal_base::TaskKind::Task => self.files.tasks(name, &task.context, &span),
            nafal_base::TaskKind::Handler => self.files.handlers(name, &task.context, &span),
        };
        let file = found.map_err(|error| fault(&[error]))?;
        let graph = self
            .compile(|settings, numbers| {
                compile_include(task, &file, params, apply, settings, numbers)
            })
            .map_err(|errors| fault(&errors))?;
        let shown = Path::new(&file.path).display().to_string();
        Ok(CompiledInclude { graph, shown })
    }

    fn include_role(
        &self,
        task: &TaskNode,
        args: &Dict,
        params: &Dict,
        apply: &Apply,
    ) -> Result<CompiledInclude, IncludeFault> {
        let name = text(args, "name").or_else(|| text(args, "role")).unwrap_or_default();
        let graph = self
            .compile(|settings, numbers| {
                compile_role_include(task, &name, args, params, apply, settings, numbers)
            })
            .map_err(|errors| fault(&errors))?;
        Ok(CompiledInclude { graph, shown: name })
    }
}
