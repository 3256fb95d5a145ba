//! The target of one try: reached when the first module needs it, never before.

use std::cell::{OnceCell, RefCell};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use nafal_base::wire::{DISCOVERED, FOREIGN, PYTHON, Python, Request, Surroundings};
use nafal_base::{Dict, Outcome, Value};
use nafal_connection::{Agent, Connections, Fault, Kind, Target};

use crate::effect::Performed;
use crate::error::Error;
use crate::python::is_refusal;

/// How an action talks to its target.
pub struct Remote<'a> {
    connections: &'a Connections,
    target: &'a dyn Fn() -> Result<Target, Error>,
    surroundings: &'a dyn Fn() -> Result<Surroundings, Performed>,
    python: &'a dyn Fn() -> Result<Python, Performed>,
    discovered: RefCell<Option<Value>>,
    timeout: Option<Duration>,
    background: Option<InBackground>,
    job_folder: Option<String>,
    agent: OnceCell<Result<Arc<Agent>, Outcome>>,
}

/// Modules run in the background, in jobs that outlive the connection.
#[derive(Clone, Copy, Debug)]
pub struct InBackground {
    /// For how many seconds at most.
    pub seconds: i64,
}

/// What a fault of transport is as an outcome: unreachable, unless the task itself is to blame.
fn outcome_of(fault: &Fault) -> Outcome {
    if fault.is_unreachable() {
        Outcome::unreachable(fault.to_string())
    } else {
        Outcome::failed(fault.to_string())
    }
}

/// Whether stock runs a module under the target's Python.
fn needs_python(module: &str, args: &Dict) -> bool {
    match module {
        "ansible.builtin.raw" | "nafal.builtin.script" => false,
        FOREIGN => args.get(PYTHON).is_some_and(Value::is_true),
        _ => true,
    }
}

impl<'a> Remote<'a> {
    /// A target that isn't reached yet.
    pub fn new(
        connections: &'a Connections,
        target: &'a dyn Fn() -> Result<Target, Error>,
        surroundings: &'a dyn Fn() -> Result<Surroundings, Performed>,
        python: &'a dyn Fn() -> Result<Python, Performed>,
        timeout: Option<Duration>,
    ) -> Remote<'a> {
        Remote {
            connections,
            target,
            surroundings,
            python,
            discovered: RefCell::default(),
            timeout,
            background: None,
            job_folder: None,
            agent: OnceCell::new(),
        }
    }

    /// The same, with modules in the background if so wanted, and with jobs' files in this folder.
    #[must_use]
    pub fn in_background(
        mut self,
        background: Option<InBackground>,
        job_folder: Option<String>,
    ) -> Remote<'a> {
        self.background = background;
        self.job_folder = job_folder;
        self
    }

    /// The same target, reached anew.
    pub fn anew(&self) -> Remote<'a> {
        self.limited(self.timeout)
    }

    /// The same target, reached anew, where each module has so long at most.
    pub fn within(&self, limit: Duration) -> Remote<'a> {
        self.limited(Some(limit))
    }

    fn limited(&self, limit: Option<Duration>) -> Remote<'a> {
        Remote::new(self.connections, self.target, self.surroundings, self.python, limit)
    }

    /// The Python that was found where one was looked for; nothing where there is none.
    pub fn discovered(&self) -> Option<Value> {
        self.discovered.borrow().clone()
    }

    /// Another target, with the task's surroundings.
    pub fn towards<'b>(&'b self, target: &'b dyn Fn() -> Result<Target, Error>) -> Remote<'b> {
        Remote::new(self.connections, target, self.surroundings, self.python, self.timeout)
    }

    /// The same target, where modules run in other surroundings, while one waits.
    pub fn in_surroundings<'b>(
        &'b self,
        surroundings: &'b dyn Fn() -> Result<Surroundings, Performed>,
    ) -> Remote<'b> {
        Remote::new(self.connections, self.target, surroundings, self.python, self.timeout)
    }

    /// The task's surroundings.
    pub fn surroundings(&self) -> Result<Surroundings, Performed> {
        (self.surroundings)()
    }

    /// Where it is, and as whom one works there.
    pub fn target(&self) -> Result<Target, Error> {
        (self.target)()
    }

    /// For how long modules may run in the background; 0 where they don't.
    pub fn background_seconds(&self) -> i64 {
        self.background.map_or(0, |background| background.seconds)
    }

    /// The Python that was found where a part of the task's work looked for one.
    pub fn remember(&self, found: Value) {
        self.discovered.replace(Some(found));
    }

    /// Whether the target is the controller's own machine.
    pub fn is_local(&self) -> bool {
        (self.target)().is_ok_and(|target| target.kind == Kind::Local)
    }

    /// Closes what is open to the target's machine, so that whoever reaches it anew sees whether it
    /// is there.
    pub fn forget(&self) {
        if let Ok(target) = (self.target)() {
            self.connections.forget(&target.kind);
        }
    }

    /// Ends what runs as this user on the target's machine, so that the account can be changed.
    pub fn leave(&self, user: &str) {
        if let Ok(target) = (self.target)() {
            self.connections.leave(&target.kind, user);
        }
    }

    fn agent(&self) -> Result<&Arc<Agent>, Outcome> {
        self.agent
            .get_or_init(|| {
                let target = (self.target)().map_err(|error| Outcome::failed(error.to_string()))?;
                self.connections.agent(&target).map_err(|fault| outcome_of(&fault))
            })
            .as_ref()
            .map_err(Clone::clone)
    }

    /// Runs a module, in the background when that is wanted; what goes wrong on the way is an
    /// outcome too.
    pub fn run(&self, module: &str, args: Dict) -> Outcome {
        let Some(background) = self.background else { return self.run_now(module, args) };
        let mut wrapped = Dict::new();
        wrapped.insert("module", Value::from(module));
        wrapped.insert("arguments", Value::Dict(args));
        wrapped.insert("seconds", Value::Int(background.seconds));
        self.add_folder("folder", &mut wrapped);
        let mut outcome = self.run_now("ansible.legacy.async_wrapper", wrapped);
        // What starts jobs counts as a change in stock even where it can't be started itself.
        outcome.changed |= is_refusal(&outcome);
        outcome
    }

    /// What a job in the background has come to (`status`), or removes its file (`cleanup`).
    pub fn status(&self, job: &str, mode: &str) -> Outcome {
        let mut args = Dict::new();
        args.insert("jid", Value::from(job));
        args.insert("mode", Value::from(mode));
        self.add_folder("_async_dir", &mut args);
        // Looking after a job isn't part of what the task's limit counts.
        self.send("ansible.legacy.async_status", args, None)
    }

    fn add_folder(&self, key: &str, args: &mut Dict) {
        if let Some(folder) = &self.job_folder {
            args.insert(key, Value::from(folder.as_str()));
        }
    }

    /// Runs a module while one waits, even where the task's own runs in the background.
    pub fn run_now(&self, module: &str, args: Dict) -> Outcome {
        self.send(module, args, self.timeout)
    }

    fn send(&self, module: &str, args: Dict, timeout: Option<Duration>) -> Outcome {
        match (self.surroundings)() {
            Ok(surroundings) => self.send_in(surroundings, module, args, timeout),
            Err(performed) => performed.outcome,
        }
    }

    /// Runs a module without the task's environment.
    pub fn run_bare(&self, module: &str, args: Dict) -> Outcome {
        match (self.surroundings)() {
            Ok(surroundings) => {
                let bare = Surroundings { environment: Vec::new(), ..surroundings };
                self.send_in(bare, module, args, self.timeout)
            }
            Err(performed) => performed.outcome,
        }
    }

    /// Whether the task sets variables of the environment.
    pub fn has_environment(&self) -> bool {
        (self.surroundings)().is_ok_and(|surroundings| !surroundings.environment.is_empty())
    }

    fn send_in(
        &self,
        mut surroundings: Surroundings,
        module: &str,
        args: Dict,
        timeout: Option<Duration>,
    ) -> Outcome {
        if needs_python(module, &args) {
            match (self.python)() {
                Ok(python) => surroundings.python = python,
                Err(performed) => return performed.outcome,
            }
        }
        let request = Request { module: module.to_owned(), args, surroundings };
        let mut outcome = match self.agent() {
            Ok(agent) => agent.run(request, timeout).unwrap_or_else(|fault| outcome_of(&fault)),
            Err(outcome) => outcome,
        };
        if let Some(found) = outcome.values.remove(DISCOVERED) {
            self.discovered.replace(Some(found));
        }
        outcome
    }

    /// Sends a file's bytes to the target; gives the path that they are in.
    pub fn put(&self, bytes: &mut dyn Read) -> Result<String, Outcome> {
        self.agent()?.put(bytes).map_err(|fault| outcome_of(&fault))
    }

    /// Fetches a file of the target; relative paths start at the task's folder.
    pub fn get(&self, path: &str, to: &mut dyn Write) -> Result<(), Outcome> {
        let surroundings = (self.surroundings)().map_err(|performed| performed.outcome)?;
        let path = match surroundings.folder {
            Some(folder) => Path::new(&folder).join(path).to_string_lossy().into_owned(),
            None => path.to_owned(),
        };
        self.agent()?.get(&path, to).map_err(|fault| outcome_of(&fault))
    }
}
