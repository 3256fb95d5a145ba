//! One conversation: from the greeting to the end of the input. Must not know processes' signals
//! or how modules crash.

use std::collections::HashMap;
use std::io::{self, BufReader, Read, Write};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use nafal_base::Outcome;
use nafal_base::wire::{self, FromAgent, Packing, Request, RequestId, ToAgent};

use super::Output;
use super::files::{self, OwnFolder, Uploads};
use super::pool::Pool;
use super::{crash, signals};
use crate::ctx::Ctx;
use crate::module_file::Laid;
use crate::processes::Processes;
use crate::python::{self, Servers};
use crate::registry::Module;
use crate::{passwd, registry};

/// How long modules that were told to stop may take to do so.
const GRACE: Duration = Duration::from_secs(3);

/// Finds modules by name.
type Find = fn(&str) -> Option<&'static Module>;

/// Serves until the input ends: greets, runs what is asked for, answers. Nothing that it started
/// is left afterwards.
pub fn serve(
    input: impl Read,
    output: impl Write + Send + 'static,
    packing: Packing,
) -> io::Result<()> {
    serve_these(registry::find, input, output, packing)
}

fn serve_these(
    find: Find,
    input: impl Read,
    output: impl Write + Send + 'static,
    packing: Packing,
) -> io::Result<()> {
    let folder = OwnFolder::make()?;
    signals::note_folder(folder.path().to_owned());
    let session = Arc::new(Session {
        output: Mutex::new(Box::new(output)),
        packing,
        folder: folder.path().to_owned(),
        find,
        running: Mutex::default(),
        one_ended: Condvar::new(),
        python: Servers::default(),
    });
    session.answer(&FromAgent::Hello {
        version: wire::VERSION,
        pid: std::process::id(),
        user: passwd::own_name(),
    })?;
    let result = session.listen(BufReader::with_capacity(128 * 1024, input));
    session.stop_all();
    result
}

struct Session {
    output: Mutex<Output>,
    packing: Packing,
    folder: PathBuf,
    find: Find,
    running: Mutex<HashMap<RequestId, Arc<Processes>>>,
    one_ended: Condvar,
    /// Warm processes for modules in Python.
    python: Servers,
}

impl Session {
    fn running(&self) -> MutexGuard<'_, HashMap<RequestId, Arc<Processes>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, message: &FromAgent) -> io::Result<()> {
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        wire::write_frame_as(&mut *output, message, self.packing)
    }

    fn listen(self: &Arc<Session>, mut input: impl Read) -> io::Result<()> {
        let pool = Pool::new();
        let mut uploads = Uploads::default();
        while let Some(message) = wire::read_frame::<ToAgent>(&mut input)? {
            match message {
                ToAgent::Run(id, request) => self.start(&pool, id, request),
                ToAgent::Put { id, data, last } => {
                    if let Some(stored) = uploads.take(&self.folder, id, &data, last) {
                        self.answer(&stored)?;
                    }
                }
                ToAgent::Get { id, path } => {
                    let session = Arc::clone(self);
                    // The listener notices by itself when the other end has gone.
                    pool.start(move || {
                        let _ = files::send(id, &path, |piece| session.answer(&piece));
                    });
                }
                ToAgent::Cancel(id) => {
                    let processes = self.running().get(&id).cloned();
                    if let Some(processes) = processes {
                        processes.cancel();
                    }
                }
                ToAgent::Bye => return Ok(()),
            }
        }
        Ok(())
    }

    fn start(self: &Arc<Session>, pool: &Pool, id: RequestId, request: Box<Request>) {
        let processes = Arc::new(Processes::default());
        signals::note_processes(&processes);
        self.running().insert(id, Arc::clone(&processes));
        let session = Arc::clone(self);
        pool.start(move || {
            let outcome = session.run(*request, processes);
            session.finish(id, outcome);
        });
    }

    fn run(&self, request: Request, processes: Arc<Processes>) -> Outcome {
        if processes.is_cancelled() {
            return Outcome::failed("the task was cancelled");
        }
        let (request, mut file) = match through_file(request) {
            Ok(through) => through,
            Err(error) => {
                return Outcome::failed(format!("failed to create temporary directory: {error}"));
            }
        };
        let Request { module: name, args, surroundings } = request;
        let mut ctx = Ctx::new(&name, surroundings, &self.folder, processes);
        let discovered = match python::look(&mut ctx) {
            Ok(discovered) => discovered,
            Err(outcome) => return *outcome,
        };
        let outcome = if name == wire::FOREIGN {
            crash::guard(&name, || python::run(&args, &ctx, &self.python))
        } else if let Some(module) = (self.find)(&name) {
            crash::guard(&name, || module.run(&args, &ctx))
        } else {
            return Outcome::failed(format!("the module {name} is not one of nafal's own"));
        };
        if let Some(file) = file.as_mut().filter(|_| outcome.values.contains(wire::MISSING)) {
            file.discard();
        }
        match discovered {
            Some(found) => outcome.with(wire::DISCOVERED, found),
            None => outcome,
        }
    }

    fn finish(&self, id: RequestId, outcome: Outcome) {
        let done = FromAgent::Done(id, Box::new(outcome));
        if let Err(error) = self.answer(&done)
            && error.kind() == io::ErrorKind::InvalidData
        {
            // Nothing of it was written: what can't travel is told instead.
            let told = Outcome::failed(format!("the module's result can't be sent: {error}"));
            let _ = self.answer(&FromAgent::Done(id, Box::new(told)));
        }
        self.running().remove(&id);
        self.one_ended.notify_all();
    }

    /// Kills what modules started and waits a moment for them, so that none is cut in the middle
    /// of its own clean-up.
    fn stop_all(&self) {
        let mut running = self.running();
        for processes in running.values() {
            processes.cancel();
        }
        let end = Instant::now() + GRACE;
        while !running.is_empty() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            let waited = self.one_ended.wait_timeout(running, left);
            running = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// The request as its file has it, where it is to have one; `raw` is no module.
fn through_file(request: Request) -> io::Result<(Request, Option<Laid>)> {
    match request.surroundings.file.clone() {
        Some(wanted) if request.module != "ansible.builtin.raw" => {
            let laid = Laid::down(&request, &wanted)?;
            Ok((laid.request()?, Some(laid)))
        }
        _ => Ok((request, None)),
    }
}

#[cfg(test)]
mod tests;
