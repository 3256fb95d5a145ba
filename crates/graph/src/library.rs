//! What the compiler asks for: parsed files of tasks, roles, and names rendered before the run.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nafal_base::{Diagnostic, Dict, Span, Text, Value};
use nafal_parser::playbook::ast::{Item, RoleFrom, RoleMeta};

use crate::context::Context;
use crate::error::Error;

/// A parsed file of tasks.
#[derive(Debug)]
pub struct TasksFile {
    /// Its absolute path.
    pub path: PathBuf,
    /// What it says.
    pub items: Vec<Item>,
}

/// A role's parsed files, those that are asked for.
#[derive(Debug)]
pub struct RoleFiles {
    /// Its name as used; its full name when it is a collection's.
    pub name: String,
    /// The collection that it is in.
    pub collection: Option<String>,
    /// Its folder.
    pub folder: PathBuf,
    /// `tasks/main.yml` or `tasks_from`.
    pub tasks: Option<Arc<TasksFile>>,
    /// `handlers/main.yml` or `handlers_from`.
    pub handlers: Option<Arc<TasksFile>>,
    /// `defaults/main.yml` or `defaults_from`.
    pub defaults: Dict,
    /// `vars/main.yml` or `vars_from`.
    pub vars: Dict,
    /// `meta/main.yml`.
    pub meta: RoleMeta,
}

impl RoleFiles {
    /// The collections that its tasks search: its own first. Those of the play don't count there.
    pub fn collections(&self) -> Vec<Text> {
        searched(self.collection.as_deref(), &self.meta)
    }
}

/// The collections that a role's tasks search.
pub fn searched(collection: Option<&str>, meta: &RoleMeta) -> Vec<Text> {
    let own = collection.map(Text::new);
    own.into_iter().chain(meta.collections.iter().cloned()).collect()
}

/// The file beside a playbook that tells of its plays (`site.meta.yml` beside `site.yml`).
#[derive(Debug)]
pub struct PlaybookMeta {
    /// Where it may be.
    pub considered: Vec<PathBuf>,
    /// Where it is, and what it says.
    pub found: Option<(PathBuf, Value)>,
}

/// Whoever finds, reads and caches files for the compiler. Files are read once a run.
pub trait Library {
    /// A file of tasks (or of handlers), looked for as an import or include of `context` looks:
    /// the role's `tasks` folder, the folder of the file that names it, the playbook's.
    fn tasks(&self, name: &str, context: &Context, span: &Span) -> Result<Arc<TasksFile>, Error>;

    /// The same for a file of handlers.
    fn handlers(&self, name: &str, context: &Context, span: &Span)
    -> Result<Arc<TasksFile>, Error>;

    /// A role by name or path.
    fn role(
        &self,
        name: &str,
        from: &RoleFrom,
        context: &Context,
        span: &Span,
    ) -> Result<Arc<RoleFiles>, Error>;

    /// The meta file of a playbook.
    fn playbook_meta(&self, playbook: &Path, span: &Span) -> Result<PlaybookMeta, Error>;

    /// Renders something that must be known before the run (an import's file name, tags), with
    /// the variables that the context has and no host's.
    fn render(&self, value: &Value, context: &Context) -> Result<Value, Error>;

    /// Tells a warning.
    fn warn(&self, warning: Diagnostic);
}
