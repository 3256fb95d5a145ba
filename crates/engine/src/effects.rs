//! The world as templates and actions see it: files along a search path, processes, clock.

use std::collections::HashSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use nafal_base::{Diagnostic, Scope, Severity, Source, Text, Value};
use nafal_parser::vault::{self, Secrets};
use nafal_plugins::PythonPlugins;
use nafal_templating::effects::{OptionFault, PluginCall, PluginFailure, PluginKind, PluginOption};
use nafal_templating::{Effects, LoadedVariables, NoAnswer, UrlRequest, expand_user};
use nafal_variables::Store;

use crate::plugins;
use crate::settings::Settings;

/// Warnings that came up anywhere, until the coordinator takes them.
#[derive(Debug, Default)]
pub(crate) struct Warnings(Mutex<Waiting>);

/// Those that nobody has taken, and all that came so far: the same warning is told once a run.
#[derive(Debug, Default)]
struct Waiting {
    new: Vec<Diagnostic>,
    known: HashSet<String>,
}

impl Warnings {
    pub(crate) fn add(&self, diagnostic: Diagnostic) {
        let place = diagnostic.span.as_ref().map(ToString::to_string).unwrap_or_default();
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.known.insert(format!("{}\n{place}", diagnostic.message)) {
            waiting.new.push(diagnostic);
        }
    }

    /// Deprecations come last, as in stock's results (case `conditions-surrounded`).
    pub(crate) fn take(&self) -> Vec<Diagnostic> {
        let mut new =
            std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).new);
        new.sort_by_key(|diagnostic| diagnostic.severity == Severity::Deprecation);
        new
    }
}

/// The world for tasks that search these folders.
#[derive(Clone)]
pub(crate) struct World {
    folders: Vec<PathBuf>,
    playbook_folder: PathBuf,
    settings: Arc<Settings>,
    warnings: Arc<Warnings>,
    /// The run's hosts, once there are any.
    store: Option<Arc<Store>>,
    secrets: Arc<Secrets>,
    plugins: Arc<PythonPlugins>,
    task_folder: &'static str,
}

impl World {
    pub(crate) fn new(
        folders: Vec<PathBuf>,
        playbook_folder: PathBuf,
        settings: Arc<Settings>,
        warnings: Arc<Warnings>,
        secrets: Arc<Secrets>,
        plugins: Arc<PythonPlugins>,
    ) -> World {
        World {
            folders,
            playbook_folder,
            settings,
            warnings,
            store: None,
            secrets,
            plugins,
            task_folder: "files",
        }
    }

    /// The same for a task of this action, by whose name stock goes.
    pub(crate) fn for_action(mut self, action: &str) -> World {
        let kinds = [("template", "templates"), ("var", "vars")];
        let kind = kinds.into_iter().find(|(word, _)| action.contains(word));
        self.task_folder = kind.map_or("files", |(_, folder)| folder);
        self
    }

    /// The same with the hosts of a run.
    pub(crate) fn with_store(mut self, store: Option<Arc<Store>>) -> World {
        self.store = store;
        self
    }
}

/// As much of a file as tells whether it is a vault.
const HEAD: u64 = 32;

impl Effects for World {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let bytes = std::fs::read(path)?;
        self.secrets.open(bytes).map_err(io::Error::other)
    }

    fn read_sealed(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn is_sealed(&self, path: &Path) -> bool {
        let mut start = Vec::new();
        let mut file = std::fs::File::open(path).map(|file| file.take(HEAD));
        let read = file.as_mut().is_ok_and(|file| file.read_to_end(&mut start).is_ok());
        read && vault::is_encrypted(&start)
    }

    fn write(&self, path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
        use std::io::Write;
        use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
        let folder = path.parent().unwrap_or(Path::new("."));
        // What is written from templates are passwords: nobody else may look into their folder
        // (case `lookup-first-found-folders`).
        folder.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(mode))?;
        file.as_file().sync_all()?;
        file.persist(path).map(drop).map_err(|error| error.error)
    }

    fn find(&self, kinds: &[&str], name: &str) -> Option<PathBuf> {
        let wanted = PathBuf::from(expand_user(self, name));
        if wanted.is_absolute() {
            return wanted.exists().then_some(wanted);
        }
        for folder in &self.folders {
            let below = kinds.iter().map(|kind| folder.join(kind).join(&wanted));
            if let Some(found) = below.chain([folder.join(&wanted)]).find(|path| path.exists()) {
                return Some(found);
            }
        }
        None
    }

    fn search_path(&self) -> Vec<PathBuf> {
        self.folders.clone()
    }

    fn task_folder(&self) -> &'static str {
        self.task_folder
    }

    fn beside(&self, folder: &Path) -> Option<Box<dyn Effects>> {
        let mut inner = self.clone();
        inner.folders.push(folder.to_owned());
        Some(Box::new(inner))
    }

    fn glob(&self, pattern: &Path) -> io::Result<Vec<PathBuf>> {
        let folder = pattern.parent().unwrap_or(Path::new("."));
        let name = pattern.file_name().map(|name| name.to_string_lossy().into_owned());
        let matcher = globset::Glob::new(&name.unwrap_or_default())
            .map_err(io::Error::other)?
            .compile_matcher();
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut found: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.file_name().is_some_and(|name| matcher.is_match(name)))
            .collect();
        found.sort();
        Ok(found)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut found: Vec<PathBuf> =
            std::fs::read_dir(folder)?.filter_map(|entry| entry.ok().map(|e| e.path())).collect();
        found.sort();
        Ok(found)
    }

    fn metadata(&self, path: &Path) -> io::Result<std::fs::Metadata> {
        std::fs::symlink_metadata(path)
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }

    fn env(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn current_folder(&self) -> PathBuf {
        self.playbook_folder.clone()
    }

    fn pipe(&self, command: &str) -> io::Result<(i32, Vec<u8>)> {
        let output = std::process::Command::new("/bin/sh")
            .arg("-c")
            .arg(command)
            .current_dir(&self.playbook_folder)
            .stdin(std::process::Stdio::null())
            .stderr(std::process::Stdio::inherit())
            .output()?;
        Ok((output.status.code().unwrap_or(-1), output.stdout))
    }

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        getrandom::fill(bytes).map_err(io::Error::other)
    }

    fn setting(&self, name: &str) -> Option<Value> {
        self.settings.named.get(name).map(|setting| setting.value.clone())
    }

    fn setting_origin(&self, name: &str) -> Option<String> {
        self.settings.named.get(name).map(|setting| setting.origin.clone())
    }

    fn varied_setting(
        &self,
        name: &str,
        variable: &dyn Fn(&str) -> Option<Value>,
    ) -> Result<Option<(Value, String)>, OptionFault> {
        self.settings.named.varied(name, variable)
    }

    fn plugin_setting(
        &self,
        asked: &PluginOption<'_>,
        variable: &dyn Fn(&str) -> Option<Value>,
    ) -> Result<(Value, String), OptionFault> {
        self.settings.named.of_plugin(asked, variable)
    }

    fn foreign_plugin_setting(
        &self,
        asked: &PluginOption<'_>,
        scope: &dyn Scope,
    ) -> Result<(Value, String), OptionFault> {
        plugins::option(&self.plugins, self, asked, scope)
    }

    fn fetch(&self, request: &UrlRequest) -> Result<Vec<u8>, NoAnswer> {
        crate::urls::fetch(request)
    }

    fn variables(&self, path: &Path) -> Result<LoadedVariables, String> {
        let bytes = self.read_sealed(path).map_err(|error| error.to_string())?;
        let is_vault = nafal_parser::vault::is_encrypted(&bytes);
        let bytes = self.secrets.open(bytes).map_err(|error| error.to_string())?;
        let text = nafal_parser::yaml::decode(bytes).map_err(|error| error.to_string())?;
        let source = Source::new(path.display().to_string(), text);
        match nafal_parser::load_variables(&source) {
            Ok((variables, warnings)) => {
                warnings.into_iter().for_each(|warning| self.warnings.add(warning));
                Ok(LoadedVariables { variables, is_vault })
            }
            Err(errors) => Err(errors.first().map(ToString::to_string).unwrap_or_default()),
        }
    }

    fn yaml(&self, text: &str) -> Result<Value, String> {
        nafal_parser::yaml::load_plain(text)
    }

    fn yaml_documents(&self, text: &str) -> Result<Vec<Value>, String> {
        nafal_parser::yaml::load_plain_all(text)
    }

    fn hosts(&self, pattern: &str) -> Result<Vec<String>, String> {
        let Some(store) = &self.store else {
            return Err("no inventory is available here".to_owned());
        };
        // Stock's lookup takes a pattern that is wrong for one that means nobody.
        let matched = store.inventory().matching(pattern, None).unwrap_or_default();
        matched.warnings.into_iter().for_each(|warning| self.warnings.add(warning));
        Ok(matched.hosts.iter().map(|host| host.as_str().to_owned()).collect())
    }

    fn has_plugin(&self, kind: PluginKind, name: &str) -> bool {
        // What keeps Python from looking is told by whoever calls it.
        let found = self.plugins.find(plugins::kind(kind), name, &|warning| self.warn(warning));
        !matches!(found, Ok(None))
    }

    fn call_plugin(&self, call: PluginCall<'_>) -> Result<Value, PluginFailure> {
        plugins::call(&self.plugins, self, call)
    }

    fn tell(&self, diagnostic: Diagnostic) {
        if let Some(diagnostic) = nafal_base::told::keep(diagnostic) {
            self.warnings.add(diagnostic);
        }
    }

    fn decrypt(&self, vault: &str) -> Result<String, String> {
        let clear = self.secrets.decrypt(vault.as_bytes()).map_err(|error| error.to_string())?;
        Ok(String::from_utf8_lossy(&clear).into_owned())
    }

    fn decrypt_with(&self, vault: &str, secret: &str) -> Result<Text, String> {
        vault::decrypt_text(vault, secret).map_err(|error| error.to_string())
    }

    fn encrypt(
        &self,
        text: &str,
        secret: &str,
        id: Option<&str>,
        salt: Option<&str>,
    ) -> Result<Text, String> {
        vault::encrypt_text(text, secret, id, salt).map_err(|error| error.to_string())
    }
}
