//! What the parser asks: which actions there are, and which take free-form text.

use std::path::Path;

use nafal_actions::Finder;
use nafal_base::{Diagnostic, Severity, Source, Span, Text};
use nafal_parser::{ActionSyntax, Actions, WrongKeywords};
use nafal_plugins::{Resolved, Unresolved};

use crate::library::Files;

/// What an action is that nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unknown {
    /// An error of the file that names it.
    Refused,
    /// An error of its task, when that runs.
    Taken,
}

/// The table of actions and the modules that users bring, as the parser sees them, with the collections that are
/// searched where nothing else is said.
pub(crate) struct Oracle<'a> {
    finder: &'a Finder,
    collections: &'a [Text],
    unknown: Unknown,
    keywords: WrongKeywords,
    /// Where roles of plays are looked for.
    roles: Option<(&'a Files, &'a Path)>,
}

impl<'a> Oracle<'a> {
    /// For these files, in which these collections are searched.
    pub(crate) fn new(files: &'a Files, collections: &'a [Text]) -> Oracle<'a> {
        Oracle {
            finder: &files.finder,
            collections,
            unknown: Unknown::Refused,
            keywords: files.settings.reading.wrong_keywords,
            roles: None,
        }
    }

    /// For a playbook in this folder.
    pub(crate) fn of_playbook(
        files: &'a Files,
        collections: &'a [Text],
        folder: &'a Path,
    ) -> Oracle<'a> {
        Oracle { roles: Some((files, folder)), ..Oracle::new(files, collections) }
    }

    /// For a command line, where an unknown module fails at its task.
    pub(crate) fn lenient(finder: &'a Finder) -> Oracle<'a> {
        Oracle {
            finder,
            collections: &[],
            unknown: Unknown::Taken,
            keywords: WrongKeywords::Refused,
            roles: None,
        }
    }
}

/// Only command and its kin read their text as a command line; what others take beside `k=v` comes to them as it is.
/// Who is their kin is said by the name as it is written, whoever has it (case `module-raw`).
fn syntax_of(name: &str) -> ActionSyntax {
    let own =
        name.strip_prefix("ansible.builtin.").or_else(|| name.strip_prefix("ansible.legacy."));
    let windows = name.strip_prefix("ansible.windows.").filter(|name| name.starts_with("win_"));
    if nafal_actions::COMMAND_LINES.contains(&own.or(windows).unwrap_or(name)) {
        ActionSyntax::FreeForm
    } else {
        ActionSyntax::Named
    }
}

/// What is told of a module of ansible-core's that will go (case `deprecated-modules`).
fn goes(finder: &Finder, name: &str) -> Option<Diagnostic> {
    let told = name.strip_prefix("ansible.legacy.").unwrap_or(name);
    let deprecated = nafal_modules::find(name)?.spec.deprecated?;
    finder.in_library(name).is_none().then(|| deprecated.told(told))
}

/// Where stock says that a name stands that it made itself.
pub(crate) const NOWHERE: &str = "<unknown>";

/// What a short name that neither nafal nor the user has stands for, where ansible-core sends it to a collection.
pub(crate) fn moved(finder: &Finder, name: &str) -> Option<Result<Resolved, Unresolved>> {
    let is_own = name.contains('.')
        || nafal_actions::find(name).is_some()
        || finder.in_library(name).is_some();
    (!is_own).then(|| finder.moved(name)).flatten()
}

/// What is told of a module that ansible-core sends to a collection where it will go. Stock knows the new name then, but
/// no place (case `collections-moved`).
fn goes_elsewhere(finder: &Finder, name: &str) -> Vec<Diagnostic> {
    let Some(Ok(moved)) = moved(finder, name) else { return Vec::new() };
    let place = Span::whole(&Source::new(NOWHERE, moved.name.as_str()));
    let told = |message| Diagnostic::new(Severity::Deprecation, message).at(place.clone());
    moved.warnings.into_iter().map(told).collect()
}

impl Actions for Oracle<'_> {
    fn syntax(&self, name: &str) -> Option<ActionSyntax> {
        self.syntax_in(name, &[])
    }

    fn syntax_in(&self, name: &str, collections: &[Text]) -> Option<ActionSyntax> {
        if self.finder.rejects(name) {
            return (self.unknown == Unknown::Taken).then_some(ActionSyntax::Named);
        }
        let searched = if collections.is_empty() { self.collections } else { collections };
        // What has gone is told when the play is compiled.
        let Ok(resolved) = self.finder.resolve(name, searched) else {
            return Some(ActionSyntax::Named);
        };
        let is_known = nafal_actions::find(&resolved.name).is_some()
            || self.unknown == Unknown::Taken
            || self.finder.find(&resolved.name).is_some();
        is_known.then(|| syntax_of(name))
    }

    fn deprecations(&self, name: &str, collections: &[Text]) -> Vec<Diagnostic> {
        let searched = if collections.is_empty() { self.collections } else { collections };
        // What has gone is told when the play is compiled.
        let Ok(resolved) = self.finder.resolve(name, searched) else { return Vec::new() };
        let routed = resolved.warnings.into_iter();
        let mut told: Vec<Diagnostic> =
            routed.map(|message| Diagnostic::new(Severity::Deprecation, message)).collect();
        told.extend(goes(self.finder, &resolved.name));
        told.extend(goes_elsewhere(self.finder, &resolved.name));
        told
    }

    fn uses_roles(&self, names: &[&str], collections: &[Text]) {
        if let Some((files, folder)) = self.roles {
            let searched = if collections.is_empty() { self.collections } else { collections };
            files.announce_roles(names, searched, folder);
        }
    }

    fn group(&self, name: &str) -> Option<Vec<String>> {
        let warnings = nafal_actions::defaults_group(self.finder, name)?.warnings;
        Some(if self.finder.validates_groups() { warnings } else { Vec::new() })
    }

    fn default_names(&self, name: &str) -> Option<Vec<String>> {
        self.syntax(name)?;
        Some(nafal_actions::default_names(self.finder, name))
    }

    fn names(&self) -> Vec<&str> {
        nafal_actions::names().collect()
    }

    fn wrong_keywords(&self) -> WrongKeywords {
        self.keywords
    }

    fn brings_lookup(&self, name: &str) -> bool {
        self.finder.has_lookup(name)
    }
}
