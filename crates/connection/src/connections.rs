//! All agents of a run, each started once, by whoever needs it first.

use std::collections::HashMap;
use std::process::Child;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::agent::Agent;
use crate::fault::Fault;
use crate::local;
use crate::target::{Identity, Kind, Target};

type Place = (Kind, Identity);
type Slot = Arc<OnceLock<Result<Arc<Agent>, Fault>>>;

/// How long agents get to end by themselves.
const PATIENCE: Duration = Duration::from_secs(2);

/// Open agents, one a machine and identity.
#[derive(Default)]
pub struct Connections {
    agents: Mutex<HashMap<Place, Slot>>,
    children: Mutex<Vec<Child>>,
}

impl Connections {
    /// None is open yet.
    pub fn new() -> Connections {
        Connections::default()
    }

    /// The agent of this target, started if need be. Others who want the same wait for it.
    pub fn agent(&self, target: &Target) -> Result<Arc<Agent>, Fault> {
        let place = (target.kind.clone(), target.identity.clone());
        let slot = {
            let mut agents = self.agents.lock().unwrap_or_else(PoisonError::into_inner);
            let slot = agents.entry(place.clone()).or_default();
            // An agent that has ended is started anew for the next task.
            if matches!(slot.get(), Some(Ok(agent)) if agent.is_closed()) {
                *slot = Slot::default();
            }
            Arc::clone(slot)
        };
        slot.get_or_init(|| self.start(target).map(Arc::new)).clone()
    }

    fn start(&self, target: &Target) -> Result<Agent, Fault> {
        match &target.kind {
            Kind::Local => {
                let (agent, child) = local::start(&target.host, &target.identity)?;
                self.children.lock().unwrap_or_else(PoisonError::into_inner).push(child);
                Ok(agent)
            }
            Kind::Ssh(_) => Err(Fault::Unreachable {
                host: target.host.clone(),
                message: "connections by ssh are not built yet in nafal".to_owned(),
            }),
        }
    }

    /// Forgets the connections of a host, so that the next task opens them anew.
    pub fn reset(&self) {
        self.agents.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Ends all agents, and those processes that don't end by themselves.
    pub fn close(&self) {
        for slot in self.agents.lock().unwrap_or_else(PoisonError::into_inner).values() {
            if let Some(Ok(agent)) = slot.get() {
                agent.close();
            }
        }
        let until = Instant::now() + PATIENCE;
        let mut children = self.children.lock().unwrap_or_else(PoisonError::into_inner);
        for mut child in children.drain(..) {
            while matches!(child.try_wait(), Ok(None)) && Instant::now() < until {
                std::thread::sleep(Duration::from_millis(1));
            }
            if matches!(child.try_wait(), Ok(None)) {
                let _ = child.kill();
                let _ = child.wait();
            }
        }
    }
}

impl Drop for Connections {
    fn drop(&mut self) {
        self.close();
    }
}
