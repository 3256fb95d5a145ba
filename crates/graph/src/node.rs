//! The graph's nodes. Data only: what runs them is the executor's.

use std::sync::Arc;

use nafal_base::{Dict, Span, TaskInfo, Template, Text, Value};
use nafal_parser::playbook::ast::{Keywords, Loop, LoopControl, Register, TaskOrigin};

use crate::context::Context;

/// A block's number in its graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BlockId(pub u32);

/// A role's use in a run: the same role with the same parameters has the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RoleId(pub u32);

/// A node, in the order in which a host walks them.
#[derive(Clone, Debug)]
pub enum Node {
    /// A task.
    Task(Arc<TaskNode>),
    /// Notified handlers run now, for the hosts that are here.
    Flush,
    /// A block begins.
    BlockStart(BlockNode),
    /// Its rescue begins; who comes here without a failure goes on at its `AlwaysStart`.
    RescueStart(BlockId),
    /// Its always begins.
    AlwaysStart(BlockId),
    /// It ends; a failure that nothing rescued goes on outwards from here.
    BlockEnd(BlockId),
    /// A role has run to its end.
    RoleEnd(RoleId),
    /// Spliced tasks of an include begin; hosts that don't include them go on at the end.
    IncludeStart(u32),
    /// They end.
    IncludeEnd(u32),
}

/// What a block needs to be known by.
#[derive(Clone, Copy, Debug)]
pub struct BlockNode {
    /// Its number.
    pub id: BlockId,
    /// Whether it rescues.
    pub has_rescue: bool,
}

/// A task with everything that it inherits.
#[derive(Clone, Debug)]
pub struct TaskNode {
    /// What can be said of it.
    pub info: Arc<TaskInfo>,
    /// Who wrote it.
    pub origin: TaskOrigin,
    /// Its own name, if it has one.
    pub name: Option<Template<String>>,
    /// Where its action's name stands.
    pub action_span: Span,
    /// Named arguments.
    pub args: Dict,
    /// Free-form text.
    pub raw: Option<Text>,
    /// `args: "{{ … }}"`.
    pub args_template: Option<Text>,
    /// Keywords, its own and inherited.
    pub keywords: Keywords,
    /// `register`.
    pub register: Option<Register>,
    /// `loop` or `with_*`.
    pub repeat: Option<Loop>,
    /// `loop_control`.
    pub loop_control: LoopControl,
    /// `until`.
    pub until: Vec<Value>,
    /// `retries`.
    pub retries: Option<Template<i64>>,
    /// `delay`.
    pub delay: Option<Template<f64>>,
    /// `changed_when`.
    pub changed_when: Option<Vec<Value>>,
    /// `failed_when`.
    pub failed_when: Option<Vec<Value>>,
    /// `notify`, inherited ones first.
    pub notify: Vec<Value>,
    /// `listen` (handlers).
    pub listen: Vec<Value>,
    /// `async` and `poll`.
    pub background: Option<(Template<i64>, Option<Template<i64>>)>,
    /// Where it stands; what an include of it compiles in. Its own `vars` are in its layers.
    pub context: Arc<Context>,
}

impl TaskNode {
    /// The action's full name, as the tables know it.
    #[expect(
        clippy::misnamed_getters,
        reason = "`info.action` is the name as written, for listings and failures"
    )]
    pub fn action(&self) -> &str {
        &self.info.resolved_action
    }
}
