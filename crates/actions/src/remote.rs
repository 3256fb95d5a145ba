//! The target of one try: reached when the first module needs it, never before.

use std::cell::OnceCell;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use nafal_base::wire::{Request, Surroundings};
use nafal_base::{Dict, Outcome};
use nafal_connection::{Agent, Connections, Fault, Target};

use crate::effect::Performed;
use crate::error::Error;

/// How an action talks to its target.
pub struct Remote<'a> {
    connections: &'a Connections,
    target: &'a dyn Fn() -> Result<Target, Error>,
    surroundings: &'a dyn Fn() -> Result<Surroundings, Performed>,
    timeout: Option<Duration>,
    agent: OnceCell<Result<Arc<Agent>, Outcome>>,
}

/// What a fault of transport is as an outcome: unreachable, unless the task itself is to blame.
fn outcome_of(fault: &Fault) -> Outcome {
    if fault.is_unreachable() {
        Outcome::unreachable(fault.to_string())
    } else {
        Outcome::failed(fault.to_string())
    }
}

impl<'a> Remote<'a> {
    /// A target that isn't reached yet.
    pub fn new(
        connections: &'a Connections,
        target: &'a dyn Fn() -> Result<Target, Error>,
        surroundings: &'a dyn Fn() -> Result<Surroundings, Performed>,
        timeout: Option<Duration>,
    ) -> Remote<'a> {
        Remote { connections, target, surroundings, timeout, agent: OnceCell::new() }
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

    /// Runs a module; what goes wrong on the way is an outcome too.
    pub fn run(&self, module: &str, args: Dict) -> Outcome {
        match (self.surroundings)() {
            Ok(surroundings) => self.run_in(surroundings, module, args),
            Err(performed) => performed.outcome,
        }
    }

    /// Runs a module without the task's environment.
    pub fn run_bare(&self, module: &str, args: Dict) -> Outcome {
        match (self.surroundings)() {
            Ok(surroundings) => {
                let bare = Surroundings { environment: Vec::new(), ..surroundings };
                self.run_in(bare, module, args)
            }
            Err(performed) => performed.outcome,
        }
    }

    /// Whether the task sets variables of the environment.
    pub fn has_environment(&self) -> bool {
        (self.surroundings)().is_ok_and(|surroundings| !surroundings.environment.is_empty())
    }

    fn run_in(&self, surroundings: Surroundings, module: &str, args: Dict) -> Outcome {
        let request = Request { module: module.to_owned(), args, surroundings };
        match self.agent() {
            Ok(agent) => {
                agent.run(request, self.timeout).unwrap_or_else(|fault| outcome_of(&fault))
            }
            Err(outcome) => outcome,
        }
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
