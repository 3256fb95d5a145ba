//! A play's `vars_files`: their names are rendered for each host and task, since a name may hang on
//! a fact that isn't known from the beginning. A file is read once, and again when it has changed.

use std::collections::HashMap;
use std::fmt;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use nafal_base::{Diagnostic, Dict, Severity, Value};
use nafal_executor::Services;
use nafal_graph::{Context, Library};
use nafal_parser::playbook::ast::Play;
use nafal_templating::{Effects, Renderer};
use nafal_variables::{
    FilesFault, FoundFiles, Layer, LayerKind, PlayContext, PlayFiles, TaskScope,
};

use crate::error::Error;
use crate::playbooks::ReadyPlay;
use crate::run::Course;
use crate::services::EngineServices;

/// A fact that every gathering brings: from then on a name must be known.
const GATHERED: &str = "module_setup";

/// What tells one state of a file from another.
type Stamp = (u64, u64, i64, i64);

/// The files of one play.
struct VarsFiles {
    entries: Vec<Value>,
    own: Vec<Layer>,
    folder: PathBuf,
    services: Arc<EngineServices>,
    effects: Arc<dyn Effects>,
    read: Mutex<HashMap<PathBuf, (Stamp, Dict)>>,
}

impl fmt::Debug for VarsFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.entries.iter().map(Value::repr)).finish()
    }
}

impl Course<'_> {
    /// The files of a play whose own variables are `own`; None when it has none. What can be said
    /// without a host is said now.
    pub(crate) fn vars_files(
        &self,
        ready: &ReadyPlay,
        own: &[Layer],
        context: &PlayContext,
    ) -> Result<Option<Arc<dyn PlayFiles>>, Error> {
        let play = &ready.play;
        if play.vars_files.is_empty() {
            return Ok(None);
        }
        let own_vars = Layer::new(LayerKind::PlayVars, play.keywords.vars.clone());
        let files = VarsFiles {
            entries: play.vars_files.clone(),
            own: std::iter::once(own_vars).chain(own.iter().cloned()).collect(),
            services: Arc::clone(&self.services),
            folder: ready.folder.clone(),
            effects: self.services.effects(&ready.context()),
            read: Mutex::default(),
        };
        let found = files.find(&TaskScope::without_host(&self.store, &Arc::new(context.clone())));
        match found.fault {
            Some(FilesFault::Content(diagnostics)) => Err(Error::Load { diagnostics, code: 4 }),
            Some(FilesFault::Fatal(diagnostic)) => Err(Error::load(*diagnostic, 1)),
            None => Ok(Some(Arc::new(files))),
        }
    }
}

impl PlayFiles for VarsFiles {
    fn find(&self, scope: &TaskScope) -> FoundFiles {
        let mut found = FoundFiles::default();
        let mut known = self.own.clone();
        for entry in &self.entries {
            match self.entry(entry, &scope.for_files(&known)) {
                Ok(None) => {}
                Ok(Some(vars)) => {
                    let layer = Layer::new(LayerKind::VarsFiles, vars);
                    known.push(layer.clone());
                    found.layers.push(layer);
                }
                Err(fault) => {
                    found.fault = Some(fault);
                    break;
                }
            }
        }
        found
    }
}

impl VarsFiles {
    /// What the first file of an entry that is there gives.
    fn entry(&self, entry: &Value, scope: &TaskScope) -> Result<Option<Dict>, FilesFault> {
        let renderer = Renderer::new(scope, &*self.effects);
        for name in names(entry) {
            let rendered = match renderer.render(name) {
                Ok(rendered) => rendered,
                Err(error) if error.is_undefined() => return self.unknown(entry, scope, &error),
                Err(error) => return Err(FilesFault::Fatal(Box::new(error.to_diagnostic()))),
            };
            let shown = rendered.to_text();
            if let Some((path, metadata)) = found(&self.folder, &shown) {
                return self.content(&path, &metadata, name).map(Some);
            }
        }
        Ok(None)
    }

    /// A name that can't be told yet leaves its entry out, until facts are known.
    fn unknown(
        &self,
        entry: &Value,
        scope: &TaskScope,
        error: &nafal_templating::Error,
    ) -> Result<Option<Dict>, FilesFault> {
        if !scope.variables().facts.contains(GATHERED) {
            self.effects.tell(skipped(entry));
            return Ok(None);
        }
        let message = format!(
            "an undefined variable was found when attempting to template the vars_files item '{}'",
            entry.to_text()
        );
        let mut cause = error;
        while let Some(next) = cause.cause() {
            cause = next;
        }
        let diagnostic = Diagnostic::error(message)
            .at(entry.span().cloned())
            .caused_by(cause.message(), cause.span().cloned());
        Err(FilesFault::Fatal(Box::new(diagnostic)))
    }

    fn content(&self, path: &Path, metadata: &Metadata, name: &Value) -> Result<Dict, FilesFault> {
        let stamp: Stamp =
            (metadata.ino(), metadata.size(), metadata.mtime(), metadata.mtime_nsec());
        let known = || self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, vars)) = known().get(path)
            && *at == stamp
        {
            return Ok(vars.clone());
        }
        let vars = self
            .services
            .files
            .vars_file(path, name.span())
            .map_err(|error| unreadable(path, &error))?;
        known().insert(path.to_owned(), (stamp, vars.clone()));
        Ok(vars)
    }
}

fn skipped(entry: &Value) -> Diagnostic {
    let message = "skipping vars_files item due to an undefined variable";
    Diagnostic::new(Severity::Warning, message).at(entry.span().cloned())
}

/// The names that an entry takes one of.
fn names(entry: &Value) -> &[Value] {
    match entry {
        Value::List(items) => items,
        other => std::slice::from_ref(other),
    }
}

/// The file that a name stands for, if it is there.
fn found(folder: &Path, name: &str) -> Option<(PathBuf, Metadata)> {
    let places = [folder.join("vars").join(name), folder.join(name)];
    places.into_iter().find_map(|path| {
        let metadata = std::fs::metadata(&path).ok().filter(Metadata::is_file)?;
        Some((path, metadata))
    })
}

/// What a play's files give before there is a host: tags and imports see it (case `vars-files-before`).
#[derive(Default)]
pub(crate) struct KnownFiles {
    /// Their variables, weakest first.
    pub vars: Vec<Dict>,
    /// What is to be said of names that can't be told yet.
    pub warnings: Vec<Diagnostic>,
}

/// Reads what can be read before there is a host. What is wrong with a file is told when the play begins.
pub(crate) fn files_without_host(
    play: &Play,
    folder: &Path,
    services: &EngineServices,
) -> KnownFiles {
    let (keywords, vars) = (play.keywords.clone(), play.keywords.vars.clone());
    let mut context = Context::play(keywords, vars, folder.to_owned());
    let mut warnings = Vec::new();
    for entry in &play.vars_files {
        for name in names(entry) {
            let Ok(rendered) = services.files.render(name, &context) else {
                warnings.push(skipped(entry));
                break;
            };
            if let Some((path, _)) = found(folder, &rendered.to_text()) {
                context.layers.play_files.extend(services.files.vars_file(&path, name.span()));
                break;
            }
        }
    }
    KnownFiles { vars: context.layers.play_files, warnings }
}

/// A file of variables that is there and can't be used.
fn unreadable(path: &Path, error: &nafal_graph::Error) -> FilesFault {
    let diagnostics = error.diagnostics();
    match (error, diagnostics.first()) {
        // A vault that can't be opened.
        (nafal_graph::Error::File { .. }, Some(first)) => {
            let message = format!("Invalid vars_files file '{}'", path.display());
            let headline = Diagnostic::error(message);
            let told = headline.caused_by(first.message.clone(), first.span.clone());
            FilesFault::Fatal(Box::new(told))
        }
        _ => FilesFault::Content(diagnostics),
    }
}
