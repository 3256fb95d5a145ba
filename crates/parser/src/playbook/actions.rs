//! What the parser asks about actions. Must not know any module.

use nafal_base::{Diagnostic, Text};

/// How an action's text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionSyntax {
    /// `k=v` arguments; what is left over is free text (which few accept).
    Named,
    /// A command line: all of it is text, but for `creates=`, `chdir=` and their like.
    FreeForm,
}

/// What a keyword is that a task may not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WrongKeywords {
    /// An error.
    #[default]
    Refused,
    /// A warning, and the task is without it.
    LeftOut,
}

/// Whoever knows which actions there are.
pub trait Actions {
    /// How the text of the action `name` (as written: short or qualified) is read; None when
    /// there is no such action.
    fn syntax(&self, name: &str) -> Option<ActionSyntax>;

    /// What is wrong with this group of actions (by its full name) that `module_defaults` names; None when there
    /// is no such group.
    fn group(&self, _name: &str) -> Option<Vec<String>> {
        None
    }

    /// The names by which `module_defaults` of the action `name` count; None when there is no such action.
    fn default_names(&self, name: &str) -> Option<Vec<String>> {
        self.syntax(name).map(|_| vec![name.to_owned()])
    }

    /// The same where these collections are searched for short names.
    fn syntax_in(&self, name: &str, _collections: &[Text]) -> Option<ActionSyntax> {
        self.syntax(name)
    }

    /// What is told of each task that names this action, where these collections are searched.
    fn deprecations(&self, _name: &str, _collections: &[Text]) -> Vec<Diagnostic> {
        Vec::new()
    }

    /// What keywords are that a task may not have.
    fn wrong_keywords(&self) -> WrongKeywords {
        WrongKeywords::Refused
    }

    /// Whether `with_NAME` is a loop.
    fn is_lookup(&self, name: &str) -> bool {
        name.contains('.') || LOOKUPS.contains(&name) || self.brings_lookup(name)
    }

    /// Whether the user brings a lookup of this name.
    fn brings_lookup(&self, _name: &str) -> bool {
        false
    }

    /// A play has these roles, told before its tasks are read: what they bring counts there.
    fn uses_roles(&self, _names: &[&str], _collections: &[Text]) {}

    /// The short names of all actions, for "did you mean".
    fn names(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// The lookups of ansible.builtin.
const LOOKUPS: &[&str] = &[
    "config",
    "csvfile",
    "dict",
    "env",
    "file",
    "fileglob",
    "first_found",
    "indexed_items",
    "ini",
    "inventory_hostnames",
    "items",
    "lines",
    "list",
    "nested",
    "password",
    "pipe",
    "random_choice",
    "sequence",
    "subelements",
    "template",
    "together",
    "unvault",
    "url",
    "varnames",
    "vars",
];
