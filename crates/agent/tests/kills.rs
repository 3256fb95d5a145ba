//! An agent that is killed at any moment of writing a file leaves the old file or the new one.
//! Every system call that it makes from the request to the answer is a moment: the test traces it,
//! and kills it at the first, then at the second, and so on, until it gets through.
//!
//! One test in a binary of its own: it waits for all children of its process.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use std::fs::{self, File};
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use nafal_base::wire::{self, FromAgent, Request, RequestId, Surroundings, ToAgent};
use nafal_base::{Dict, Value};
use nix::sys::ptrace;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

const OLD: &str = "old content\nof several lines\n";

/// An agent under the eye of this thread.
struct Traced {
    child: Child,
    stdin: File,
    stdout: File,
}

/// How it went on.
#[derive(PartialEq, Eq)]
enum End {
    Killed,
    Answered,
}

impl Traced {
    /// None where nobody may trace.
    fn start() -> Option<Traced> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_nafal-agent"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = File::from(OwnedFd::from(child.stdin.take().unwrap()));
        let mut stdout = File::from(OwnedFd::from(child.stdout.take().unwrap()));
        let hello = wire::read_frame::<FromAgent>(&mut stdout).unwrap().unwrap();
        assert!(matches!(hello, FromAgent::Hello { .. }));
        let traced = Traced { child, stdin, stdout };
        let options = ptrace::Options::PTRACE_O_TRACESYSGOOD
            | ptrace::Options::PTRACE_O_TRACECLONE
            | ptrace::Options::PTRACE_O_EXITKILL;
        for thread in traced.threads() {
            ptrace::seize(thread, options).ok()?;
            ptrace::interrupt(thread).unwrap();
        }
        Some(traced)
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.id()).unwrap())
    }

    fn threads(&self) -> Vec<Pid> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        tasks
            .map(|task| task.unwrap().file_name().to_string_lossy().parse().unwrap())
            .map(Pid::from_raw)
            .collect()
    }

    /// Lets it run to its `last` stop at a system call's begin or end, and kills it there.
    fn run(mut self, request: &Request, last: usize) -> End {
        let run = ToAgent::Run(RequestId(1), Box::new(request.clone()));
        wire::write_frame(&mut self.stdin, &run).unwrap();
        let mut stops = 0;
        while stops < last {
            let (thread, signal) = match waitpid(None, Some(WaitPidFlag::__WALL)).unwrap() {
                WaitStatus::PtraceSyscall(thread) => {
                    stops += 1;
                    if self.has_answered() {
                        self.kill();
                        return End::Answered;
                    }
                    (thread, None)
                }
                WaitStatus::Stopped(thread, signal) => (thread, Some(signal)),
                WaitStatus::PtraceEvent(thread, ..) => (thread, None),
                other => panic!("the agent ended by itself: {other:?}"),
            };
            // A stop that comes from being traced isn't a signal of its own.
            let signal =
                signal.filter(|signal| *signal != Signal::SIGTRAP && *signal != Signal::SIGSTOP);
            ptrace::syscall(thread, signal).unwrap();
        }
        self.kill();
        End::Killed
    }

    /// Whether the answer is there to be read.
    fn has_answered(&mut self) -> bool {
        rustix::io::ioctl_fionread(&self.stdout).unwrap() > 0
    }

    fn kill(&mut self) {
        kill(self.pid(), Signal::SIGKILL).unwrap();
        let own = self.pid();
        loop {
            match waitpid(None, Some(WaitPidFlag::__WALL)) {
                Ok(WaitStatus::Signaled(pid, ..) | WaitStatus::Exited(pid, _)) if pid == own => {
                    break;
                }
                Ok(_) => {}
                Err(error) => panic!("{}", io::Error::from(error)),
            }
        }
    }
}

fn request(module: &str, args: &[(&str, &str)]) -> Request {
    let args: Dict = args.iter().map(|(key, value)| (*key, Value::from(*value))).collect();
    Request { module: module.into(), args, surroundings: Surroundings::default() }
}

/// The temporary files beside this one.
fn leftovers(file: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(file.parent().unwrap()).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(".ansible_tmp"))
        .collect()
}

/// Kills at each moment; gives how many there were.
fn kill_everywhere(request: &Request, file: &Path, new: &str) -> usize {
    for last in 1.. {
        fs::write(file, OLD).unwrap();
        let Some(agent) = Traced::start() else {
            println!("not tested: nobody may trace processes here");
            return 0;
        };
        let end = agent.run(request, last);
        let content = fs::read_to_string(file).unwrap();
        assert!(content == OLD || content == new, "killed at {last}: {content:?}");
        // Between its name and its place a file may be left over, but a whole one.
        for left in leftovers(file) {
            assert_eq!(fs::read_to_string(&left).unwrap(), new, "killed at {last}: {left:?}");
            fs::remove_file(left).unwrap();
        }
        if end == End::Answered {
            assert_eq!(content, new);
            return last;
        }
        assert!(last < 5000, "it never answers");
    }
    0
}

#[test]
fn the_old_file_or_the_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let (file, source) = (folder.path().join("f"), folder.path().join("source"));
    let (path, from) = (file.display().to_string(), source.display().to_string());
    let new = "new ".repeat(5000);
    fs::write(&source, &new).unwrap();
    let copy = request(
        "copy",
        &[("src", &from), ("dest", &path), ("remote_src", "true"), ("mode", "0640")],
    );
    let moments = kill_everywhere(&copy, &file, &new);
    println!("copy: {moments} moments");
    let line = request("lineinfile", &[("path", &path), ("line", "one more")]);
    let moments = kill_everywhere(&line, &file, &format!("{OLD}one more\n"));
    println!("lineinfile: {moments} moments");
}
