//! A started agent or script, wherever it runs: its streams and its end. Must not know what is
//! said over them.

use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ExitStatus};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

/// The streams of something that was started.
pub struct Started {
    /// What it reads.
    pub stdin: File,
    /// What it writes.
    pub stdout: File,
    /// What it complains of.
    pub stderr: File,
    /// Itself.
    pub process: Process,
}

/// Something that was started.
pub enum Process {
    /// A child of this process.
    Local(Child),
    /// A session over ssh: the channel gives how it ended; the sender's end is dropped when the
    /// session is given up.
    Remote {
        /// How it ended.
        ended: Receiver<String>,
        /// Ends the session when it is dropped.
        session: tokio::task::AbortHandle,
    },
}

impl Started {
    /// A child of this process whose three streams are pipes.
    pub fn local(mut child: Child) -> Option<Started> {
        let stdin = File::from(OwnedFd::from(child.stdin.take()?));
        let stdout = File::from(OwnedFd::from(child.stdout.take()?));
        let stderr = File::from(OwnedFd::from(child.stderr.take()?));
        Some(Started { stdin, stdout, stderr, process: Process::Local(child) })
    }

    /// A child whose complaints go to a file that is read through `log`.
    pub fn with_log(mut child: Child, log: File) -> Option<Started> {
        let stdin = File::from(OwnedFd::from(child.stdin.take()?));
        let stdout = File::from(OwnedFd::from(child.stdout.take()?));
        Some(Started { stdin, stdout, stderr: log, process: Process::Local(child) })
    }
}

impl Process {
    /// Waits for its end and says how that was; kills it when it takes longer.
    pub fn end(&mut self, patience: Duration) -> String {
        match self {
            Process::Local(child) => end_child(child, patience),
            Process::Remote { ended, session } => {
                let how = ended.recv_timeout(patience);
                session.abort();
                how.unwrap_or_else(|_| "its session was closed".to_owned())
            }
        }
    }
}

fn end_child(child: &mut Child, patience: Duration) -> String {
    let end = Instant::now() + patience;
    let mut pause = Duration::from_micros(200);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return describe(status),
            Ok(None) if Instant::now() < end => {
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(20));
            }
            _ => {
                // It may just have ended by itself.
                let _ = child.kill();
                let _ = child.wait();
                return "it was told to end, didn't, and was killed".to_owned();
            }
        }
    }
}

fn describe(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (_, Some(signal)) => format!("it was killed by signal {signal}"),
        (Some(code), _) => format!("it ended with exit code {code}"),
        _ => "it ended".to_owned(),
    }
}

/// What is in a stream now, without waiting for more.
pub fn what_is_there(stream: &mut File) -> String {
    let nonblocking =
        fcntl_getfl(&*stream).and_then(|flags| fcntl_setfl(&*stream, flags | OFlags::NONBLOCK));
    if nonblocking.is_err() {
        return String::new();
    }
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(count) = stream.read(&mut buffer) {
        if count == 0 || bytes.len() > 64 * 1024 {
            break;
        }
        bytes.extend_from_slice(&buffer[..count]);
    }
    String::from_utf8_lossy(&bytes).trim().to_owned()
}
