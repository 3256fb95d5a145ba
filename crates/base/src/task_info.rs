//! What can be said of a play or a task without running it: for events, and for whoever shows them.

use crate::ids::TaskId;
use crate::span::Span;
use crate::value::{Dict, Value};

/// Which kind of thing runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskKind {
    /// An ordinary task (`TASK [...]`).
    Task,
    /// A notified handler (`RUNNING HANDLER [...]`).
    Handler,
}

/// A play as events name it.
#[derive(Clone, Debug, Default)]
pub struct PlayInfo {
    /// `hosts`, rendered.
    pub pattern: Vec<String>,
    /// `strategy`.
    pub strategy: String,
    /// Its tags, as written.
    pub tags: Vec<Value>,
    /// Its `vars`, as written.
    pub vars: Dict,
    /// Where it is written.
    pub span: Option<Span>,
}

/// A task as events name it. Shared by all events of the task.
#[derive(Clone, Debug)]
pub struct TaskInfo {
    /// Its number in the run.
    pub id: TaskId,
    /// Task or handler.
    pub kind: TaskKind,
    /// The action as it was written (`debug`, `ansible.builtin.debug`).
    pub action: String,
    /// The action's full name (`ansible.builtin.debug`, `ns.col.name`); the short one of the user's own in `library`.
    pub resolved_action: String,
    /// Its own name with the role before it (`web : install`), as written and not rendered; the
    /// action's name when it has none.
    pub name: String,
    /// The role it belongs to.
    pub role: Option<String>,
    /// Where it is written.
    pub span: Option<Span>,
    /// Its tags, those that it inherits included.
    pub tags: Vec<String>,
    /// Whether `no_log` stands on it as a constant.
    pub no_log: bool,
    /// Whether it has a loop.
    pub has_loop: bool,
    /// Its arguments, not rendered, for verbose banners.
    pub args: Dict,
}

impl TaskInfo {
    /// The action's name without `ansible.builtin.`: the user's own of the same name count as it where results are
    /// shown.
    pub fn short_action(&self) -> &str {
        self.resolved_action.strip_prefix("ansible.builtin.").unwrap_or(&self.resolved_action)
    }
}
