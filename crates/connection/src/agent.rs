//! The controller's end of an agent: requests of many threads over one pair of streams, answers
//! handed to whoever waits for them. Must not know how the agent was started.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use nafal_base::wire::{self, FromAgent, PIECE, Packing, Request, RequestId, ToAgent};
use nafal_base::{Dict, Outcome, Value};

use crate::fault::Fault;
use crate::process::{Process, Started, what_is_there};
use crate::ssh::Machine;

/// How long a cancelled request may take to give its outcome.
const AFTER_CANCEL: Duration = Duration::from_secs(5);
/// How long an agent may take to end.
const TO_END: Duration = Duration::from_secs(5);

/// An agent that is there.
pub struct Agent {
    machine: String,
    user: String,
    pid: u32,
    writer: Mutex<Option<File>>,
    packing: Packing,
    next: AtomicU64,
    waiting: Arc<Waiting>,
    reader: Mutex<Option<std::thread::JoinHandle<()>>>,
    /// What it runs over: stays open as long as the agent is used.
    _carrier: Option<Arc<Machine>>,
}

#[derive(Default)]
struct Waiting(Mutex<State>);

#[derive(Default)]
struct State {
    requests: HashMap<RequestId, Sender<FromAgent>>,
    lost: Option<Fault>,
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Agent {
    /// Takes over what was started: reads the greeting, then listens in a thread of its own.
    pub(crate) fn begin(
        machine: &str,
        mut started: Started,
        carrier: Option<Arc<Machine>>,
    ) -> Result<Agent, Fault> {
        let (user, pid) = greet(machine, &mut started)?;
        let waiting = Arc::new(Waiting::default());
        let Started { stdin, stdout, stderr, process } = started;
        let listener = Listener {
            machine: machine.to_owned(),
            waiting: Arc::clone(&waiting),
            stderr,
            process,
            pid,
        };
        let reader = std::thread::Builder::new()
            .name("agent".to_owned())
            .stack_size(512 << 10)
            .spawn(move || listener.listen(stdout))
            .map_err(|error| Fault::own(machine, "no thread to listen", &error))?;
        Ok(Agent {
            machine: machine.to_owned(),
            user,
            pid,
            writer: Mutex::new(Some(stdin)),
            packing: carrier.as_ref().map_or(Packing::Never, |_| Packing::WhereItHelps),
            next: AtomicU64::new(1),
            waiting,
            reader: Mutex::new(Some(reader)),
            _carrier: carrier,
        })
    }

    /// The user that it runs as.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Its process on its machine.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Whether nobody waits for an answer of it.
    pub(crate) fn is_idle(&self) -> bool {
        self.waiting.lock().requests.is_empty()
    }

    /// Whether it is gone.
    pub fn is_lost(&self) -> bool {
        self.waiting.lock().lost.is_some()
    }

    /// Runs a module and waits for its outcome, for so long at most.
    pub fn run(&self, request: Request, timeout: Option<Duration>) -> Result<Outcome, Fault> {
        let (id, answers) = self.register()?;
        self.send(&ToAgent::Run(id, Box::new(request)))?;
        let Some(timeout) = timeout else {
            return self.done(answers.recv().map_err(|_| self.loss())?);
        };
        match answers.recv_timeout(timeout) {
            Ok(answer) => self.done(answer),
            Err(RecvTimeoutError::Disconnected) => Err(self.loss()),
            Err(RecvTimeoutError::Timeout) => {
                self.send(&ToAgent::Cancel(id))?;
                // Its outcome is of no interest, but its processes must be gone.
                let _ = answers.recv_timeout(AFTER_CANCEL);
                self.waiting.lock().requests.remove(&id);
                Ok(timed_out(timeout))
            }
        }
    }

    fn done(&self, answer: FromAgent) -> Result<Outcome, Fault> {
        match answer {
            FromAgent::Done(_, outcome) => Ok(*outcome),
            _ => Err(self.confused()),
        }
    }

    /// Sends a file's bytes; gives the path on the target that they are in.
    pub fn put(&self, bytes: &mut dyn Read) -> Result<String, Fault> {
        let (id, answers) = self.register()?;
        loop {
            let mut data = Vec::with_capacity(PIECE);
            let read = (&mut *bytes).take(PIECE as u64).read_to_end(&mut data);
            if let Err(error) = read {
                // An upload without its end stays in the agent's folder, which goes with it.
                self.waiting.lock().requests.remove(&id);
                return Err(self.transfer(error.to_string()));
            }
            let last = data.len() < PIECE;
            self.send(&ToAgent::Put { id, data, last })?;
            if last {
                break;
            }
        }
        match answers.recv().map_err(|_| self.loss())? {
            FromAgent::Stored(_, stored) => stored.map_err(|reason| self.transfer(reason)),
            _ => Err(self.confused()),
        }
    }

    /// Fetches a file of the target.
    pub fn get(&self, path: &str, to: &mut dyn Write) -> Result<(), Fault> {
        let (id, answers) = self.register()?;
        self.send(&ToAgent::Get { id, path: path.to_owned() })?;
        let mut written: io::Result<()> = Ok(());
        loop {
            let answer = answers.recv().map_err(|_| self.loss())?;
            let FromAgent::Piece { data, last, fault, .. } = answer else {
                return Err(self.confused());
            };
            // What can't be written is still read to its end: the stream goes on afterwards.
            if written.is_ok() {
                written = to.write_all(&data);
            }
            if let Some(reason) = fault {
                return Err(self.transfer(format!("{path}: {reason}")));
            }
            if last {
                return written.map_err(|error| self.transfer(error.to_string()));
            }
        }
    }

    /// Cancels everything that is under way; outcomes still come.
    pub fn cancel_all(&self) {
        let ids: Vec<RequestId> = self.waiting.lock().requests.keys().copied().collect();
        for id in ids {
            // A lost agent has nothing left to cancel.
            let _ = self.send(&ToAgent::Cancel(id));
        }
    }

    /// Ends it and waits until it has ended.
    pub fn close(&self) {
        let _ = self.send(&ToAgent::Bye);
        self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(reader) = reader {
            let _ = reader.join();
        }
    }

    fn register(&self) -> Result<(RequestId, Receiver<FromAgent>), Fault> {
        let id = RequestId(self.next.fetch_add(1, Ordering::Relaxed));
        let (sender, receiver) = channel();
        let mut state = self.waiting.lock();
        match &state.lost {
            Some(fault) => Err(fault.clone()),
            None => {
                state.requests.insert(id, sender);
                Ok((id, receiver))
            }
        }
    }

    fn send(&self, message: &ToAgent) -> Result<(), Fault> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(writer) = writer.as_mut() else {
            return Err(self.loss());
        };
        wire::write_frame_as(writer, message, self.packing).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => self.transfer(error.to_string()),
            _ => self.loss_after(&error),
        })
    }

    /// Why it is gone. The listener knows soon, if it doesn't yet.
    fn loss(&self) -> Fault {
        self.waiting.lock().lost.clone().unwrap_or_else(|| Fault::Lost {
            machine: self.machine.clone(),
            reason: "the agent was ended".to_owned(),
        })
    }

    fn loss_after(&self, error: &io::Error) -> Fault {
        for _ in 0..200 {
            if let Some(fault) = &self.waiting.lock().lost {
                return fault.clone();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Fault::Lost { machine: self.machine.clone(), reason: error.to_string() }
    }

    fn transfer(&self, reason: String) -> Fault {
        Fault::Transfer { machine: self.machine.clone(), reason }
    }

    fn confused(&self) -> Fault {
        self.transfer("the agent answered something else than what it was asked".to_owned())
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.close();
    }
}

/// The outcome of a task whose time is over, in stock's words.
fn timed_out(timeout: Duration) -> Outcome {
    let period = i64::try_from(timeout.as_secs()).unwrap_or(i64::MAX);
    let mut details = Dict::new();
    details.insert("period", Value::Int(period));
    Outcome::failed(format!("Timed out after {period} second(s).")).with("timedout", details)
}

fn greet(machine: &str, started: &mut Started) -> Result<(String, u32), Fault> {
    let failed = |reason: String| Fault::Agent { machine: machine.to_owned(), reason };
    match wire::read_frame(&mut started.stdout) {
        Ok(Some(FromAgent::Hello { version, pid, user })) if version == wire::VERSION => {
            Ok((user, pid))
        }
        Ok(Some(FromAgent::Hello { version, .. })) => Err(failed(format!(
            "it speaks version {version} of the protocol, not {}",
            wire::VERSION
        ))),
        other => {
            let how = started.process.end(TO_END);
            let said = what_is_there(&mut started.stderr);
            let what = match other {
                Err(error) if said.is_empty() => error.to_string(),
                _ => said,
            };
            Err(failed(format!("{how} before it greeted: {what}")))
        }
    }
}

/// The thread that hands answers to those who wait.
struct Listener {
    machine: String,
    waiting: Arc<Waiting>,
    stderr: File,
    process: Process,
    pid: u32,
}

impl Listener {
    fn listen(mut self, stdout: File) {
        let mut stdout = BufReader::with_capacity(128 * 1024, stdout);
        let broken = loop {
            match wire::read_frame::<FromAgent>(&mut stdout) {
                Ok(Some(answer)) => self.hand_over(answer),
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        // What it still writes would block it while we wait for its end.
        drop(stdout);
        let mut reason = format!("the agent (process {}) is gone: ", self.pid);
        reason.push_str(&self.process.end(TO_END));
        let said = what_is_there(&mut self.stderr);
        if !said.is_empty() {
            reason.push_str(&format!(": {said}"));
        }
        if let Some(error) = broken.filter(|error| error.kind() == io::ErrorKind::InvalidData) {
            reason.push_str(&format!(" (it spoke nonsense: {error})"));
        }
        let mut state = self.waiting.lock();
        state.lost = Some(Fault::Lost { machine: std::mem::take(&mut self.machine), reason });
        // Dropping the senders wakes those who wait.
        state.requests.clear();
    }

    fn hand_over(&self, answer: FromAgent) {
        let (id, more) = match &answer {
            FromAgent::Done(id, _) | FromAgent::Stored(id, _) => (*id, false),
            FromAgent::Piece { id, last, fault, .. } => (*id, !*last && fault.is_none()),
            FromAgent::Hello { .. } => return,
        };
        let mut state = self.waiting.lock();
        let sender =
            if more { state.requests.get(&id).cloned() } else { state.requests.remove(&id) };
        drop(state);
        if let Some(sender) = sender {
            // Whoever gave up waiting doesn't want it.
            let _ = sender.send(answer);
        }
    }
}
