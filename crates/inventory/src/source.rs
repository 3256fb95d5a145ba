//! From what is given with `-i` to an inventory: which reader takes a source, folders, what is
//! said when none does.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use nafal_base::{Diagnostic, Source, Span, Text, Value};
use nafal_parser::vault::Secrets;

use crate::data::{Data, Inventory};
use crate::enabled::short;
use crate::error::Error;
use crate::group_names::GroupNames;
use crate::group_set::Cache;
use crate::plugin::PluginOptions;
use crate::rules::Rules;
use crate::surroundings::Templates;
use crate::{host_list, ini, script, structured, toml};

/// What stands behind an `-i`: a path, or hosts with commas.
pub type SourceSpec = String;

/// What it means that a source can't be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unparsed {
    /// Warnings only.
    #[default]
    Warned,
    /// An error if no source can be read (INVENTORY_UNPARSED_IS_FAILED).
    AllFail,
    /// An error if any can't (INVENTORY_ANY_UNPARSED_IS_FAILED).
    AnyFails,
}

/// What becomes of the errors that a script writes though it succeeds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScriptErrors {
    /// They are shown.
    #[default]
    Shown,
    /// They aren't (`always_show_stderr` is off).
    Hidden,
}

/// How sources are read.
#[derive(Clone, Debug)]
pub struct Options {
    /// The readers, in order (INVENTORY_ENABLED).
    pub enabled: Vec<String>,
    /// Ends of names that are left out in folders (INVENTORY_IGNORE_EXTS).
    pub ignored_extensions: Vec<String>,
    /// Regular expressions of names that are left out too (INVENTORY_IGNORE_PATTERNS).
    pub ignored_patterns: Vec<String>,
    /// Ends of names that YAML inventories may have (`yaml_extensions` of the plugin).
    pub yaml_extensions: Vec<String>,
    /// What it means that a source can't be read.
    pub unparsed: Unparsed,
    /// How variables come together.
    pub rules: Arc<Rules>,
    /// What becomes of the errors that a script writes though it succeeds.
    pub script_errors: ScriptErrors,
    /// What becomes of names of groups that no variable could have.
    pub group_names: GroupNames,
    /// What plugins are given.
    pub plugins: PluginOptions,
    /// What vaults are opened with.
    pub secrets: Arc<Secrets>,
    /// The Python of the controller, which the implicit localhost uses.
    pub playbook_python: Option<String>,
}

impl Default for Options {
    fn default() -> Options {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Options {
            enabled: owned(&["host_list", "script", "auto", "yaml", "ini", "toml"]),
            ignored_extensions: owned(&[
                ".pyc", ".pyo", ".swp", ".bak", "~", ".rpm", ".md", ".txt", ".rst", ".orig",
                ".cfg", ".retry",
            ]),
            ignored_patterns: Vec::new(),
            yaml_extensions: owned(&[".yaml", ".yml", ".json"]),
            unparsed: Unparsed::Warned,
            rules: Arc::default(),
            script_errors: ScriptErrors::Shown,
            group_names: GroupNames::default(),
            plugins: PluginOptions::default(),
            secrets: Arc::default(),
            playbook_python: None,
        }
    }
}

/// Why a reader did not take a source.
pub(crate) struct Failure {
    pub plugin: &'static str,
    pub error: Error,
}

pub(crate) struct Loader<'a> {
    pub options: &'a Options,
    pub data: Data,
    pub warnings: Vec<Diagnostic>,
    /// The YAML document that was read last.
    pub document: Option<(Arc<str>, structured::Document)>,
    ignored: Vec<fancy_regex::Regex>,
}

impl Inventory {
    /// Reads sources in order. What can't be read is a warning, or an error where the options say
    /// so.
    pub fn load(
        sources: &[SourceSpec],
        options: &Options,
    ) -> Result<(Inventory, Vec<Diagnostic>), Error> {
        let mut empty = Inventory::empty();
        if let Some(python) = &options.playbook_python {
            empty.set_playbook_python(python);
        }
        let ignored = options
            .ignored_patterns
            .iter()
            .filter_map(|pattern| fancy_regex::Regex::new(pattern).ok())
            .collect();
        let mut data = Arc::unwrap_or_clone(empty.0);
        data.rules = Arc::clone(&options.rules);
        data.on_demand = data.rules.stage.for_inventory();
        data.odd_names = Some(Vec::new());
        data.group_names = options.group_names;
        data.cache = Cache::with_secrets(&options.secrets);
        let mut loader = Loader { options, data, warnings: Vec::new(), document: None, ignored };
        if !sources.is_empty() {
            loader.check_enabled()?;
        }
        let mut parsed = 0;
        for source in sources {
            let Some(source) = absolute(source) else {
                continue;
            };
            loader.data.sources.push(Arc::clone(&source));
            loader.data.add_folder(&source);
            if loader.source(&source)? {
                parsed += 1;
            } else if options.unparsed == Unparsed::AnyFails {
                // The error stands for the last warning, which says the same.
                loader.warnings.pop();
                return Err(loader
                    .nothing(&format!("Completely failed to parse inventory source {source}")));
            }
        }
        loader.finish(parsed, sources.len())
    }
}

impl Loader<'_> {
    /// What renders templates.
    pub fn templates(&self) -> Result<Arc<dyn Templates>, Error> {
        let templates = self.options.plugins.templates.clone();
        templates.ok_or_else(|| Error::source("nothing here renders templates"))
    }

    fn finish(
        mut self,
        parsed: usize,
        sources: usize,
    ) -> Result<(Inventory, Vec<Diagnostic>), Error> {
        if parsed > 0 {
            self.data.reconcile(&mut self.warnings);
        } else if self.options.unparsed == Unparsed::AllFail {
            let message = "No inventory was parsed, please check your configuration and options.";
            return Err(self.nothing(message));
        } else if sources > 0 {
            self.warnings.push(Diagnostic::warning(
                "No inventory was parsed, only implicit localhost is available",
            ));
        }
        if let Some(message) = self.data.group_names_warning() {
            // Sources in YAML are read whole before their groups are added.
            let is_read = |told: &&Diagnostic| told.message.starts_with("Found duplicate mapping");
            let place = self.warnings.iter().take_while(is_read).count();
            self.warnings.insert(place, Diagnostic::warning(message));
        }
        self.data.odd_names = None;
        Ok((Inventory(Arc::new(self.data)), self.warnings))
    }

    /// Reads one source; whether anything took it.
    fn source(&mut self, source: &Arc<str>) -> Result<bool, Error> {
        let path = Path::new(&**source);
        if path.is_dir() {
            let parsed = self.folder(path)?;
            if !parsed {
                self.unparsed(source);
            }
            return Ok(parsed);
        }
        let mut failures = Vec::new();
        for plugin in &self.options.enabled {
            let name = short(plugin);
            let attempt = self.plugin(plugin, source);
            self.warnings.extend(self.data.odd_names.iter_mut().flat_map(std::mem::take));
            match attempt {
                None => self.data.notes.push(format!(
                    "{name} declined parsing {source} as it did not pass its verify_file() method"
                )),
                Some(Ok(())) => {
                    let note = format!("Parsed {source} inventory source with {name} plugin");
                    self.data.notes.push(note);
                    return Ok(true);
                }
                Some(Err(failure)) => failures.push(failure),
            }
        }
        for Failure { plugin, error } in failures {
            self.warnings.push(failed(plugin, &error));
        }
        self.unparsed(source);
        Ok(false)
    }

    fn unparsed(&mut self, source: &str) {
        self.data.is_whole = false;
        self.warnings
            .push(Diagnostic::warning(format!("Unable to parse {source} as an inventory source")));
    }

    /// The files of a folder by name, those below it too.
    fn folder(&mut self, folder: &Path) -> Result<bool, Error> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| !self.is_ignored(name))
            .collect();
        names.sort_unstable();
        let mut parsed = false;
        for name in names {
            let path: Arc<str> = Arc::from(folder.join(name).to_string_lossy());
            parsed |= self.source(&path)?;
        }
        Ok(parsed)
    }

    fn is_ignored(&self, name: &str) -> bool {
        name.starts_with('.')
            || matches!(name, "host_vars" | "group_vars" | "vars_plugins")
            || self.options.ignored_extensions.iter().any(|end| name.ends_with(end.as_str()))
            || self.ignored.iter().any(|pattern| pattern.is_match(name).unwrap_or(false))
    }

    /// Lets one reader try; None when the source isn't of its kind.
    fn plugin(&mut self, plugin: &str, source: &Arc<str>) -> Option<Result<(), Failure>> {
        let (plugin, result) = self.attempt(plugin, source)?;
        Some(result.map_err(|error| {
            let described = format!("<inventory plugin '{plugin}' with source '{source}'>");
            let place = Span::whole(&Source::new(described, ""));
            Failure { plugin, error: error.at(&place) }
        }))
    }

    /// The same, with no place for what is wrong with the source as a whole.
    pub fn attempt(
        &mut self,
        plugin: &str,
        source: &Arc<str>,
    ) -> Option<(&'static str, Result<(), Error>)> {
        let path = Path::new(&**source);
        let extension = path.extension().and_then(|extension| extension.to_str());
        let (is_file, is_toml) = (path.is_file(), extension == Some("toml"));
        Some(match short(plugin) {
            "host_list" if source.contains(',') && !path.exists() => {
                host_list::read(source, self);
                ("host_list", Ok(()))
            }
            "advanced_host_list" if source.contains(',') && !path.exists() => {
                ("advanced_host_list", host_list::read_ranges(source, self))
            }
            "constructed" if is_file && is_configuration(extension) => {
                ("constructed", structured::named("constructed", source, self))
            }
            "generator" if is_file && is_configuration(extension) => {
                ("generator", structured::named("generator", source, self))
            }
            "script" if is_file && script::is_script(path) => {
                ("script", script::read(source, self))
            }
            "auto" if is_file && matches!(extension, Some("yml" | "yaml")) => {
                ("auto", structured::auto(source, self))
            }
            "yaml" if is_file && self.is_yaml(extension) => {
                ("yaml", structured::read(source, self))
            }
            // `/dev/null` is an inventory without hosts, which many runs are given.
            "ini" if (is_file && !is_toml) || path == Path::new("/dev/null") => {
                ("ini", self.ini(source))
            }
            "toml" if is_file && is_toml => ("toml", toml::read(source, self)),
            _ => return None,
        })
    }

    fn is_yaml(&self, extension: Option<&str>) -> bool {
        let known = &self.options.yaml_extensions;
        extension.is_none_or(|own| known.iter().any(|known| known.strip_prefix('.') == Some(own)))
    }

    fn ini(&mut self, source: &Arc<str>) -> Result<(), Error> {
        let text = read_text(source, &self.options.secrets)?;
        let origin = Source::new(&**source, text);
        ini::read(&origin, source, &mut self.data)
            .map_err(|error| error.at(&Span::whole(&Source::new(&**source, ""))))
    }
}

/// Whether a plugin's configuration may have this extension.
fn is_configuration(extension: Option<&str>) -> bool {
    matches!(extension, None | Some("config" | "yml" | "yaml" | "json"))
}

/// A file's text; what isn't UTF-8 is replaced.
pub(crate) fn read_text(path: &str, secrets: &Secrets) -> Result<String, Error> {
    let bytes = fs::read(path)
        .map_err(|error| Error::source(format!("Unable to read source file '{path}': {error}")))?;
    let bytes = secrets
        .open(bytes)
        .map_err(|error| Error::Sealed { message: error.to_string(), path: path.to_owned() })?;
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

/// A reader's failure, as stock says it.
fn failed(plugin: &str, error: &Error) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::warning(format!("Failed to parse inventory with '{plugin}' plugin."));
    match error {
        Error::Sealed { message, path } => {
            let own = Span::whole(&Source::new(path.as_str(), ""));
            let described = format!("<inventory plugin '{plugin}' with source '{path}'>");
            let described = Span::whole(&Source::new(described, ""));
            diagnostic = match plugin {
                "ini" => diagnostic
                    .caused_by("Failed to parse inventory.", Some(described))
                    .caused_by(message.clone(), Some(own)),
                "auto" => diagnostic.caused_by(message.clone(), Some(own)),
                _ => diagnostic.caused_by(message.clone(), Some(described)),
            };
        }
        Error::Caused { message, cause, span } => {
            diagnostic = diagnostic
                .caused_by(format!("{message}."), span.clone())
                .caused_by(cause.clone(), None);
        }
        other => {
            let below = other.diagnostic();
            diagnostic = diagnostic.caused_by(below.message, below.span);
            diagnostic.causes.extend(below.causes);
            diagnostic.hint = below.hint;
        }
    }
    diagnostic
}

/// A path as an absolute one, a list as it is; None for nothing.
fn absolute(source: &str) -> Option<Arc<str>> {
    if source.is_empty() {
        return None;
    }
    if source.contains(',') && !Path::new(source).exists() {
        return Some(Arc::from(source));
    }
    let path = std::path::absolute(source).ok()?;
    let mut clean = std::path::PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    Some(Arc::from(clean.to_string_lossy()))
}

impl Data {
    /// Where `group_vars/` and `host_vars/` of a source are: beside a file, inside a folder.
    fn add_folder(&mut self, source: &str) {
        let path = Path::new(source);
        let folder = if path.is_dir() {
            Some(path)
        } else if source.contains(',') && !path.exists() {
            None
        } else {
            path.parent()
        };
        if let Some(folder) = folder
            && !self.folders.iter().any(|known| known == folder)
        {
            self.folders.push(folder.to_owned());
        }
    }
}

impl Inventory {
    /// The interpreter that modules in Python use on the implicit localhost.
    fn set_playbook_python(&mut self, python: &str) {
        let data = Arc::make_mut(&mut self.0);
        for host in &mut data.implicit {
            let host = Arc::make_mut(host);
            host.vars.insert("ansible_python_interpreter", Value::Str(Text::new(python)));
        }
    }
}
