//! From a parsed play to its graph, in passes: roles are loaded, lists of tasks become nodes with
//! all that they inherit, imports are resolved, tags leave what was asked for.

mod include;
mod items;
mod play;
mod role_options;
mod roles;
mod validation;

pub use include::{compile_include, compile_role_include};
pub use play::compile_play;
pub use role_options::Visibility;

use std::collections::HashMap;
use std::sync::Arc;

use nafal_base::{TaskId, Value};

use crate::context::Context;
use crate::error::Error;
use crate::library::Library;
use crate::node::{BlockId, RoleId, TaskNode};
use crate::tags::TagFilter;
use crate::task_graph::Export;

/// Numbers given out in a run, so that tasks of includes differ from those of the play.
#[derive(Debug, Default)]
pub struct Numbers {
    tasks: u32,
    blocks: u32,
    roles: HashMap<String, RoleId>,
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

    /// The number of a role's use; `key` says all that makes two uses the same.
    fn role(&mut self, key: String) -> RoleId {
        let next = RoleId(u32::try_from(self.roles.len()).unwrap_or(u32::MAX));
        *self.roles.entry(key).or_insert(next)
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

/// What compiling needs beside the play.
pub struct Settings<'a> {
    /// Files and names.
    pub library: &'a dyn Library,
    /// `--tags` and `--skip-tags`.
    pub tags: &'a TagFilter,
    /// An action's full name (`copy` is `ansible.builtin.copy`).
    pub resolve: &'a dyn Fn(&str) -> String,
    /// What plays do that don't say whether they gather facts.
    pub gathering: Gathering,
    /// Who sees roles that don't say so (`private_role_vars`); None: those of includes are
    /// private, all others public.
    pub visibility: Option<Visibility>,
}

/// One compilation under way.
struct Compiler<'a> {
    settings: &'a Settings<'a>,
    numbers: &'a mut Numbers,
    handlers: Vec<Arc<TaskNode>>,
    exports: Vec<Export>,
    errors: Vec<Error>,
}

impl<'a> Compiler<'a> {
    fn new(settings: &'a Settings<'a>, numbers: &'a mut Numbers) -> Compiler<'a> {
        Compiler {
            settings,
            numbers,
            handlers: Vec::new(),
            exports: Vec::new(),
            errors: Vec::new(),
        }
    }
}

impl Compiler<'_> {
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
