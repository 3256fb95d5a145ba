//! Playbooks read and compiled before anything runs: everything that is wrong with them is told
//! at once.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use nafal_actions::Finder;
use nafal_base::{Diagnostic, Dict, Source, Span, Text, Value};
use nafal_graph::{Context, Library, TaskGraph, compile_play, inherit};
use nafal_parser::playbook::ast::{Entry, ImportPlaybook, Play, Playbook};

use crate::engine::Engine;
use crate::error::Error;
use crate::library::tidy;
use crate::oracle::Oracle;
use crate::services::{EngineServices, diagnostics};
use crate::vars_files::{KnownFiles, files_without_host};

/// A play that is ready to run.
pub(crate) struct ReadyPlay {
    pub play: Play,
    /// The folder of the playbook that it is written in.
    pub folder: PathBuf,
    /// What its `vars_files` give without a host.
    pub files: KnownFiles,
    pub graph: TaskGraph,
    /// What was answered to its `vars_prompt`, once that was asked.
    pub answers: OnceLock<Dict>,
}

impl ReadyPlay {
    /// What the play's own keywords are rendered in: answers, too (case `prompt-hosts`).
    pub(crate) fn context(&self) -> Context {
        let keywords = self.play.keywords.clone();
        let mut vars = keywords.vars.clone();
        for (name, answer) in self.answers.get().into_iter().flatten() {
            vars.insert(name.clone(), answer.clone());
        }
        Context::play(keywords, vars, self.folder.clone())
    }

    /// One of the play's own keywords, rendered; no host has a say in it.
    pub(crate) fn render(&self, value: &Value, services: &EngineServices) -> Result<Value, Error> {
        let rendered = services.files.render(value, &self.context());
        rendered.map_err(|error| Error::Load { diagnostics: error.diagnostics(), code: 4 })
    }

    /// The same where `omit` means the default.
    pub(crate) fn render_optional(
        &self,
        value: &Value,
        services: &EngineServices,
    ) -> Result<Option<Value>, Error> {
        match services.files.render(value, &self.context()) {
            Ok(value) => Ok(Some(value)),
            Err(nafal_graph::Error::Omitted(_)) => Ok(None),
            Err(error) => Err(Error::Load { diagnostics: error.diagnostics(), code: 4 }),
        }
    }
}

/// How deep playbooks may import each other.
const DEEPEST: usize = 50;

/// What went wrong so far, and the exit code of the first of it.
#[derive(Default)]
struct Faults {
    diagnostics: Vec<Diagnostic>,
    code: Option<u8>,
}

impl Faults {
    fn add(&mut self, diagnostics: Vec<Diagnostic>, code: u8) {
        self.diagnostics.extend(diagnostics);
        self.code.get_or_insert(code);
    }
}

/// The folder of a playbook, absolute.
pub(crate) fn folder_of(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    tidy(absolute.parent().unwrap_or(Path::new("/")))
}

impl Engine {
    /// Reads and compiles a playbook with everything that it imports.
    pub(crate) fn ready(
        &self,
        path: &Path,
        services: &EngineServices,
    ) -> Result<Vec<ReadyPlay>, Error> {
        let mut faults = Faults::default();
        let mut plays = Vec::new();
        self.gather(path, services, &[], &mut plays, &mut faults);
        if faults.code.is_some() {
            return Err(faults.into());
        }
        let mut ready = Vec::with_capacity(plays.len());
        for (play, folder) in plays {
            let files = files_without_host(&play, &folder, services);
            let compiled = services.compile(|settings, numbers| {
                compile_play(&play, &folder, &files.vars, settings, numbers)
            });
            match compiled {
                Ok(graph) => {
                    ready.push(ReadyPlay { play, folder, files, graph, answers: OnceLock::new() })
                }
                Err(errors) => {
                    let code = errors.first().map_or(1, compile_code);
                    faults.add(diagnostics(&errors), code);
                }
            }
        }
        if faults.code.is_some() { Err(faults.into()) } else { Ok(ready) }
    }

    /// Appends the plays of a file, each with its folder; `around` are the imports on the way, outermost first.
    fn gather(
        &self,
        path: &Path,
        services: &EngineServices,
        around: &[ImportPlaybook],
        plays: &mut Vec<(Play, PathBuf)>,
        faults: &mut Faults,
    ) {
        services.files.finder.add_playbook(&folder_of(path));
        let Some(playbook) = self.read(path, services, around, faults) else { return };
        for entry in playbook.entries {
            match entry {
                Entry::Play(mut play) => {
                    if play.keywords.collections.is_empty() {
                        play.keywords.collections = own_collection(path, &services.files.finder);
                    }
                    plays.push((inherited(*play, around), folder_of(path)));
                }
                Entry::Import(import) => {
                    let Some(file) = self.imported(&import, path, services, faults) else {
                        continue;
                    };
                    let mut inner = around.to_vec();
                    inner.push(*import);
                    self.gather(&file, services, &inner, plays, faults);
                }
            }
        }
    }

    fn read(
        &self,
        path: &Path,
        services: &EngineServices,
        around: &[ImportPlaybook],
        faults: &mut Faults,
    ) -> Option<Playbook> {
        let span = around.last().map(|import| import.span.clone());
        if around.len() > DEEPEST {
            let message = format!("{} imports itself without an end", path.display());
            faults.add(vec![Diagnostic::error(message).at(span)], 1);
            return None;
        }
        let absolute = tidy(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
        let Ok(bytes) = std::fs::read(&absolute) else {
            let message = match around {
                [] => format!("the playbook: {} could not be found", path.display()),
                _ => nowhere(&absolute),
            };
            faults.add(vec![Diagnostic::error(message).at(span)], 1);
            return None;
        };
        let bytes = match self.request.vault.open(bytes) {
            Ok(bytes) => bytes,
            Err(error) => {
                let place = Span::whole(&Source::new(absolute.display().to_string(), ""));
                faults.add(vec![Diagnostic::error(error.to_string()).at(place)], 1);
                return None;
            }
        };
        let text = match nafal_parser::yaml::decode(bytes) {
            Ok(text) => text,
            Err(error) => {
                faults.add(error.told(&absolute.display().to_string()).into(), 4);
                return None;
            }
        };
        let source: Arc<Source> = Source::new(absolute.display().to_string(), text);
        match nafal_parser::parse_playbook(
            &source,
            &Oracle::of_playbook(
                &services.files,
                &own_collection(&absolute, &services.files.finder),
                &folder_of(path),
            ),
        ) {
            Ok((playbook, warnings)) => {
                warnings.into_iter().for_each(|warning| services.warnings.add(warning));
                Some(playbook)
            }
            Err(errors) => {
                let code = errors.first().map_or(4, |error| error.exit_code().number());
                let all = errors.iter().map(nafal_parser::Error::diagnostic).collect();
                faults.add(all, u8::try_from(code).unwrap_or(4));
                None
            }
        }
    }

    /// The file that `import_playbook` names.
    fn imported(
        &self,
        import: &ImportPlaybook,
        path: &Path,
        services: &EngineServices,
        faults: &mut Faults,
    ) -> Option<PathBuf> {
        let folder = folder_of(path);
        let vars: Dict = import.keywords.vars.clone();
        let context = Context::play(import.keywords.clone(), vars, folder.clone());
        match services.files.render(&import.file.source, &context) {
            Ok(name) => {
                let name = name.to_text();
                let finder = &services.files.finder;
                let collection = name.rsplit_once('.').map(|(collection, _)| collection);
                if let Some(refusal) = collection.and_then(|name| finder.refused_collection(name)) {
                    faults.add(vec![Diagnostic::error(refusal)], 1);
                    return None;
                }
                let of_collection = finder.collection_playbook(&name);
                Some(of_collection.unwrap_or_else(|| folder.join(&*name)))
            }
            Err(error) => {
                let mut all = error.diagnostics();
                if let Some(first) = all.first_mut() {
                    first.message =
                        format!("Error processing keyword 'import_playbook': {}", first.message);
                }
                faults.add(all, 4);
                None
            }
        }
    }
}

fn nowhere(path: &Path) -> String {
    format!(
        "Unable to retrieve file contents. Could not find or access '{0}' on the Ansible Controller: [Errno 2] No such file or directory: '{0}' If you are using a module and expect the file to exist on the remote, see the remote_src option.",
        path.display()
    )
}

/// A collection's playbooks search it where they name none.
fn own_collection(path: &Path, finder: &Finder) -> Vec<Text> {
    collection_around(path, finder).into_iter().collect()
}

/// The collection that a playbook is in: one that is found by its name where the playbook is, and not merely a
/// folder that is called like one (case `playbook-in-collection`).
pub(crate) fn collection_around(path: &Path, finder: &Finder) -> Option<Text> {
    let folder = folder_of(path);
    let name = nafal_plugins::collection_of(&folder)?;
    let found = finder.collection(&name)?;
    let found = tidy(&std::path::absolute(&found).unwrap_or(found));
    folder.starts_with(found).then(|| Text::new(name))
}

/// A play with what the imports around it say.
fn inherited(mut play: Play, around: &[ImportPlaybook]) -> Play {
    for import in around.iter().rev() {
        let name = play.keywords.name.clone();
        // The one keyword that an import takes and doesn't hand on (case `module-defaults`).
        let defaults = play.keywords.module_defaults.clone();
        let mut vars = std::mem::take(&mut play.keywords.vars);
        vars.lay_over(&import.keywords.vars);
        play.keywords = inherit(&import.keywords, &play.keywords);
        play.keywords.name = name;
        play.keywords.module_defaults = defaults;
        play.keywords.vars = vars;
    }
    play
}

fn compile_code(error: &nafal_graph::Error) -> u8 {
    match error {
        nafal_graph::Error::Parse(_)
        | nafal_graph::Error::Template(_)
        | nafal_graph::Error::Omitted(_) => 4,
        _ => 1,
    }
}

impl From<Faults> for Error {
    fn from(faults: Faults) -> Error {
        Error::Load { diagnostics: faults.diagnostics, code: faults.code.unwrap_or(1) }
    }
}

/// The name of a play without one: its patterns, of which a list's stay as they are written (case
/// `role-like-ceph`).
pub(crate) fn named_by_hosts(written: &Value, rendered: &[String]) -> String {
    match written {
        Value::List(_) => patterns(written).join(","),
        _ => rendered.join(","),
    }
}

/// A value's patterns: a list's items, or the text.
pub(crate) fn patterns(hosts: &Value) -> Vec<String> {
    match hosts {
        Value::List(items) | Value::Tuple(items) => items.iter().flat_map(patterns).collect(),
        other => vec![other.to_text().into_owned()],
    }
}
