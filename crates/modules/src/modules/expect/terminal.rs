//! A command on a pseudo-terminal: its start, what it says, what it is told, its end. Must not know questions.

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use pty_process::blocking::{Pty, open};
use rustix::process::{Pid, Signal, kill_process_group};
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

use crate::processes::{Processes, starting};

/// The command and the terminal that it is on.
pub struct Terminal<'a> {
    pty: Pty,
    child: Child,
    group: Pid,
    processes: &'a Processes,
}

/// Whether the terminal shows what is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// It does.
    Shown,
    /// It doesn't.
    Hidden,
}

/// What came of waiting.
pub enum Heard {
    /// So many bytes.
    Bytes(usize),
    /// Nothing in time.
    Silence,
    /// Nothing more will come.
    End,
}

impl<'a> Terminal<'a> {
    /// Starts it on a terminal of 80 columns; the reason when it can't.
    pub fn start(
        command: Command,
        echo: Echo,
        processes: &'a Processes,
    ) -> io::Result<Terminal<'a>> {
        let (pty, pts) = open().map_err(io::Error::other)?;
        pty.resize(pty_process::Size::new(24, 80)).map_err(io::Error::other)?;
        if echo == Echo::Hidden {
            let mut modes = tcgetattr(&pty)?;
            modes.local_modes.remove(LocalModes::ECHO);
            tcsetattr(&pty, OptionalActions::Now, &modes)?;
        }
        let started = processes.start(|| {
            let command = pty_process::blocking::Command::from(command);
            let child = starting(|| command.spawn(pts)).map_err(io::Error::other)?;
            // It leads a session of its own, so its number is its group's.
            Ok::<_, io::Error>((Pid::from_child(&child), child))
        });
        let child = started.map_err(|_| io::Error::other("the task was cancelled"))??;
        let group = Pid::from_child(&child);
        Ok(Terminal { pty, child, group, processes })
    }

    /// Waits until a time for what it says.
    pub fn hear(&mut self, buffer: &mut [u8], until: Option<Instant>) -> io::Result<Heard> {
        loop {
            // Where nobody sets a limit the wait is cut in pieces all the same.
            let left = until.map_or(Duration::from_secs(60), |until| {
                until.saturating_duration_since(Instant::now())
            });
            let milliseconds = u16::try_from(left.as_micros().div_ceil(1000)).unwrap_or(u16::MAX);
            let mut polled = [PollFd::new(self.pty.as_fd(), PollFlags::POLLIN)];
            match poll(&mut polled, PollTimeout::from(milliseconds)) {
                Ok(0) if until.is_some_and(|until| until <= Instant::now()) => {
                    return Ok(Heard::Silence);
                }
                Ok(0) | Err(nix::errno::Errno::EINTR) => continue,
                Ok(_) => {}
                Err(error) => return Err(error.into()),
            }
            return match (&self.pty).read(buffer) {
                Ok(0) => Ok(Heard::End),
                Ok(count) => Ok(Heard::Bytes(count)),
                // How Linux tells that nobody has the other end any more.
                Err(error)
                    if error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error()) =>
                {
                    Ok(Heard::End)
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => Err(error),
            };
        }
    }

    /// Types something.
    pub fn tell(&mut self, text: &str) -> io::Result<()> {
        (&self.pty).write_all(text.as_bytes())
    }

    /// Waits for its end.
    pub fn wait(mut self) -> io::Result<ExitStatus> {
        self.child.wait()
    }
}

impl Drop for Terminal<'_> {
    fn drop(&mut self) {
        // Who still runs now isn't wanted any more.
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = kill_process_group(self.group, Signal::KILL);
            let _ = self.child.wait();
        }
        self.processes.ended(self.group);
    }
}
