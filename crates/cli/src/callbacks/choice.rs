//! Which callbacks are wanted: what shows the run, and what listens.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nafal_base::event::Mode;
use nafal_base::{Diagnostic, Source, Span};
use nafal_engine::Settings;
use nafal_output::{
    Callback, Callbacks, DefaultCallback, Junit, Listener, Minimal, Oneline, Silent, Terminal, Tree,
};

use super::foreign;
use super::options::{default_options, junit_options, result_style};
use crate::arguments::Forms;
use crate::failure::Failure;

/// Where callbacks are used.
#[derive(Clone, Copy)]
pub enum Used<'a> {
    /// By playbooks.
    Playbooks,
    /// By an ad hoc run, with these forms.
    AdHoc(&'a Forms),
}

/// nafal's callbacks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Known {
    Default,
    Minimal,
    Oneline,
    Tree,
    Junit,
}

/// What is chosen.
pub struct Choice {
    /// The name of what shows the run.
    stdout: String,
    /// Where that is said; None where nobody says it.
    source: Option<Arc<Source>>,
    enabled: Vec<String>,
    enabled_source: Option<Arc<Source>>,
    listens: Vec<Known>,
    tree: PathBuf,
    /// What is said about flags.
    said: Vec<Diagnostic>,
    folders: Vec<PathBuf>,
}

/// The callback of a name. Those of collections aren't nafal's.
fn known(name: &str) -> Option<Known> {
    let short = ["ansible.builtin.", "ansible.legacy."]
        .iter()
        .find_map(|collection| name.strip_prefix(collection))
        .unwrap_or(name);
    Some(match short {
        "default" => Known::Default,
        "minimal" => Known::Minimal,
        "oneline" => Known::Oneline,
        "tree" => Known::Tree,
        "junit" => Known::Junit,
        _ => return None,
    })
}

impl Choice {
    /// What the settings and arguments choose.
    pub fn of(settings: &Settings, used: Used<'_>) -> Choice {
        let callbacks = &settings.callbacks;
        let mut choice = Choice {
            stdout: callbacks.stdout.clone(),
            source: callbacks.stdout_source.clone(),
            enabled: callbacks.enabled.clone(),
            enabled_source: callbacks.enabled_source.clone(),
            listens: Vec::new(),
            tree: callbacks.tree_folder.clone(),
            said: Vec::new(),
            folders: callbacks.folders.clone(),
        };
        let mut listen = true;
        if let Used::AdHoc(forms) = used {
            listen = callbacks.for_adhoc || forms.tree.is_some();
            choice.adhoc(forms, callbacks.for_adhoc);
        }
        let named = choice.enabled.iter().filter_map(|name| known(name));
        let shows = known(&choice.stdout);
        let mut wanted: Vec<Known> = named.filter(|_| listen).chain(shows).collect();
        wanted.retain(|one| matches!(one, Known::Tree | Known::Junit));
        wanted.sort_unstable();
        wanted.dedup();
        choice.listens = wanted;
        choice
    }

    fn adhoc(&mut self, forms: &Forms, has_callbacks: bool) {
        if forms.one_line {
            self.said.push(flag("-o", "oneline"));
        }
        if let Some(folder) = &forms.tree {
            self.said.push(flag("-t", "tree"));
            self.tree = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
            self.enabled.push("tree".to_owned());
        }
        if forms.one_line || !has_callbacks || self.stdout == "default" {
            self.stdout = if forms.one_line { "oneline" } else { "minimal" }.to_owned();
            self.source = None;
        }
    }

    /// The callbacks over this terminal.
    pub fn open(
        &self,
        settings: &Settings,
        terminal: Terminal,
        verbosity: u8,
        mode: Mode,
    ) -> Callbacks {
        let context = settings.diff_context;
        let shown: Box<dyn Callback> = match known(&self.stdout) {
            Some(Known::Default) => {
                let options = default_options(settings, mode);
                Box::new(DefaultCallback::new(terminal, verbosity, options))
            }
            Some(Known::Minimal) => {
                let style = result_style(&settings.shown);
                Box::new(Minimal::new(terminal, verbosity, style).with_diff_context(context))
            }
            Some(Known::Oneline) => Box::new(Oneline::new(terminal, verbosity)),
            Some(Known::Tree | Known::Junit) | None => Box::new(Silent::new(terminal, verbosity)),
        };
        let listener = |listens: &Known| -> Box<dyn Listener> {
            match listens {
                Known::Junit => {
                    let options = junit_options(&settings.callbacks.junit);
                    Box::new(Junit::new(options, verbosity))
                }
                _ => Box::new(Tree::new(self.tree.clone(), verbosity)),
            }
        };
        Callbacks::new(shown, self.listens.iter().map(listener).collect())
    }

    /// What is to be said before the run, which callbacks that nafal doesn't have can't show.
    /// `beside` is where playbooks are.
    pub fn check(&self, beside: &[&Path]) -> Result<Vec<Diagnostic>, Failure> {
        let mut said = self.said.clone();
        if self.stdout.is_empty() {
            return Err(Failure::new("No stdout callback name provided.", 1));
        }
        match known(&self.stdout) {
            Some(shows) => said.extend(deprecated(shows, &self.stdout, self.source.as_ref())),
            None => return Err(self.unknown()),
        }
        let mut folders: Vec<PathBuf> =
            beside.iter().map(|folder| folder.join("callback_plugins")).collect();
        folders.extend(self.folders.iter().cloned());
        for name in &self.enabled {
            match known(name) {
                Some(listens) => {
                    said.extend(deprecated(listens, name, self.enabled_source.as_ref()))
                }
                None if foreign::has(&folders, name) => {}
                None => {
                    let what = format!("Skipping callback plugin '{name}', unable to load");
                    said.push(Diagnostic::warning(what).hint(HINT));
                }
            }
        }
        said.extend(foreign::warnings(&folders, &self.enabled));
        Ok(said)
    }

    fn unknown(&self) -> Failure {
        let what = format!("Could not load '{}' callback plugin.", self.stdout);
        let mut failure = Failure::new(what, 1);
        failure.diagnostics = failure.diagnostics.into_iter().map(|one| one.hint(HINT)).collect();
        failure
    }
}

const HINT: &str =
    "nafal has the callbacks default, minimal, oneline, tree and junit, and runs none in Python";

/// What stock says of a flag for a callback.
fn flag(flag: &str, name: &str) -> Diagnostic {
    deprecation(format!(
        "The '{flag}' argument is deprecated. This feature will be removed from ansible-core version 2.23. Use callback configuration to enable the {name} callback instead."
    ))
}

/// What stock says of a callback that will go.
fn deprecated(known: Known, name: &str, source: Option<&Arc<Source>>) -> Option<Diagnostic> {
    let short = match known {
        Known::Oneline => "oneline",
        Known::Tree => "tree",
        Known::Default | Known::Minimal | Known::Junit => return None,
    };
    let what = format!(
        "{name} has been deprecated. Use another callback plugin, or vendor and/or move the {short} callback to a collection. This feature will be removed from ansible-core version 2.23."
    );
    let unknown = Source::new("<unknown>", name);
    let source = source.unwrap_or(&unknown);
    Some(deprecation(what).at(Span::new(source, 0, 0)))
}

/// The same of nafal's callbacks that are named, of all when none is: for who looks at each.
pub fn deprecated_among(names: &[String]) -> impl Iterator<Item = Diagnostic> {
    let all = [(Known::Oneline, "oneline"), (Known::Tree, "tree")];
    all.into_iter()
        .filter(|(_, name)| names.is_empty() || names.iter().any(|asked| asked == name))
        .filter_map(|(known, name)| {
            let typed = (!names.is_empty()).then(|| Source::new("<CLI option 'args'>", name));
            deprecated(known, name, typed.as_ref())
        })
}

fn deprecation(what: String) -> Diagnostic {
    Diagnostic::new(nafal_base::Severity::Deprecation, what)
}
