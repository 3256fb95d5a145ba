//! Everything that happens in a run, in order, as one typed stream. Callbacks, the journal and
//! programs that embed nafal stand on it. Must not know how anything is shown.
//!
//! The order of events is the same for one fork and for many, per host. Texts are as stock would
//! show them, without colours, banners or indentation. Results are complete: who shows them
//! leaves out what `no_log` hides ([`Event::HostResult`] carries it as a fact).

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::ids::{HostName, PlayId, TaskId};
use crate::outcome::Outcome;
use crate::task_info::{PlayInfo, TaskInfo};
use crate::value::{Dict, Text, Value};

/// Whether a play or task only says what it would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// It does it.
    #[default]
    Apply,
    /// It says what it would do.
    Check,
}

/// How the hosts of a play go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// All of them run a task before the next begins.
    #[default]
    Lockstep,
    /// Each by itself: a task starts anew on every host, and results of several tasks mix.
    EachHost,
}

/// Whether a result may be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Disclosure {
    /// All of it.
    #[default]
    Shown,
    /// `no_log`: that it happened, nothing of what.
    Censored,
}

/// One host's counts, as the recap shows them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HostCounts {
    /// Tasks that ended well, changed or not.
    pub ok: u32,
    /// Of those, the ones that changed something.
    pub changed: u32,
    /// Times it could not be reached.
    pub unreachable: u32,
    /// Tasks that failed and were neither rescued nor ignored.
    pub failed: u32,
    /// Tasks that were skipped.
    pub skipped: u32,
    /// Blocks that were rescued.
    pub rescued: u32,
    /// Failures that were ignored.
    pub ignored: u32,
}

/// What a host's task ended with.
#[derive(Clone, Debug)]
pub struct HostResult {
    /// The host, by its inventory name.
    pub host: HostName,
    /// The task.
    pub task: Arc<TaskInfo>,
    /// How it ended. For a loop, `values["results"]` holds what each item gave.
    pub outcome: Arc<Outcome>,
    /// The host that it ran on instead, as stock shows it.
    pub delegated_to: Option<String>,
    /// Whether `ignore_errors` let the host go on after a failure.
    pub ignored: bool,
    /// Whether it may be shown.
    pub disclosure: Disclosure,
    /// The mode it ran in.
    pub mode: Mode,
    /// Whether diffs were asked for.
    pub diff: bool,
    /// Keywords and arguments of the task as they were rendered for this host, for whoever wants them
    /// ([`EventSink::wants_keywords`]).
    pub keywords: Option<Arc<Dict>>,
    /// Why it failed, with places, as shown before the result (stock's `[ERROR]: Task failed`).
    pub diagnostic: Option<Box<Diagnostic>>,
    /// What its templates warned of, with places. The outcome has it too, without them.
    pub told: Vec<Diagnostic>,
    /// What to do about warnings and deprecations of the outcome, by their messages.
    pub helps: Dict,
}

impl HostResult {
    /// An outcome on the task's own host: neither ignored nor hidden, nothing to explain.
    pub fn new(
        host: HostName,
        task: &Arc<TaskInfo>,
        outcome: Outcome,
        (mode, diff): (Mode, bool),
    ) -> HostResult {
        HostResult {
            host,
            task: Arc::clone(task),
            outcome: Arc::new(outcome),
            delegated_to: None,
            ignored: false,
            disclosure: Disclosure::Shown,
            mode,
            diff,
            keywords: None,
            diagnostic: None,
            told: Vec::new(),
            helps: Dict::new(),
        }
    }
}

/// What one item of a loop ended with.
#[derive(Clone, Debug)]
pub struct ItemResult {
    /// As for the task; `outcome` is the item's.
    pub result: HostResult,
    /// What `loop_control.label` shows, or the item itself.
    pub label: Value,
}

/// How a job in the background is getting on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackgroundState {
    /// It hasn't ended.
    Running,
    /// It has ended well.
    Ok,
    /// It has failed, or its time is over.
    Failed,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// A playbook of a collection is about to be read.
    InsideCollection {
        /// `namespace.name`.
        collection: Text,
    },
    /// A playbook starts; its path as given.
    PlaybookStarted {
        /// The path.
        path: String,
        /// How many plays it has.
        plays: usize,
    },
    /// A play starts.
    PlayStarted {
        /// Its number.
        play: PlayId,
        /// Its rendered name (its hosts' pattern when it has none).
        name: String,
        /// The mode it runs in.
        mode: Mode,
        /// The hosts that it runs on, in order (of this batch, when it has batches).
        hosts: Vec<HostName>,
        /// How they go on.
        pace: Pace,
        /// What the play says of itself.
        info: Arc<PlayInfo>,
    },
    /// The play's pattern matched no host.
    NoHostsMatched,
    /// Every host of the play has failed.
    NoHostsRemaining,
    /// What a task says beside its name and arguments, before it is named for the first time: told to sinks that
    /// want it ([`EventSink::wants_keywords`]).
    TaskDescribed {
        /// The task.
        task: TaskId,
        /// Its keywords as they are written, inherited ones too.
        keywords: Dict,
    },
    /// A task or handler starts on its first host.
    TaskStarted {
        /// The task.
        task: Arc<TaskInfo>,
        /// Its rendered name with the role before it, as its banner shows it.
        name: String,
        /// The mode it runs in.
        mode: Mode,
    },
    /// A `meta` task does its work, or its condition says that it doesn't.
    MetaRun {
        /// In stock's words (`ending play`, …).
        told: String,
    },
    /// A task starts on a host.
    HostStarted {
        /// The host.
        host: HostName,
        /// The task.
        task: Arc<TaskInfo>,
    },
    /// An item of a loop ended.
    ItemFinished(Box<ItemResult>),
    /// A task ended on a host.
    HostFinished(Box<HostResult>),
    /// An item of an include's loop ended: its file is read later, for all hosts at once.
    IncludeItemFinished(Box<ItemResult>),
    /// An include ended on a host; what it includes follows.
    IncludeFinished(Box<HostResult>),
    /// `until` isn't met; another try follows.
    Retrying {
        /// As it would be if this had been the last try.
        result: Box<HostResult>,
        /// How many tries are left.
        left: u32,
    },
    /// A task's job in the background (`async`) was looked at.
    Background {
        /// The host.
        host: HostName,
        /// The job's name.
        job: String,
        /// How it is getting on.
        state: BackgroundState,
        /// What looking at it gave, as the task's result.
        result: Box<HostResult>,
    },
    /// Something was started to reach a target.
    Reached {
        /// What, in stock's form: `<host> EXEC …`.
        told: String,
    },
    /// A Python is looked for on a host.
    Discovering {
        /// The host.
        host: HostName,
    },
    /// A file of tasks (or a role) was included.
    Included {
        /// The file's path or the role's name.
        name: String,
        /// The hosts that include it.
        hosts: Vec<HostName>,
        /// The loop's item, if there is a loop.
        label: Option<Value>,
        /// The task that includes it.
        task: Arc<TaskInfo>,
    },
    /// A task notified a handler, which will run later.
    NotificationKept {
        /// The host.
        host: HostName,
        /// The handler's name or its topic.
        handler: String,
    },
    /// Whether nafal's own module or an installed one runs, of a task whose module is a collection's.
    ModuleChosen {
        /// The module's full name.
        module: String,
        /// The file of the installed one; None for nafal's own.
        path: Option<std::path::PathBuf>,
    },
    /// A question about the course of the run was answered; it stays as a line above what follows.
    Answered {
        /// What was asked.
        question: String,
    },
    /// Handlers are about to run, and this is one of them; or one of them notified it.
    Notified {
        /// The host.
        host: HostName,
        /// The handler.
        handler: Arc<TaskInfo>,
    },
    /// A play asks for a variable (`vars_prompt`), or would if somebody sat there.
    VariableAsked {
        /// Its name.
        name: String,
        /// What is said of it, under stock's names.
        prompt: Dict,
    },
    /// Something to warn of, while loading or running.
    Diagnosed(Box<Diagnostic>),
    /// The run is over.
    Finished {
        /// Counts of every host that took part, in the order in which they did.
        counts: Vec<(HostName, HostCounts)>,
        /// What `set_stats` gathered: per host, and for the run under no host.
        custom: Vec<(Option<HostName>, Dict)>,
    },
}

/// Whoever listens to a run. Called from one thread, in order.
pub trait EventSink {
    /// Takes an event.
    fn event(&mut self, event: &Event);

    /// Whether it wants to know tasks' keywords.
    fn wants_keywords(&self) -> bool {
        false
    }
}

impl EventSink for Vec<Event> {
    fn event(&mut self, event: &Event) {
        self.push(event.clone());
    }
}
