//! Which process groups were started for a request, so that cancelling it reaches them all. Must
//! not know what they run.

use std::sync::{Mutex, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};

/// The process groups of one request.
#[derive(Debug, Default)]
pub struct Processes {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    groups: Vec<Pid>,
    cancelled: bool,
}

/// The request was cancelled: nothing more is started for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled;

impl Processes {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a process group under the lock, so that a cancel comes either before or after.
    pub fn start<T, E>(
        &self,
        start: impl FnOnce() -> Result<(Pid, T), E>,
    ) -> Result<Result<T, E>, Cancelled> {
        let mut state = self.state();
        if state.cancelled {
            return Err(Cancelled);
        }
        Ok(start().map(|(group, started)| {
            state.groups.push(group);
            started
        }))
    }

    /// A group's leader has ended and been waited for.
    pub fn ended(&self, group: Pid) {
        self.state().groups.retain(|other| *other != group);
    }

    /// Kills them all, and whatever would be started later.
    pub fn cancel(&self) {
        let mut state = self.state();
        state.cancelled = true;
        for group in &state.groups {
            // It may just have ended.
            let _ = kill_process_group(*group, Signal::KILL);
        }
    }

    /// Whether the request was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.state().cancelled
    }
}
