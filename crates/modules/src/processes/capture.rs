//! Running a command to its end with its output kept in memory up to a limit. Must not know why it
//! is run.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::Pid;

use super::forks;
use super::groups::Processes;

/// How many bytes of each stream are kept. What comes beyond is read and counted, so that the
/// command still runs to its end.
#[derive(Clone, Copy, Debug)]
pub struct Limit(pub usize);

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code; minus the signal that ended it.
    pub code: i32,
    /// What it wrote.
    pub stdout: Stream,
    /// What it complained of.
    pub stderr: Stream,
}

/// What came out of one stream.
#[derive(Debug, Default)]
pub struct Stream {
    /// Its bytes, up to the limit.
    pub bytes: Vec<u8>,
    /// How many there were.
    pub total: u64,
}

impl Stream {
    /// Whether there was more than was kept.
    pub fn overflowed(&self) -> bool {
        self.total > self.bytes.len() as u64
    }

    fn add(&mut self, bytes: &[u8], limit: Limit) {
        let room = limit.0.saturating_sub(self.bytes.len()).min(bytes.len());
        self.bytes.extend_from_slice(&bytes[..room]);
        self.total += bytes.len() as u64;
    }
}

/// Why a command did not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It could not be started, or its pipes broke.
    #[error("{0}")]
    Start(#[from] io::Error),
    /// The request was cancelled before.
    #[error("cancelled")]
    Cancelled,
}

/// How long a command that has ended may leave its output open without writing: something in the
/// background holds it. As long as stock waits.
const QUIET_MS: u16 = 1000;

/// Runs a command in a process group of its own, with this on its stdin.
pub fn run(
    mut command: Command,
    stdin: Option<&[u8]>,
    limit: Limit,
    processes: &Processes,
) -> Result<Ended, RunError> {
    command
        .process_group(0)
        .stdin(if stdin.is_some_and(|data| !data.is_empty()) {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let started = processes.start(|| {
        let child = forks::spawn(&mut command)?;
        // A child's number always fits.
        let group = Pid::from_child(&child);
        Ok::<_, io::Error>((group, child))
    });
    let mut child = started.map_err(|_| RunError::Cancelled)??;
    let group = Pid::from_child(&child);
    let mut pipes = Pipes::of(&mut child, stdin.unwrap_or_default());
    let status = pipes.follow(&mut child, limit);
    if status.is_err() {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        let _ = child.wait();
    }
    processes.ended(group);
    let status = status?;
    Ok(Ended { code: code_of(status), stdout: pipes.out.kept, stderr: pipes.err.kept })
}

fn code_of(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| -status.signal().unwrap_or(1))
}

struct Input<'a> {
    pipe: Option<ChildStdin>,
    rest: &'a [u8],
}

struct Output<P> {
    pipe: Option<P>,
    kept: Stream,
}

struct Pipes<'a> {
    input: Input<'a>,
    out: Output<ChildStdout>,
    err: Output<ChildStderr>,
    buffer: Vec<u8>,
}

impl<'a> Pipes<'a> {
    fn of(child: &mut Child, stdin: &'a [u8]) -> Pipes<'a> {
        Pipes {
            input: Input { pipe: child.stdin.take(), rest: stdin },
            out: Output { pipe: child.stdout.take(), kept: Stream::default() },
            err: Output { pipe: child.stderr.take(), kept: Stream::default() },
            buffer: vec![0; 64 * 1024],
        }
    }

    fn follow(&mut self, child: &mut Child, limit: Limit) -> io::Result<ExitStatus> {
        for pipe in [
            self.input.pipe.as_ref().map(AsFd::as_fd),
            self.out.pipe.as_ref().map(AsFd::as_fd),
            self.err.pipe.as_ref().map(AsFd::as_fd),
        ]
        .into_iter()
        .flatten()
        {
            fcntl_setfl(pipe, fcntl_getfl(pipe)? | OFlags::NONBLOCK)?;
        }
        while self.out.pipe.is_some() || self.err.pipe.is_some() {
            let quiet = self.step(limit)?;
            if quiet && let Some(status) = child.try_wait()? {
                return Ok(status);
            }
        }
        self.input.pipe = None;
        child.wait()
    }

    /// Waits for something to do and does it; says whether nothing happened in time.
    fn step(&mut self, limit: Limit) -> io::Result<bool> {
        let events = {
            let readable = PollFlags::POLLIN;
            let wanted: [Option<(BorrowedFd<'_>, PollFlags)>; 3] = [
                self.input.pipe.as_ref().map(|pipe| (pipe.as_fd(), PollFlags::POLLOUT)),
                self.out.pipe.as_ref().map(|pipe| (pipe.as_fd(), readable)),
                self.err.pipe.as_ref().map(|pipe| (pipe.as_fd(), readable)),
            ];
            let mut polled: Vec<PollFd<'_>> =
                wanted.iter().flatten().map(|(pipe, flags)| PollFd::new(*pipe, *flags)).collect();
            match poll(&mut polled, PollTimeout::from(QUIET_MS)) {
                Ok(_) | Err(nix::errno::Errno::EINTR) => {}
                Err(error) => return Err(error.into()),
            }
            let mut ready = polled.iter().map(|fd| fd.any().unwrap_or(false));
            wanted.map(|wanted| wanted.is_some() && ready.next().unwrap_or(false))
        };
        if events[0] {
            self.input.write();
        }
        if events[1] {
            self.out.read(&mut self.buffer, limit)?;
        }
        if events[2] {
            self.err.read(&mut self.buffer, limit)?;
        }
        Ok(!events.contains(&true))
    }
}

impl Input<'_> {
    fn write(&mut self) {
        let Some(pipe) = &mut self.pipe else { return };
        match pipe.write(self.rest) {
            Ok(count) => self.rest = self.rest.get(count..).unwrap_or_default(),
            Err(error) if is_passing(&error) => {}
            // It doesn't want to read more: no fault.
            Err(_) => self.rest = &[],
        }
        if self.rest.is_empty() {
            self.pipe = None;
        }
    }
}

impl<P: Read> Output<P> {
    fn read(&mut self, buffer: &mut [u8], limit: Limit) -> io::Result<()> {
        let Some(pipe) = &mut self.pipe else {
            return Ok(());
        };
        match pipe.read(buffer) {
            Ok(0) => self.pipe = None,
            Ok(count) => self.kept.add(&buffer[..count], limit),
            Err(error) if is_passing(&error) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

fn is_passing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use super::*;

    fn shell(script: &str, stdin: Option<&[u8]>, limit: usize) -> Result<Ended, RunError> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        run(command, stdin, Limit(limit), &Processes::default())
    }

    #[test]
    fn both_streams_and_input() {
        let big = vec![b'x'; 1 << 20];
        let ended = shell("cat; echo e >&2; exit 3", Some(&big), 1 << 21).unwrap();
        assert_eq!((ended.code, ended.stdout.bytes.len()), (3, 1 << 20));
        assert_eq!(ended.stderr.bytes, b"e\n");
        assert_eq!(shell("kill -9 $$", None, 10).unwrap().code, -9);
        assert_eq!(shell("exec 0<&-; sleep 0.1", Some(&big), 10).unwrap().code, 0);
    }

    #[test]
    fn output_beyond_the_limit_is_counted() {
        let ended = shell("head -c 5000000 /dev/zero", None, 1000).unwrap();
        assert_eq!(
            (ended.code, ended.stdout.bytes.len(), ended.stdout.total),
            (0, 1000, 5_000_000)
        );
        assert!(ended.stdout.overflowed() && !ended.stderr.overflowed());
    }

    #[test]
    fn what_stays_in_the_background_is_not_waited_for() {
        let begun = Instant::now();
        assert_eq!(shell("sleep 30 & echo a", None, 10).unwrap().stdout.bytes, b"a\n");
        assert!(begun.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn cancelled_from_outside() {
        let processes = Arc::new(Processes::default());
        let other = Arc::clone(&processes);
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(200));
            other.cancel();
        });
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "sleep 30; sleep 30"]);
        let begun = Instant::now();
        assert_eq!(run(command, None, Limit(10), &processes).unwrap().code, -9);
        assert!(begun.elapsed() < Duration::from_secs(10));
        let again = run(Command::new("true"), None, Limit(10), &processes);
        assert!(matches!(again, Err(RunError::Cancelled)));
    }
}
