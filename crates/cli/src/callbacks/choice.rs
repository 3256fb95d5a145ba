//! Which callbacks are wanted: what shows the run, and what listens.

use std::path::PathBuf;
use std::sync::Arc;

use nafal_base::event::Mode;
use nafal_base::{Diagnostic, Source, Span};
use nafal_engine::{CALLBACK_PLUGINS, CallbackError, CallbackSetup, Engine, Listeners, Settings};
use nafal_output::{
    Callback, Callbacks, DefaultCallback, Junit, Listener, Minimal, Oneline, Palette, Shows,
    Silent, Stream, Terminal, Tree,
};

use super::options::{default_options, junit_options, result_style};
use super::python;
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

/// The short names of nafal's callbacks.
const OWN: [(&str, Known); 5] = [
    ("default", Known::Default),
    ("minimal", Known::Minimal),
    ("oneline", Known::Oneline),
    ("tree", Known::Tree),
    ("junit", Known::Junit),
];

/// What is chosen.
pub struct Choice {
    /// The name of what shows the run.
    stdout: String,
    /// Where that is said; None where nobody says it.
    source: Option<Arc<Source>>,
    enabled: Vec<String>,
    enabled_source: Option<Arc<Source>>,
    listens: Vec<Known>,
    /// Whether those that only listen are wanted at all.
    listeners: Listeners,
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
    OWN.iter().find(|(name, _)| *name == short).map(|(_, own)| *own)
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
            listeners: Listeners::Loaded,
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
        choice.listeners = if listen { Listeners::Loaded } else { Listeners::Left };
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

    /// What is to be said before the run.
    pub fn check(&self) -> Result<Vec<Diagnostic>, Failure> {
        let mut said = self.said.clone();
        if self.stdout.is_empty() {
            return Err(Failure::new("No stdout callback name provided.", 1));
        }
        if let Some(shows) = known(&self.stdout) {
            said.extend(deprecated(shows, &self.stdout, self.source.as_ref()));
        }
        for name in &self.enabled {
            if let Some(listens) = known(name) {
                said.extend(deprecated(listens, name, self.enabled_source.as_ref()));
            }
        }
        Ok(said)
    }

    /// Adds the callbacks in Python that are wanted.
    pub fn add_python(&self, engine: &Engine, callbacks: &mut Callbacks) -> Result<(), Failure> {
        let roles = engine.roles_with_callbacks();
        let folders: Vec<PathBuf> = engine
            .plugin_folders()
            .iter()
            .chain(&roles)
            .map(|folder| folder.join(CALLBACK_PLUGINS))
            .chain(self.folders.iter().cloned())
            .collect();
        let listens = self.listeners == Listeners::Loaded;
        let enabled: Vec<String> =
            self.enabled.iter().filter(|name| listens && known(name).is_none()).cloned().collect();
        let stdout = known(&self.stdout).is_none().then(|| self.stdout.clone());
        let unasked = listens && python::may_listen(&folders);
        if stdout.is_none() && enabled.is_empty() && !unasked {
            return Ok(());
        }
        let setup = CallbackSetup {
            stdout,
            listeners: self.listeners,
            enabled: enabled.clone(),
            folders: roles,
            own: OWN.iter().map(|(name, _)| (*name).to_owned()).collect(),
            columns: callbacks.terminal().columns(),
            colored: callbacks.terminal().palette() == Palette::Colored,
            ..CallbackSetup::default()
        };
        match engine.python_callbacks(setup, &mut |wish| callbacks.grant(wish)) {
            Ok(Some(python)) if known(&self.stdout).is_none() => {
                callbacks.add_foreign(python, Shows::Elsewhere);
            }
            Ok(Some(python)) => callbacks.add_foreign(python, Shows::Here),
            Ok(None) => {}
            Err(error) => {
                let warnings = self.without_python(&error, &enabled)?;
                warnings.iter().for_each(|one| callbacks.terminal().diagnose(Stream::Err, one));
            }
        }
        Ok(())
    }

    /// What is said where callbacks in Python can't be loaded: what shows the run is missed, what only listens
    /// isn't.
    fn without_python(
        &self,
        error: &CallbackError,
        enabled: &[String],
    ) -> Result<Vec<Diagnostic>, Failure> {
        let why = match error {
            CallbackError::Refused { message, code } => {
                return Err(Failure::new(message.as_str(), *code));
            }
            CallbackError::Python(error) => &error.message,
        };
        if known(&self.stdout).is_none() {
            let what = format!("Could not load '{}' callback plugin.", self.stdout);
            let mut failure = Failure::new(what, 1);
            failure.diagnostics =
                failure.diagnostics.into_iter().map(|one| one.hint(why.as_str())).collect();
            return Err(failure);
        }
        let skipped = |name: &String| {
            let what = format!("Skipping callback plugin '{name}', unable to load");
            Diagnostic::warning(what).hint(why.as_str())
        };
        if enabled.is_empty() {
            return Ok(vec![Diagnostic::warning(format!("Skipping callbacks in Python: {why}"))]);
        }
        Ok(enabled.iter().map(skipped).collect())
    }
}

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
