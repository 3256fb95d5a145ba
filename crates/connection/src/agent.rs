//! One agent: requests from many threads go out in frames, one thread takes the answers apart.
//!
//! Lock order: `writer` alone, `waiting` alone; neither is held while one waits for an answer.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use nafal_base::wire::{self, FromAgent, PIECE, Request, RequestId, ToAgent};
use nafal_base::{HostName, Outcome};

use crate::fault::Fault;

type Waiting = Mutex<Option<HashMap<RequestId, Sender<FromAgent>>>>;

/// An agent that runs.
pub struct Agent {
    host: HostName,
    writer: Mutex<Box<dyn Write + Send>>,
    waiting: Arc<Waiting>,
    next: AtomicU64,
    /// Why it ended, once it has.
    ended: Arc<Mutex<Option<String>>>,
}

impl Agent {
    /// Speaks to an agent over these streams; returns when it has said hello.
    pub(crate) fn open(
        host: &HostName,
        mut reader: impl Read + Send + 'static,
        writer: impl Write + Send + 'static,
        why_ended: impl FnOnce() -> String + Send + 'static,
    ) -> Result<Agent, Fault> {
        let start = |reason: String| Fault::Start { host: host.clone(), reason };
        match wire::read_frame::<FromAgent>(&mut reader) {
            Ok(Some(FromAgent::Hello { version, .. })) if version == wire::VERSION => {}
            Ok(Some(FromAgent::Hello { version, .. })) => {
                return Err(start(format!(
                    "it speaks version {version} of the protocol, this nafal version {}",
                    wire::VERSION
                )));
            }
            Ok(Some(_)) => return Err(start("it did not say hello".to_owned())),
            Ok(None) => return Err(start(why_ended())),
            Err(error) => return Err(start(format!("{error}: {}", why_ended()))),
        }
        let waiting: Arc<Waiting> = Arc::new(Mutex::new(Some(HashMap::new())));
        let ended = Arc::new(Mutex::new(None));
        let (shared, reason) = (Arc::clone(&waiting), Arc::clone(&ended));
        std::thread::Builder::new()
            .name(format!("agent-{host}"))
            .stack_size(256 * 1024)
            .spawn(move || read_all(&mut reader, &shared, &reason, why_ended))
            .map_err(|error| start(error.to_string()))?;
        Ok(Agent {
            host: host.clone(),
            writer: Mutex::new(Box::new(writer)),
            waiting,
            next: AtomicU64::new(1),
            ended,
        })
    }

    /// Whether it has ended.
    pub fn is_closed(&self) -> bool {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    fn lost(&self) -> Fault {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let reason = ended.clone().unwrap_or_else(|| "the agent ended".to_owned());
        Fault::Lost { host: self.host.clone(), reason }
    }

    /// A number whose answers come to the receiver.
    fn expect(&self) -> Result<(RequestId, Receiver<FromAgent>), Fault> {
        let id = RequestId(self.next.fetch_add(1, Ordering::Relaxed));
        let (sender, receiver) = channel();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        match waiting.as_mut() {
            Some(waiting) => {
                waiting.insert(id, sender);
                Ok((id, receiver))
            }
            None => {
                drop(waiting);
                Err(self.lost())
            }
        }
    }

    fn send(&self, message: &ToAgent) -> Result<(), Fault> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        wire::write_frame(&mut *writer, message).map_err(|_| self.lost())
    }

    /// Runs a module and waits for it.
    pub fn run(&self, request: Request, timeout: Option<Duration>) -> Result<Outcome, Fault> {
        let (id, answers) = self.expect()?;
        self.send(&ToAgent::Run(id, Box::new(request)))?;
        let answer = match timeout {
            None => answers.recv().map_err(|_| self.lost())?,
            Some(limit) => match answers.recv_timeout(limit) {
                Ok(answer) => answer,
                Err(RecvTimeoutError::Disconnected) => return Err(self.lost()),
                Err(RecvTimeoutError::Timeout) => {
                    self.send(&ToAgent::Cancel(id))?;
                    return Err(Fault::TimedOut {
                        host: self.host.clone(),
                        seconds: limit.as_secs(),
                    });
                }
            },
        };
        match answer {
            FromAgent::Done(_, outcome) => Ok(*outcome),
            _ => Err(self.lost()),
        }
    }

    /// Sends a file in pieces; gives the path that it is in on the target.
    pub fn put(&self, bytes: &mut dyn Read) -> Result<String, Fault> {
        let (id, answers) = self.expect()?;
        let unreadable = |error: std::io::Error| Fault::Lost {
            host: self.host.clone(),
            reason: format!("the file to send can't be read: {error}"),
        };
        loop {
            let mut data = Vec::with_capacity(PIECE);
            bytes.take(PIECE as u64).read_to_end(&mut data).map_err(unreadable)?;
            let last = data.len() < PIECE;
            self.send(&ToAgent::Put { id, data, last })?;
            if last {
                break;
            }
        }
        match answers.recv().map_err(|_| self.lost())? {
            FromAgent::Stored(_, Ok(path)) => Ok(path),
            FromAgent::Stored(_, Err(reason)) => {
                Err(Fault::Lost { host: self.host.clone(), reason })
            }
            _ => Err(self.lost()),
        }
    }

    /// Fetches a file of the target in pieces.
    pub fn get(&self, path: &str, to: &mut dyn Write) -> Result<(), Fault> {
        let (id, answers) = self.expect()?;
        self.send(&ToAgent::Get { id, path: path.to_owned() })?;
        loop {
            match answers.recv().map_err(|_| self.lost())? {
                FromAgent::Piece { data, last, fault: None, .. } => {
                    to.write_all(&data).map_err(|error| Fault::Lost {
                        host: self.host.clone(),
                        reason: format!("the fetched file can't be written: {error}"),
                    })?;
                    if last {
                        self.forget(id);
                        return Ok(());
                    }
                }
                FromAgent::Piece { fault: Some(reason), .. } => {
                    self.forget(id);
                    return Err(Fault::Lost { host: self.host.clone(), reason });
                }
                _ => return Err(self.lost()),
            }
        }
    }

    fn forget(&self, id: RequestId) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waiting) = waiting.as_mut() {
            waiting.remove(&id);
        }
    }

    /// Asks it to end. It ends too when its standard input does.
    pub fn close(&self) {
        let _ = self.send(&ToAgent::Bye);
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        *writer = Box::new(std::io::sink());
    }
}

/// Hands every answer to whoever waits for it, until there are no more.
fn read_all(
    reader: &mut impl Read,
    waiting: &Waiting,
    ended: &Mutex<Option<String>>,
    why_ended: impl FnOnce() -> String,
) {
    while let Ok(Some(message)) = wire::read_frame::<FromAgent>(reader) {
        let (id, more) = match &message {
            FromAgent::Done(id, _) | FromAgent::Stored(id, _) => (*id, false),
            FromAgent::Piece { id, .. } => (*id, true),
            FromAgent::Hello { .. } => continue,
        };
        let mut all = waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(all) = all.as_mut() else { break };
        let sender = if more { all.get(&id).cloned() } else { all.remove(&id) };
        if let Some(sender) = sender {
            let _ = sender.send(message);
        }
    }
    *ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(why_ended());
    // Dropping the senders wakes everybody who waits.
    *waiting.lock().unwrap_or_else(PoisonError::into_inner) = None;
}
