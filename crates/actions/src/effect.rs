//! What an action wants of the run beside its outcome: facts, variables, includes.

use nafal_base::{Cause, Dict, Outcome, Span, Status, Value};

/// Something that the coordinator does once the outcome is there.
#[derive(Clone, Debug)]
pub enum Effect {
    /// `set_fact`: variables of the host, as strong as registered ones.
    Variables(Dict),
    /// The same, kept as facts too (`cacheable`).
    CacheableVariables(Dict),
    /// Facts that a module returned.
    Facts(Dict),
    /// `include_vars`.
    IncludedVariables(Dict),
    /// Tasks to include below this one.
    Include(IncludeRequest),
    /// `add_host`: a host with these variables in these groups.
    AddHost {
        /// Its name.
        name: String,
        /// Its groups.
        groups: Vec<String>,
        /// Its variables.
        variables: Dict,
    },
    /// `group_by`: this host in this group.
    GroupBy {
        /// The group.
        group: String,
        /// Its parents.
        parents: Vec<String>,
    },
    /// `set_stats`.
    Stats {
        /// What to add.
        data: Dict,
        /// Whether values of the same name are added up.
        aggregate: bool,
        /// Whether each host has its own.
        per_host: bool,
    },
}

/// What is included.
#[derive(Clone, Debug, PartialEq)]
pub enum Included {
    /// A file of tasks, as named.
    Tasks(String),
    /// A role with its arguments (`tasks_from` and its kin, `public`, …).
    Role(Dict),
}

/// What becomes of a run when what is included isn't there (`rescuable`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Absence {
    /// The task fails, and can be rescued.
    #[default]
    FailsTask,
    /// The run ends, as with an import.
    EndsRun,
}

/// An include that a task (or one item of its loop) asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct IncludeRequest {
    /// What.
    pub included: Included,
    /// `apply`, as written.
    pub apply: Dict,
    /// What becomes of the run when it isn't there.
    pub absence: Absence,
    /// The loop's variables (`item`, `index_var`, `ansible_loop`), which the included tasks see.
    pub variables: Dict,
    /// What the `included:` line shows of the item.
    pub label: Option<Value>,
}

/// Who says that a task failed: stock words its error line by it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Failure {
    /// The action's own result (`Task failed: Action failed: …`).
    #[default]
    Action,
    /// The module's result (`Task failed: Module failed: …`).
    Module,
    /// The action could not make sense of what came back: one step below its own failure.
    Broken(Cause),
    /// A result that fails without an error line of its own.
    Silent,
    /// An error on the way: its steps, outermost first. The result's `msg` is the whole chain
    /// unless the outcome has one.
    Raised(Vec<Cause>),
}

/// An outcome and what it wants of the run.
#[derive(Clone, Debug, Default)]
pub struct Performed {
    /// The outcome.
    pub outcome: Outcome,
    /// In order.
    pub effects: Vec<Effect>,
    /// Who says so, when it failed.
    pub failure: Failure,
}

impl Performed {
    /// A failure that is an error on the way, with its place and remedy.
    pub fn raised(
        message: impl Into<String>,
        span: Option<Span>,
        hint: Option<String>,
    ) -> Performed {
        Performed::from_causes(vec![Cause { message: message.into(), span, hint }])
    }

    /// A failure with these steps.
    pub fn from_causes(causes: Vec<Cause>) -> Performed {
        let outcome = Outcome { status: Status::Failed, ..Outcome::default() };
        Performed { outcome, effects: Vec::new(), failure: Failure::Raised(causes) }
    }

    /// Arguments that are refused: one line, and the result's `msg` is the message itself.
    pub fn refused(message: &str) -> Performed {
        let causes = vec![Cause { message: message.to_owned(), span: None, hint: None }];
        Performed {
            outcome: Outcome::failed(message),
            effects: Vec::new(),
            failure: Failure::Raised(causes),
        }
    }

    /// What a module returned.
    pub fn module(outcome: Outcome) -> Performed {
        Performed { outcome, effects: Vec::new(), failure: Failure::Module }
    }

    /// The same with one effect more.
    #[must_use]
    pub fn effect(mut self, effect: Effect) -> Performed {
        self.effects.push(effect);
        self
    }
}

impl From<Outcome> for Performed {
    fn from(outcome: Outcome) -> Performed {
        Performed { outcome, effects: Vec::new(), failure: Failure::Action }
    }
}

impl From<nafal_templating::Error> for Performed {
    fn from(error: nafal_templating::Error) -> Performed {
        let diagnostic = error.to_diagnostic();
        let first =
            Cause { message: diagnostic.message, span: diagnostic.span, hint: diagnostic.hint };
        Performed::from_causes(std::iter::once(first).chain(diagnostic.causes).collect())
    }
}
