//! A machine behind ssh: its master connection, opened once, and scripts over it. Must not know
//! agents.
//!
//! The master is a child of this process and runs `cat` on the other side, which ends with our
//! end of its pipe: so nothing stays behind on either side, however this process ends.

use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::arguments;
use super::locale::{self, Locale};
use super::runtime::Runtime;
use crate::askpass::{self, Waiting};
use crate::become_user::{command_line, quoted};
use crate::fault::Fault;
use crate::greeting::{MARK, Silence, await_line};
use crate::install::Scripts;
use crate::process::{Process, Started, what_is_there};
use crate::target::{Identity, SshOptions};
use crate::told::Told;

/// A machine with an open master connection.
pub struct Machine {
    address: String,
    control: PathBuf,
    locale: Locale,
    master: Mutex<Started>,
    runtime: Arc<Runtime>,
}

/// What a machine is opened with beside its own options.
pub struct Means<'a> {
    /// A folder that only this user can enter.
    pub folder: &'a Path,
    /// A short name that no other machine has.
    pub name: String,
    /// The program that answers ssh's questions.
    pub askpass: &'a Path,
    /// Where sessions are opened.
    pub runtime: Arc<Runtime>,
    /// What is told of it.
    pub told: &'a Told,
}

/// What the master does on the other side: says which locale it was given, and stays.
fn keep() -> String {
    let script = format!("echo {MARK}there {}; exec cat >/dev/null", locale::asked());
    format!("exec /bin/sh -c {}", quoted(&script))
}

impl Machine {
    /// Connects.
    pub fn connect(options: &SshOptions, means: Means<'_>) -> Result<Machine, Fault> {
        let unreachable =
            |reason: String| Fault::Unreachable { address: options.address.clone(), reason };
        let control = means.folder.join(&means.name);
        let ssh = options.executable.as_deref().unwrap_or("ssh");
        let mut command = Command::new(ssh);
        let mut arguments = arguments::of_master(options, &control);
        arguments.push(keep().into());
        means.told.ssh(options, ssh, &arguments);
        command.args(arguments);
        let log = control.with_extension("log");
        let (said_there, read_here) =
            log_file(&log).map_err(|error| unreachable(format!("{}: {error}", log.display())))?;
        // A process group of its own: an interrupt at the terminal is for nafal, which ends its
        // connections in good order.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(said_there);
        let waiting = match &options.password {
            Some(secret) => {
                let waiting = Waiting::put(secret)
                    .map_err(|error| unreachable(format!("no password can be given: {error}")))?;
                command.envs(waiting.environment(means.askpass));
                Some(waiting)
            }
            None => {
                command.envs(askpass::nobody_answers());
                None
            }
        };
        let child = command.spawn().map_err(|error| unreachable(format!("{ssh}: {error}")))?;
        drop(command);
        let mut master = Started::with_log(child, read_here)
            .ok_or_else(|| unreachable(format!("{ssh} has no streams")))?;
        // Beyond its own limit for connecting: a login may be slow, or ask its user.
        let patience = Duration::from_secs(options.timeout.saturating_mul(2).saturating_add(60));
        let greeted = await_line(&mut master, &Identity::Login, patience);
        drop(waiting);
        let greeting = match greeted {
            Ok(greeting) => greeting,
            Err(silence) => {
                master.process.end(Duration::ZERO);
                return Err(unreachable(said(silence)));
            }
        };
        Ok(Machine {
            address: options.address.clone(),
            control,
            locale: Locale::of_greeting(&greeting),
            master: Mutex::new(master),
            runtime: means.runtime,
        })
    }

    /// Whether the connection still stands.
    pub fn is_there(&self) -> bool {
        let mut master = self.master.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut master.process {
            Process::Local(child) => matches!(child.try_wait(), Ok(None)),
            Process::Remote { .. } => true,
        }
    }

    fn lost(&self, reason: &str) -> Fault {
        let mut master = self.master.lock().unwrap_or_else(PoisonError::into_inner);
        let said = what_is_there(&mut master.stderr);
        let reason = if said.is_empty() { reason.to_owned() } else { said };
        Fault::Lost { machine: self.address.clone(), reason }
    }
}

impl Machine {
    /// Ends the connection and every session over it. Agents have been ended before.
    pub fn close(&self) {
        let mut master = self.master.lock().unwrap_or_else(PoisonError::into_inner);
        if let Process::Local(child) = &mut master.process
            && matches!(child.try_wait(), Ok(None))
        {
            let pid = rustix::process::Pid::from_child(child);
            // It may just have ended by itself.
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
            master.process.end(Duration::from_secs(2));
        }
        let _ = std::fs::remove_file(&self.control);
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.close();
    }
}

/// What ssh says goes to a file without a name: a pipe that nobody reads would fill up (`-vvv`
/// among its arguments is enough), and ssh would stand still. Gives the end to write and the end
/// to read.
fn log_file(path: &Path) -> std::io::Result<(File, File)> {
    let mut options = File::options();
    let writer = options.append(true).create_new(true).mode(0o600).open(path)?;
    let reader = File::open(path);
    std::fs::remove_file(path)?;
    Ok((writer, reader?))
}

fn said(silence: Silence) -> String {
    match silence {
        Silence::Become(fault) => fault.to_string(),
        Silence::Ended(text) if text.is_empty() => "ssh ended without a word".to_owned(),
        Silence::Ended(text) => text,
        Silence::Late(text) => format!("no answer in time {text}").trim_end().to_owned(),
        Silence::Broken(error) => error.to_string(),
    }
}

impl Scripts for Machine {
    fn machine(&self) -> &str {
        &self.address
    }

    fn start(&self, script: &str, identity: &Identity) -> Result<Started, Fault> {
        let line = format!("exec {}{}", self.locale.prefix(), command_line(identity, script));
        self.runtime.start(&self.control, &line).map_err(|error| {
            let mut text = error.to_string();
            let mut cause = std::error::Error::source(&error);
            while let Some(inner) = cause {
                text.push_str(&format!(": {inner}"));
                cause = inner.source();
            }
            self.lost(&text)
        })
    }

    fn fault(&self, silence: Silence) -> Fault {
        match silence {
            Silence::Become(fault) if self.is_there() => fault,
            Silence::Ended(text) if self.is_there() => Fault::Agent {
                machine: self.address.clone(),
                reason: format!("its shell ended at once: {text}"),
            },
            other => self.lost(&said(other)),
        }
    }
}
