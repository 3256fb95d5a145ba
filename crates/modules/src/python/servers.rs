//! Warm Python processes: one an interpreter and copy of `ansible.module_utils`, started when first
//! needed. Must not know modules.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use nafal_base::{Dict, Value};

use super::interpreter::refusal;
use super::result::NO_JSON;
use crate::ctx::Ctx;
use crate::files::{Failure, Result};
use crate::processes;

/// The process's own program.
const PROGRAM: &str = concat!(include_str!("missing.py"), include_str!("server.py"));

/// What a process says of a module that it was asked to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It runs, as this process.
    Started(i32),
    /// It ended with this code; minus the signal that ended it.
    Ended(i32),
}

/// The warm processes of one agent.
#[derive(Debug, Default)]
pub struct Servers {
    running: Mutex<HashMap<(String, PathBuf), Arc<Server>>>,
}

/// One of them.
#[derive(Debug)]
pub struct Server {
    child: Mutex<Child>,
    input: Mutex<ChildStdin>,
    waiting: Arc<Mutex<Waiting>>,
    next: AtomicU64,
}

type Waiting = HashMap<u64, Sender<Said>>;

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Servers {
    /// The process for this interpreter and this copy of `ansible.module_utils`; a new one when there is
    /// none or it has ended.
    pub fn server(&self, interpreter: &str, base: &Path, ctx: &Ctx) -> Result<Arc<Server>> {
        // Held while one starts: two would be one too many, and whoever waits needs it anyway.
        let mut running = locked(&self.running);
        let key = (interpreter.to_owned(), base.to_owned());
        if let Some(server) = running.get(&key).filter(|server| server.is_alive()) {
            return Ok(Arc::clone(server));
        }
        let server = Arc::new(Server::start(interpreter, base, ctx)?);
        running.insert(key, Arc::clone(&server));
        Ok(server)
    }
}

impl Server {
    fn start(interpreter: &str, base: &Path, ctx: &Ctx) -> Result<Server> {
        if let Some(refused) = refusal(interpreter, ctx) {
            return Err(Failure::from(refused));
        }
        let mut command = Command::new(interpreter);
        command.arg("-c").arg(PROGRAM).arg(base);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let broken = |error: &dyn std::fmt::Display| {
            Failure::new(NO_JSON)
                .with("module_stdout", "")
                .with("module_stderr", format!("{interpreter}: {error}\n"))
        };
        let mut child =
            processes::spawn(&mut command).map_err(|error| broken(&error).with("rc", 126))?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(broken(&"it has no pipes"));
        };
        let mut output = BufReader::new(output);
        let mut first = String::new();
        let read = output.read_line(&mut first).unwrap_or(0);
        if read == 0 || !first.contains("\"ready\"") {
            let _ = child.kill();
            let code = child.wait().ok().and_then(|status| status.code()).unwrap_or(1);
            return Err(broken(&"it ended before it was ready").with("rc", code));
        }
        let waiting: Arc<Mutex<Waiting>> = Arc::default();
        let listener = Arc::clone(&waiting);
        std::thread::spawn(move || listen(output, &listener));
        Ok(Server {
            child: Mutex::new(child),
            input: Mutex::new(input),
            waiting,
            next: AtomicU64::new(1),
        })
    }

    fn is_alive(&self) -> bool {
        matches!(locked(&self.child).try_wait(), Ok(None))
    }

    /// Asks it to run a module. What it says comes through the channel, which closes when the process ends.
    pub fn ask(&self, mut request: Dict) -> Result<Receiver<Said>> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (sender, receiver) = channel();
        locked(&self.waiting).insert(id, sender);
        request.insert("id", Value::Int(i64::try_from(id).unwrap_or(i64::MAX)));
        let style = nafal_base::value::json::Style::LINE;
        let mut line = nafal_base::value::json::to_json(&Value::Dict(request), style);
        line.push('\n');
        let mut input = locked(&self.input);
        input.write_all(line.as_bytes()).and_then(|()| input.flush()).map_err(|error| {
            locked(&self.waiting).remove(&id);
            Failure::new(format!("the warm Python process has ended: {error}"))
        })?;
        Ok(receiver)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut child = locked(&self.child);
        let _ = child.kill();
        let _ = child.wait();
    }
}

fn listen(output: BufReader<ChildStdout>, waiting: &Mutex<Waiting>) {
    for line in output.lines().map_while(std::io::Result::ok) {
        let Ok(Value::Dict(said)) = serde_json::from_str::<Value>(&line) else { continue };
        let number = |key: &str| said.get(key).and_then(Value::as_int);
        let Some(id) = number("id").and_then(|id| u64::try_from(id).ok()) else { continue };
        let small = |number: i64| i32::try_from(number).unwrap_or(-1);
        let mut waiting = locked(waiting);
        if let Some(pid) = number("pid") {
            waiting.get(&id).map(|waiter| waiter.send(Said::Started(small(pid))));
        } else if let Some(code) = number("code") {
            waiting.remove(&id).map(|waiter| waiter.send(Said::Ended(small(code))));
        }
    }
    // Dropping the senders tells all who wait.
    locked(waiting).clear();
}
