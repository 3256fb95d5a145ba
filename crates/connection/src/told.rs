//! What is told of connections while they are opened, for those who asked for much: the commands
//! that were really started, in stock's form. Must not know who shows it.

use std::ffi::{OsStr, OsString};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::become_user::{command_line, quoted};
use crate::fault::Fault;
use crate::greeting::Silence;
use crate::install::Scripts;
use crate::process::Started;
use crate::target::{Identity, SshOptions};

/// The address by which stock tells of the controller's own machine.
const HERE: &str = "127.0.0.1";

/// Lines that nobody has taken yet; none while nobody wants any.
#[derive(Default)]
pub struct Told {
    wanted: AtomicBool,
    lines: Mutex<Vec<String>>,
}

impl Told {
    /// From now on lines are wanted.
    pub fn start(&self) {
        self.wanted.store(true, Ordering::Relaxed);
    }

    /// Whether they are.
    pub fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::Relaxed)
    }

    /// The lines since the last time.
    pub fn take(&self) -> Vec<String> {
        if !self.is_wanted() {
            return Vec::new();
        }
        std::mem::take(&mut *self.lines.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(&self, machine: &str, line: impl FnOnce() -> String) {
        if self.is_wanted() {
            let line = format!("<{machine}> {}", line());
            self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    }

    /// An agent was started as the user of this process.
    pub fn local(&self, user: &str, command: &[&OsStr]) {
        self.add(HERE, || format!("ESTABLISH LOCAL CONNECTION FOR USER: {user}"));
        self.add(HERE, || format!("EXEC {}", shown(command.iter().copied())));
    }

    /// A connection failed, and is tried again.
    pub fn retry(&self, options: &SshOptions, attempt: u32, pause: Duration) {
        self.add(&options.address, || {
            format!(
                "ssh_retry: attempt: {attempt}, ssh return code is 255, pausing for {} seconds",
                pause.as_secs()
            )
        });
    }

    /// A master of ssh is about to be started.
    pub fn ssh(&self, options: &SshOptions, program: &str, arguments: &[OsString]) {
        let user = options.user.as_deref().unwrap_or("None");
        self.add(&options.address, || format!("ESTABLISH SSH CONNECTION FOR USER: {user}"));
        let words =
            || std::iter::once(OsStr::new(program)).chain(arguments.iter().map(AsRef::as_ref));
        self.add(&options.address, || format!("SSH: EXEC {}", shown(words())));
    }
}

/// Words as a shell would be given them.
fn shown<'a>(words: impl Iterator<Item = &'a OsStr>) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "%+,-./:=@_".contains(c);
    let words = words.map(|word| {
        let word = word.to_string_lossy();
        if !word.is_empty() && word.chars().all(plain) { word.into_owned() } else { quoted(&word) }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Scripts that are told when they are started.
pub struct Telling<'a> {
    /// What starts them.
    pub scripts: &'a dyn Scripts,
    /// Where they are told.
    pub told: &'a Told,
    /// The machine's address, as lines begin with it; this machine's without one.
    pub address: Option<&'a str>,
}

impl Scripts for Telling<'_> {
    fn machine(&self) -> &str {
        self.scripts.machine()
    }

    fn start(&self, script: &str, identity: &Identity) -> Result<Started, Fault> {
        let line = || format!("EXEC {}", command_line(identity, script));
        self.told.add(self.address.unwrap_or(HERE), line);
        self.scripts.start(script, identity)
    }

    fn fault(&self, silence: Silence) -> Fault {
        self.scripts.fault(silence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_wanted() {
        let told = Told::default();
        let command = [OsStr::new("/usr/bin/nafal"), OsStr::new("agent")];
        told.local("root", &command);
        assert!(told.take().is_empty());
        told.start();
        told.local("root", &command);
        let lines = [
            "<127.0.0.1> ESTABLISH LOCAL CONNECTION FOR USER: root",
            "<127.0.0.1> EXEC /usr/bin/nafal agent",
        ];
        assert_eq!(told.take(), lines);
        assert!(told.take().is_empty());
    }

    #[test]
    fn words_of_shells() {
        let words = ["-o", "User=\"a b\"", "", "it's"].map(OsStr::new);
        assert_eq!(shown(words.into_iter()), "-o 'User=\"a b\"' '' 'it'\"'\"'s'");
    }
}
