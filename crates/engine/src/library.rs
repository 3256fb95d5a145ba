//! Finds, reads and keeps the files of plays: files of tasks, roles, their variables. Each is read
//! and parsed once a run.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use nafal_actions::Finder;
use nafal_base::{Diagnostic, Dict, Scope, Source, Span, Text, Value};
use nafal_graph::{Context, Error, Library, PlaybookMeta, RoleFiles, TasksFile};
use nafal_parser::playbook::ast::{RoleFrom, RoleMeta};
use nafal_parser::vault::Secrets;
use nafal_parser::{TasksKind, load_variables, parse_role_meta, parse_tasks};
use nafal_plugins::PythonPlugins;
use nafal_templating::{ErrorKind, Renderer};

use crate::effects::{Warnings, World};
use crate::oracle::Oracle;
use crate::settings::Settings;

/// Parsed files by path, kind and the collections that are searched in them.
type Parsed = HashMap<(PathBuf, &'static str, Vec<String>), Arc<TasksFile>>;

/// The files of a playbook and of those that it imports.
pub(crate) struct Files {
    pub(crate) settings: Arc<Settings>,
    pub(crate) extra: Dict,
    pub(crate) warnings: Arc<Warnings>,
    secrets: Arc<Secrets>,
    parsed: Mutex<Parsed>,
    /// The modules that users bring.
    pub(crate) finder: Arc<Finder>,
    plugins: Arc<PythonPlugins>,
}

/// Names that a file of this stem may have.
const ENDINGS: &[&str] = &["", ".yml", ".yaml", ".json"];

impl Files {
    pub(crate) fn new(
        settings: &Arc<Settings>,
        extra: Dict,
        warnings: &Arc<Warnings>,
        finder: &Arc<Finder>,
        secrets: &Arc<Secrets>,
    ) -> Files {
        Files {
            settings: Arc::clone(settings),
            extra,
            warnings: Arc::clone(warnings),
            secrets: Arc::clone(secrets),
            parsed: Mutex::default(),
            finder: Arc::clone(finder),
            plugins: Arc::new(PythonPlugins::new(Arc::clone(finder))),
        }
    }

    /// Plugins in Python.
    pub(crate) fn plugins(&self) -> &PythonPlugins {
        &self.plugins
    }

    /// The world of templates in this context, which search these folders.
    pub(crate) fn world(&self, folders: Vec<PathBuf>, context: &Context) -> World {
        World::new(
            folders,
            context.playbook_folder.to_path_buf(),
            Arc::clone(&self.settings),
            Arc::clone(&self.warnings),
            Arc::clone(&self.secrets),
            Arc::clone(&self.plugins),
        )
    }

    /// The folders that files are searched in, for tasks in this context, strongest first.
    pub(crate) fn search_path(&self, context: &Context) -> Vec<PathBuf> {
        let mut folders = self.folders_of(context);
        if !folders.iter().any(|known| **known == *context.playbook_folder) {
            folders.push(context.playbook_folder.to_path_buf());
        }
        folders
    }

    /// Where tasks in this context are: in their roles, in the file that has them.
    pub(crate) fn folders_of(&self, context: &Context) -> Vec<PathBuf> {
        let mut folders: Vec<PathBuf> = Vec::new();
        let mut add = |folder: &Path| {
            if !folders.iter().any(|known| known == folder) {
                folders.push(folder.to_owned());
            }
        };
        let roles = std::iter::successors(context.role.as_deref(), |role| role.parent.as_deref());
        for role in roles {
            add(&role.folder);
        }
        add(&context.folder);
        folders
    }

    pub(crate) fn read(&self, path: &Path, span: Option<&Span>) -> Result<Arc<Source>, Error> {
        let bytes = std::fs::read(path).map_err(|error| Error::File {
            message: format!("Unable to retrieve file contents.\nCould not find or access '{}' on the Ansible Controller: {error}", path.display()),
            span: span.cloned(),
        })?;
        let bytes = self.secrets.open(bytes).map_err(|error| Error::File {
            message: error.to_string(),
            span: Some(Span::whole(&Source::new(path.display().to_string(), ""))),
        })?;
        let text = nafal_parser::yaml::decode(bytes).map_err(|error| {
            let [deprecation, error] = error.told(&path.display().to_string());
            self.warnings.add(deprecation);
            Error::Parse(vec![error])
        })?;
        Ok(Source::new(path.display().to_string(), text))
    }

    fn parse(
        &self,
        path: &Path,
        kind: TasksKind,
        collections: &[Text],
        span: &Span,
    ) -> Result<Arc<TasksFile>, Error> {
        let label = match kind {
            TasksKind::Tasks => "tasks",
            TasksKind::Handlers => "handlers",
        };
        let searched: Vec<String> = collections.iter().map(ToString::to_string).collect();
        let key = (path.to_owned(), label, searched);
        if let Some(known) = self.parsed.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(known));
        }
        let source = self.read(path, Some(span))?;
        let (items, warnings) = parse_tasks(&source, kind, &Oracle::new(self, collections))
            .map_err(|errors| parse_error(&errors))?;
        warnings.into_iter().for_each(|warning| self.warnings.add(warning));
        let file = Arc::new(TasksFile { path: path.to_owned(), items });
        self.parsed.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&file));
        Ok(file)
    }

    fn find(
        &self,
        name: &str,
        folder_of_role: &str,
        context: &Context,
        span: &Span,
    ) -> Result<PathBuf, Error> {
        let wanted = Path::new(name);
        if wanted.is_absolute() {
            return Ok(wanted.to_owned());
        }
        let mut tried = vec![context.folder.join(wanted)];
        if let Some(role) = &context.role {
            // A role's handlers may include what stands among its tasks (case
            // `include-from-handlers`).
            for part in [folder_of_role, "tasks", ""] {
                tried.push(role.folder.join(part).join(wanted));
            }
        }
        tried.push(context.playbook_folder.join(folder_of_role).join(wanted));
        tried.push(context.playbook_folder.join(wanted));
        tried.iter().find(|path| path.exists()).map(|path| tidy(path)).ok_or_else(|| {
            let at = tried.first().cloned().unwrap_or_default();
            let message = format!(
                "Unable to retrieve file contents. Could not find or access '{0}' on the Ansible Controller: [Errno 2] No such file or directory: '{0}' If you are using a module and expect the file to exist on the remote, see the remote_src option.",
                tidy(&at).display()
            );
            Error::File { message, span: Some(span.clone()) }
        })
    }

    /// A role's folder, or where it was looked for; `around` is the folder of the role that names it.
    pub(crate) fn role_folder(
        &self,
        name: &str,
        playbook: &Path,
        around: Option<&Path>,
    ) -> Result<PathBuf, Vec<PathBuf>> {
        let mut tried = vec![playbook.join("roles")];
        tried.extend(self.settings.roles_path.iter().cloned());
        if let Some(folder) = around.and_then(Path::parent) {
            tried.insert(0, folder.to_owned());
        }
        tried.push(playbook.to_path_buf());
        let wanted = Path::new(name);
        if wanted.is_absolute() && wanted.is_dir() {
            return Ok(tidy(wanted));
        }
        let found = tried.iter().map(|folder| folder.join(name)).find(|path| path.is_dir());
        found.map(|path| tidy(&path)).ok_or(tried)
    }

    /// `main` or the named file in a role's folder, whatever its ending.
    pub(crate) fn role_file(folder: &Path, part: &str, from: Option<&str>) -> Option<PathBuf> {
        let stem = folder.join(part).join(from.unwrap_or("main"));
        ENDINGS
            .iter()
            .map(|ending| {
                let mut name = stem.clone().into_os_string();
                name.push(ending);
                PathBuf::from(name)
            })
            .find(|path| path.is_file())
    }

    /// The same for a role by its name: a file that is named must be the role's own (case
    /// `role-files-outside`).
    pub(crate) fn own_file(
        (name, folder): (&str, &Path),
        part: &str,
        from: Option<&str>,
        span: &Span,
    ) -> Result<Option<PathBuf>, Error> {
        let found = Self::role_file(folder, part, from);
        let expected = folder.join(part);
        match found.as_ref().filter(|path| !tidy(path).starts_with(tidy(&expected))) {
            None => Ok(found),
            Some(path) => Err(Error::File {
                message: format!(
                    "Failed loading ''{}'' for role ({name}) as it is not inside the expected role path: '{}'",
                    path.display(),
                    expected.display()
                ),
                span: Some(span.clone()),
            }),
        }
    }

    /// The variables of an entry of `vars_files`.
    pub(crate) fn vars_file(&self, path: &Path, span: Option<&Span>) -> Result<Dict, Error> {
        let source = self.read(path, span)?;
        let (dict, warnings) =
            nafal_parser::load_vars_file(&source).map_err(|errors| parse_error(&errors))?;
        warnings.into_iter().for_each(|warning| self.warnings.add(warning));
        Ok(dict)
    }

    /// Argument specs in a file of their own count before those in `meta/main.yml`.
    fn with_argument_specs(
        &self,
        mut meta: RoleMeta,
        folder: &Path,
        span: &Span,
    ) -> Result<RoleMeta, Error> {
        let Some(path) = Self::role_file(folder, "meta", Some("argument_specs")) else {
            return Ok(meta);
        };
        let source = self.read(&path, Some(span))?;
        let (document, warnings) =
            nafal_parser::yaml::load_one(&source).map_err(|errors| parse_error(&errors))?;
        warnings.into_iter().for_each(|warning| self.warnings.add(warning));
        let specs =
            document.and_then(|document| document.value.as_dict()?.get("argument_specs").cloned());
        if let Some(specs) = specs {
            meta.argument_specs = Some(specs);
        }
        Ok(meta)
    }

    /// The variables of a file.
    pub(crate) fn variables(&self, path: &Path, span: Option<&Span>) -> Result<Dict, Error> {
        self.variables_told(path, span, &parse_error)
    }

    /// The same, where whoever asks says what is told of a file that can't be read so.
    pub(crate) fn variables_told(
        &self,
        path: &Path,
        span: Option<&Span>,
        fault: &dyn Fn(&[nafal_parser::Error]) -> Error,
    ) -> Result<Dict, Error> {
        let source = self.read(path, span)?;
        let (dict, warnings) = load_variables(&source).map_err(|errors| fault(&errors))?;
        warnings.into_iter().for_each(|warning| self.warnings.add(warning));
        Ok(dict)
    }
}

pub(crate) fn parse_error(errors: &[nafal_parser::Error]) -> Error {
    Error::Parse(errors.iter().map(nafal_parser::Error::diagnostic).collect())
}

/// A path without `.` and `..`, as stock shows paths.
pub(crate) fn tidy(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// What may stand where a part of a role is looked for.
#[derive(Clone, Copy, PartialEq)]
enum Whole {
    File,
    FileOrFolder,
}

/// A part of a role that is asked for by name has to be there (case `role-scopes`).
fn missing_part(
    folder: &Path,
    part: &str,
    wanted: Option<&str>,
    whole: Whole,
    span: &Span,
) -> Result<(), Error> {
    let Some(wanted) = wanted else { return Ok(()) };
    let is_folder = || whole == Whole::FileOrFolder && folder.join(part).join(wanted).is_dir();
    if Files::role_file(folder, part, Some(wanted)).is_some() || is_folder() {
        return Ok(());
    }
    let message = if folder.join(part).is_dir() {
        format!("Could not find specified file in role: {part}/{wanted}")
    } else {
        format!("Could not find specified file in role, its '{part}/' is not usable.")
    };
    Err(Error::File { message, span: Some(span.clone()) })
}

fn role_not_found(name: &str, tried: &[PathBuf], context: &Context, span: &Span) -> Error {
    let mut searched: Vec<String> = Vec::new();
    let collections = &context.keywords.collections;
    if !collections.is_empty() {
        searched.extend(collections.iter().map(ToString::to_string));
        searched.push("ansible.legacy".to_owned());
    }
    searched.extend(tried.iter().map(|path| path.display().to_string()));
    let (name, searched) = (name.to_owned(), searched.join(":"));
    Error::RoleNotFound { name, searched, span: Some(span.clone()) }
}

/// What is known before the run: extra vars, then the layers of the context.
struct Known<'a> {
    extra: &'a Dict,
    context: &'a Context,
}

impl Scope for Known<'_> {
    fn get(&self, name: &str) -> Option<Value> {
        if let Some(value) = self.extra.get(name) {
            return Some(value.clone());
        }
        let role = self.context.role.as_deref();
        match (name, role) {
            ("playbook_dir", _) => {
                return Some(Value::from(self.context.playbook_folder.display().to_string()));
            }
            ("role_path", Some(role)) => {
                return Some(Value::from(role.folder.display().to_string()));
            }
            ("role_name", Some(role)) => return Some(Value::from(role.short_name())),
            ("ansible_role_name", Some(role)) => {
                return Some(Value::from(role.name.as_str()));
            }
            ("omit", _) => return Some(Value::Omit),
            _ => {}
        }
        self.context.layers.strongest_first().find_map(|dict| dict.get(name)).cloned()
    }

    fn names(&self, each: &mut dyn FnMut(&Text)) {
        self.extra.keys().filter_map(|key| key.as_text()).for_each(each);
    }
}

impl Library for Files {
    fn tasks(&self, name: &str, context: &Context, span: &Span) -> Result<Arc<TasksFile>, Error> {
        let path = self.find(name, "tasks", context, span)?;
        self.parse(&path, TasksKind::Tasks, &context.keywords.collections, span)
    }

    fn handlers(
        &self,
        name: &str,
        context: &Context,
        span: &Span,
    ) -> Result<Arc<TasksFile>, Error> {
        let path = self.find(name, "handlers", context, span)?;
        self.parse(&path, TasksKind::Handlers, &context.keywords.collections, span)
    }

    fn role(
        &self,
        name: &str,
        from: &RoleFrom,
        context: &Context,
        span: &Span,
    ) -> Result<Arc<RoleFiles>, Error> {
        let found = self.finder.collection_role(name, &context.keywords.collections);
        let (folder, collection, full) = match found {
            Some(role) => (role.folder, Some(role.collection), role.name),
            None => {
                let folder = self
                    .role_folder(
                        name,
                        &context.playbook_folder,
                        context.role.as_ref().map(|role| &*role.folder),
                    )
                    .map_err(|tried| role_not_found(name, &tried, context, span))?;
                // By the name that it was called, a path too (case `role-search-path`).
                (folder, None, name.to_owned())
            }
        };
        let collections = &context.keywords.collections;
        self.announce_role(&folder, collections, &context.playbook_folder);
        let part = |part: &str, from: Option<&String>| {
            Self::own_file((name, &folder), part, from.map(String::as_str), span)
        };
        let tasks = part("tasks", from.tasks.as_ref())?;
        let wanted = [
            ("tasks", &from.tasks, Whole::File),
            ("handlers", &from.handlers, Whole::File),
            ("vars", &from.vars, Whole::FileOrFolder),
            ("defaults", &from.defaults, Whole::FileOrFolder),
        ];
        for (part, wanted, whole) in wanted {
            missing_part(&folder, part, wanted.as_deref(), whole, span)?;
        }
        let meta = match part("meta", None)? {
            Some(path) => {
                let source = self.read(&path, Some(span))?;
                let (meta, warnings) = parse_role_meta(&source, name, &Oracle::new(self, &[]))
                    .map_err(|errors| parse_error(&errors))?;
                warnings.into_iter().for_each(|warning| self.warnings.add(warning));
                meta
            }
            None => RoleMeta::default(),
        };
        let searched = nafal_graph::searched(collection.as_deref(), &meta);
        let tasks =
            tasks.map(|path| self.parse(&path, TasksKind::Tasks, &searched, span)).transpose()?;
        let handlers = part("handlers", from.handlers.as_ref())?
            .map(|path| self.parse(&path, TasksKind::Handlers, &searched, span))
            .transpose()?;
        let meta = self.with_argument_specs(meta, &folder, span)?;
        Ok(Arc::new(RoleFiles {
            name: full,
            collection,
            tasks,
            handlers,
            defaults: self.role_variables(
                (name, &folder),
                "defaults",
                from.defaults.as_deref(),
                span,
            )?,
            vars: self.role_variables((name, &folder), "vars", from.vars.as_deref(), span)?,
            meta,
            folder,
        }))
    }

    fn warn(&self, warning: Diagnostic) {
        self.warnings.add(warning);
    }

    fn playbook_meta(&self, playbook: &Path, span: &Span) -> Result<PlaybookMeta, Error> {
        let base = playbook.with_extension("meta");
        let considered: Vec<PathBuf> = ["yml", "yaml", "json"]
            .into_iter()
            .map(|extension| base.with_extension(format!("meta.{extension}")))
            .chain([base.clone()])
            .collect();
        let Some(path) = considered.iter().find(|path| path.is_file()).cloned() else {
            return Ok(PlaybookMeta { considered, found: None });
        };
        let source = self.read(&path, Some(span))?;
        let (document, warnings) =
            nafal_parser::yaml::load_one(&source).map_err(|errors| parse_error(&errors))?;
        warnings.into_iter().for_each(|warning| self.warnings.add(warning));
        let value = document.map(|document| document.value).unwrap_or_default();
        Ok(PlaybookMeta { considered, found: Some((path, value)) })
    }

    fn render(&self, value: &Value, context: &Context) -> Result<Value, Error> {
        if value.is_settled() {
            return Ok(value.clone());
        }
        let known = Known { extra: &self.extra, context };
        let folder = context.playbook_folder.to_path_buf();
        let world = self.world(vec![folder], context);
        Renderer::new(&known, &world).render(value).map_err(|error| {
            let told = Box::new(error.to_diagnostic());
            if matches!(error.kind(), ErrorKind::Omit) {
                Error::Omitted(told)
            } else {
                Error::Template(told)
            }
        })
    }
}
