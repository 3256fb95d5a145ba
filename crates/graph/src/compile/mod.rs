//! From a parsed play to its graph, in passes: roles are loaded, lists of tasks become nodes with
//! all that they inherit, imports are resolved, tags leave what was asked for.

mod include;
mod items;
mod own_task;
mod play;
mod play_spec;
mod role_options;
mod roles;
mod validation;

pub use include::{Apply, compile_include, compile_role_include};
pub use play::compile_play;
pub use role_options::{ROLE_FLAGS, Visibility};

use std::collections::HashMap;
use std::path::PathBuf;

use nafal_base::event::Disclosure;
use nafal_base::{Dict, TaskId, Template, Text, Value};
use nafal_parser::playbook::ast::RoleFrom;

use crate::context::Context;
use crate::error::Error;
use crate::handlers::Handlers;
use crate::library::Library;
use crate::node::{BlockId, RoleId};
use crate::tags::TagFilter;
use crate::task_graph::{Export, UsedRole};

/// All that makes two uses of a role's files the same.
#[derive(Debug, PartialEq)]
struct RoleArguments {
    params: Dict,
    vars: Dict,
    when: Vec<Value>,
    tags: Vec<Value>,
}

/// A role's name, its folder, and which of its files.
type RoleFilesOfUse = (String, PathBuf, Option<RoleFrom>);

/// Numbers given out in a run, so that tasks of includes differ from those of the play.
#[derive(Debug, Default)]
pub struct Numbers {
    tasks: u32,
    blocks: u32,
    roles: HashMap<RoleFilesOfUse, Vec<(RoleArguments, RoleId)>>,
    role_uses: u32,
}

impl Numbers {
    fn task(&mut self) -> TaskId {
        self.tasks += 1;
        TaskId(self.tasks)
    }

    fn block(&mut self) -> BlockId {
        self.blocks += 1;
        BlockId(self.blocks)
    }

    /// The number of a role's use: the same for the same files with equal arguments.
    fn role(&mut self, files: RoleFilesOfUse, arguments: RoleArguments) -> RoleId {
        let uses = self.roles.entry(files).or_default();
        if let Some((_, id)) = uses.iter().find(|(known, _)| *known == arguments) {
            return *id;
        }
        self.role_uses += 1;
        let id = RoleId(self.role_uses);
        uses.push((arguments, id));
        id
    }
}

/// Whether plays gather facts when they don't say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gathering {
    /// They do, as stock does.
    #[default]
    Implicit,
    /// Only those that say so.
    Explicit,
    /// They do for hosts without facts.
    Smart,
}

/// Whether handlers run on hosts that failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForcedHandlers {
    /// They don't.
    #[default]
    Off,
    /// `force_handlers`: they do, and then the host is out.
    On,
}

/// Gives the full name of an action that is named here, where these collections are searched; or why there is none
/// any more.
pub type Resolve<'a> = dyn Fn(&str, &[Text]) -> Result<String, String> + 'a;

/// What compiling needs beside the play.
pub struct Settings<'a> {
    /// Files and names.
    pub library: &'a dyn Library,
    /// `--tags` and `--skip-tags`.
    pub tags: &'a TagFilter,
    /// An action's full name (`copy` is `ansible.builtin.copy`), where these collections are searched.
    pub resolve: &'a Resolve<'a>,
    /// What plays do that don't say whether they gather facts.
    pub gathering: Gathering,
    /// Who sees roles that don't say so (`private_role_vars`); None: those of includes are
    /// private, all others public.
    pub visibility: Option<Visibility>,
    /// Whether failed hosts run handlers too, where plays don't say.
    pub forced_handlers: ForcedHandlers,
    /// What counts without `no_log`.
    pub disclosure: Disclosure,
}

/// One compilation under way.
struct Compiler<'a> {
    settings: &'a Settings<'a>,
    numbers: &'a mut Numbers,
    handlers: Handlers,
    exports: Vec<Export>,
    roles: Vec<UsedRole>,
    /// What an include gives to the role that is loaded first: with other values it is another use
    /// of it (case `role-duplicates`).
    given: Dict,
    import_vars: Vec<nafal_base::Dict>,
    errors: Vec<Error>,
}

impl<'a> Compiler<'a> {
    fn new(settings: &'a Settings<'a>, numbers: &'a mut Numbers) -> Compiler<'a> {
        Compiler {
            settings,
            numbers,
            handlers: Handlers::default(),
            exports: Vec::new(),
            roles: Vec::new(),
            given: Dict::new(),
            import_vars: Vec::new(),
            errors: Vec::new(),
        }
    }
}

impl Compiler<'_> {
    /// Whether the banner says nothing of a task's arguments: a template isn't known yet, so it hides
    /// whatever it will give (case `no-log-banner`).
    fn hides_arguments(&self, no_log: Option<&Template<bool>>) -> bool {
        no_log.map_or(self.settings.disclosure == Disclosure::Censored, |written| {
            !matches!(written.source, Value::Bool(false) | Value::None)
        })
    }

    /// Keeps the error and goes on, so that all are reported at once.
    fn keep<T>(&mut self, result: Result<T, Error>) -> Option<T> {
        result.map_err(|error| self.errors.push(error)).ok()
    }

    /// The tags of a task with these inherited tags, templates rendered.
    fn tags(&mut self, written: &[Value], context: &Context) -> Vec<String> {
        let mut tags: Vec<String> = Vec::new();
        let mut add = |tag: &str| {
            if !tag.is_empty() && !tags.iter().any(|own| own == tag) {
                tags.push(tag.to_owned());
            }
        };
        for tag in written {
            let rendered = if tag.has_template() {
                match self.settings.library.render(tag, context) {
                    Ok(rendered) => rendered,
                    Err(error) => {
                        self.errors.push(error);
                        continue;
                    }
                }
            } else {
                tag.clone()
            };
            match &rendered {
                Value::List(items) | Value::Tuple(items) => {
                    items.iter().for_each(|item| add(item.to_text().trim()));
                }
                other => other.to_text().split(',').for_each(|tag| add(tag.trim())),
            }
        }
        tags
    }
}
