//! What a playbook says, typed and with places; nothing is rendered. Must not know where files
//! are found, nor what a module does.

use std::sync::Arc;

use nafal_base::{Dict, Source, Span, Template, Text, Value};

/// A playbook file.
#[derive(Clone, Debug)]
pub struct Playbook {
    /// The file.
    pub source: Arc<Source>,
    /// Its plays and imports, in order.
    pub entries: Vec<Entry>,
}

/// One entry of a playbook.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A play.
    Play(Box<Play>),
    /// `import_playbook`.
    Import(Box<ImportPlaybook>),
}

/// `import_playbook: FILE`.
#[derive(Clone, Debug)]
pub struct ImportPlaybook {
    /// Where it stands.
    pub span: Span,
    /// The file, as written.
    pub file: Template<String>,
    /// `vars`, `when`, `tags`, … that the imported plays inherit.
    pub keywords: Keywords,
}

/// A play.
#[derive(Clone, Debug)]
pub struct Play {
    /// Where it stands.
    pub span: Span,
    /// `hosts`: a pattern or a list of patterns.
    pub hosts: Template<Value>,
    /// What plays, blocks and tasks have in common (`name` included).
    pub keywords: Keywords,
    /// `vars_files`: each entry a path, or a list of paths of which the first that exists counts.
    pub vars_files: Vec<Value>,
    /// `vars_prompt`, as written.
    pub vars_prompt: Vec<Value>,
    /// `validate_argspec`.
    pub validate_argspec: Option<Template<Value>>,
    /// `gather_facts`.
    pub gather_facts: Option<Template<bool>>,
    /// `gather_subset`.
    pub gather_subset: Option<Value>,
    /// `gather_timeout`.
    pub gather_timeout: Option<Template<i64>>,
    /// `fact_path`.
    pub fact_path: Option<Template<String>>,
    /// `roles`.
    pub roles: Vec<RoleUse>,
    /// `pre_tasks`.
    pub pre_tasks: Vec<Item>,
    /// `tasks`.
    pub tasks: Vec<Item>,
    /// `post_tasks`.
    pub post_tasks: Vec<Item>,
    /// `handlers`.
    pub handlers: Vec<Item>,
    /// `strategy`.
    pub strategy: Option<Template<String>>,
    /// `serial`: the batches as written (numbers or percentages).
    pub serial: Vec<Value>,
    /// `order`.
    pub order: Option<Template<String>>,
    /// `max_fail_percentage`.
    pub max_fail_percentage: Option<Template<f64>>,
    /// `force_handlers`.
    pub force_handlers: Option<Template<bool>>,
}

/// A role as a play or a role's dependencies use it.
#[derive(Clone, Debug)]
pub struct RoleUse {
    /// Where it stands.
    pub span: Span,
    /// Its name as written.
    pub name: Template<String>,
    /// `vars`, `when`, `tags`, `become`, … on the use.
    pub keywords: Keywords,
    /// Every key that isn't a keyword: the role's parameters.
    pub params: Dict,
    /// Which of its files are meant.
    pub from: RoleFrom,
}

/// Which files of a role are meant: `tasks_from` and its kin (without `.yml`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RoleFrom {
    /// `tasks_from`.
    pub tasks: Option<String>,
    /// `handlers_from`.
    pub handlers: Option<String>,
    /// `vars_from`.
    pub vars: Option<String>,
    /// `defaults_from`.
    pub defaults: Option<String>,
}

/// A task or a block, in a list of such.
#[derive(Clone, Debug)]
pub enum Item {
    /// A task (or a handler).
    Task(Box<Task>),
    /// A block.
    Block(Box<Block>),
}

/// A block.
#[derive(Clone, Debug)]
pub struct Block {
    /// Where it stands.
    pub span: Span,
    /// `name`, `when`, `vars`, `tags`, ….
    pub keywords: Keywords,
    /// `notify`: its tasks inherit it.
    pub notify: Vec<Value>,
    /// `block`.
    pub block: Vec<Item>,
    /// `rescue`.
    pub rescue: Vec<Item>,
    /// `always`.
    pub always: Vec<Item>,
    /// Whether the keys were written at all (an empty `rescue:` still rescues nothing, but a
    /// block without one does not count as rescued).
    pub has_rescue: bool,
}

/// A task or a handler.
#[derive(Clone, Debug)]
pub struct Task {
    /// Where it stands: the first key of its mapping.
    pub span: Span,
    /// `name`, `when`, `vars`, `tags`, ….
    pub keywords: Keywords,
    /// What it does.
    pub action: ActionCall,
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
    /// `changed_when`; None when it isn't there.
    pub changed_when: Option<Vec<Value>>,
    /// `failed_when`.
    pub failed_when: Option<Vec<Value>>,
    /// `notify`.
    pub notify: Vec<Value>,
    /// `listen` (handlers only).
    pub listen: Vec<Value>,
    /// `async`.
    pub r#async: Option<Template<i64>>,
    /// `poll`.
    pub poll: Option<Template<i64>>,
    /// `delegate_to`.
    pub delegate_to: Option<Template<String>>,
    /// `delegate_facts`.
    pub delegate_facts: Option<Template<bool>>,
    /// Who wrote it.
    pub origin: TaskOrigin,
}

/// Who wrote a task: the user, or the engine for a play or a role that asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskOrigin {
    /// It stands in a file.
    Written,
    /// A play's gathering of facts.
    Gathering,
    /// A play's look at its variables (`validate_argspec`).
    PlayValidation,
    /// A role's look at its arguments (`argument_specs`).
    RoleValidation,
}

/// A task's action with its arguments.
#[derive(Clone, Debug)]
pub struct ActionCall {
    /// As written: `copy`, `ansible.builtin.copy`.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// Named arguments: from the mapping, from `k=v` text, from `args:`.
    pub args: Dict,
    /// The free-form text (`command: ls -l` gives `ls -l`), for actions that take one.
    pub raw: Option<Text>,
    /// `args: "{{ expression }}"`: rendered to a dict that goes below the named ones.
    pub args_template: Option<Text>,
    /// Whether it was written as `local_action`: as if `delegate_to: localhost`.
    pub local: bool,
}

/// `register`.
#[derive(Clone, Debug)]
pub enum Register {
    /// The whole result, under this name.
    Whole(Text),
    /// Names with expressions of the result.
    Projections(Vec<(Text, Value)>),
}

impl Register {
    /// The names that get values.
    pub fn names(&self) -> impl Iterator<Item = &Text> {
        let (whole, projections) = match self {
            Register::Whole(name) => (Some(name), &[][..]),
            Register::Projections(projections) => (None, &projections[..]),
        };
        whole.into_iter().chain(projections.iter().map(|(name, _)| name))
    }
}

/// What a task repeats over.
#[derive(Clone, Debug)]
pub struct Loop {
    /// Where the keyword stands.
    pub span: Span,
    /// Which.
    pub source: LoopSource,
}

/// `loop` or one of `with_*`.
#[derive(Clone, Debug)]
pub enum LoopSource {
    /// `loop: VALUE`.
    Items(Value),
    /// `with_LOOKUP: TERMS`.
    Lookup {
        /// The lookup's name (`items`, `dict`, `community.general.x`).
        name: String,
        /// Its terms.
        terms: Value,
    },
}

/// `loop_control`.
#[derive(Clone, Debug, Default)]
pub struct LoopControl {
    /// `loop_var`, a template that must give a name.
    pub loop_var: Option<Template<String>>,
    /// `index_var`.
    pub index_var: Option<Template<String>>,
    /// `label`.
    pub label: Option<Value>,
    /// `pause`, in seconds.
    pub pause: Option<Template<f64>>,
    /// `extended`.
    pub extended: Option<Template<bool>>,
    /// `extended_allitems`.
    pub extended_allitems: Option<Template<bool>>,
    /// `break_when`.
    pub break_when: Vec<Value>,
}

/// What plays, blocks, tasks, roles' uses and imports have in common. What isn't written is None
/// or empty; inheritance is the graph's business.
#[derive(Clone, Debug, Default)]
pub struct Keywords {
    /// `name`.
    pub name: Option<Template<String>>,
    /// `vars`.
    pub vars: Dict,
    /// `when`, in order.
    pub when: Vec<Value>,
    /// Where conditions stand that are no text, by their keyword: they carry no place.
    pub odd_conditions: Vec<(&'static str, Span)>,
    /// `tags`, in order, commas already split where the text is no template.
    pub tags: Vec<Value>,
    /// `environment`: dicts, or templates that give one.
    pub environment: Vec<Value>,
    /// `module_defaults`.
    pub module_defaults: Vec<Value>,
    /// `collections`.
    pub collections: Vec<Text>,
    /// `become`.
    pub r#become: Option<Template<bool>>,
    /// `become_user`.
    pub become_user: Option<Template<String>>,
    /// `become_method`.
    pub become_method: Option<Template<String>>,
    /// `become_flags`.
    pub become_flags: Option<Template<String>>,
    /// `become_exe`.
    pub become_exe: Option<Template<String>>,
    /// `connection`.
    pub connection: Option<Template<String>>,
    /// `port`.
    pub port: Option<Template<i64>>,
    /// `remote_user`.
    pub remote_user: Option<Template<String>>,
    /// `no_log`.
    pub no_log: Option<Template<bool>>,
    /// `ignore_errors`.
    pub ignore_errors: Option<Template<bool>>,
    /// `ignore_unreachable`.
    pub ignore_unreachable: Option<Template<bool>>,
    /// `check_mode`.
    pub check_mode: Option<Template<bool>>,
    /// `diff`.
    pub diff: Option<Template<bool>>,
    /// `any_errors_fatal`.
    pub any_errors_fatal: Option<Template<bool>>,
    /// `run_once`.
    pub run_once: Option<Template<bool>>,
    /// `throttle`.
    pub throttle: Option<Template<i64>>,
    /// `timeout`, in seconds.
    pub timeout: Option<Template<i64>>,
    /// `debugger`.
    pub debugger: Option<Template<String>>,
    /// `delegate_to` of a block or a role's use (a task has its own).
    pub delegate_to: Option<Template<String>>,
    /// `delegate_facts` of a block or a role's use.
    pub delegate_facts: Option<Template<bool>>,
}

impl Keywords {
    /// The mode that `check_mode` asks for, as far as that can be said without rendering it.
    pub fn mode(&self, of_run: nafal_base::event::Mode) -> nafal_base::event::Mode {
        use nafal_base::event::Mode;
        match self.check_mode.as_ref().map(|flag| &flag.source) {
            Some(nafal_base::Value::Bool(true)) => Mode::Check,
            Some(nafal_base::Value::Bool(false)) => Mode::Apply,
            _ => of_run,
        }
    }
}

/// What a role's `meta/main.yml` says.
#[derive(Clone, Debug, Default)]
pub struct RoleMeta {
    /// `dependencies`.
    pub dependencies: Vec<RoleUse>,
    /// `allow_duplicates`.
    pub allow_duplicates: bool,
    /// `collections`.
    pub collections: Vec<Text>,
    /// `argument_specs`, as written.
    pub argument_specs: Option<Value>,
}
