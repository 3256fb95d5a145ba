//! The one place where asynchronous code runs: opening sessions over masters. Must not know what
//! is said in them.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;

use openssh::{Session, Stdio};

use crate::process::{Process, Started};

/// The runtime that all connections share.
pub struct Runtime(tokio::runtime::Runtime);

impl Runtime {
    /// With one thread: it only opens sessions and waits for their ends.
    pub fn new() -> io::Result<Runtime> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("sessions")
            .enable_all()
            .build()?;
        Ok(Runtime(runtime))
    }

    /// A command line in a session of its own over the master behind this control socket. The
    /// master gets ends of plain pipes; the other ends are read and written by blocking calls.
    pub fn start(&self, control: &Path, line: &str) -> Result<Started, openssh::Error> {
        let failed = openssh::Error::ChildIo;
        let (their_in, stdin) = io::pipe().map_err(failed)?;
        let (stdout, their_out) = io::pipe().map_err(failed)?;
        let (stderr, their_err) = io::pipe().map_err(failed)?;
        let session = Arc::new(Session::resume_mux(control.into(), None));
        let child = self.0.block_on(async {
            session
                .arc_raw_command(line)
                .stdin(Stdio::from(OwnedFd::from(their_in)))
                .stdout(Stdio::from(OwnedFd::from(their_out)))
                .stderr(Stdio::from(OwnedFd::from(their_err)))
                .spawn()
                .await
        })?;
        let (sender, ended) = channel();
        let waiting = self.0.spawn(async move {
            let how = match child.wait().await {
                Ok(status) => match status.code() {
                    Some(code) => format!("it ended with exit code {code}"),
                    None => "it was killed by a signal".to_owned(),
                },
                Err(error) => format!("its session broke ({error})"),
            };
            // Nobody may be interested any more.
            let _ = sender.send(how);
        });
        Ok(Started {
            stdin: OwnedFd::from(stdin).into(),
            stdout: OwnedFd::from(stdout).into(),
            stderr: OwnedFd::from(stderr).into(),
            process: Process::Remote { ended, session: waiting.abort_handle() },
        })
    }
}
