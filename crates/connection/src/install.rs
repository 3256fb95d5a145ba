//! The agent on a target: started when its file is there, else copied first, all in one session.
//! It is never run half-copied: the copy has another name until its size and checksum are right.
//! Must not know how scripts get to the target.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::become_user::quoted;
use crate::binary::{Agent, Agents};
use crate::fault::Fault;
use crate::greeting::{Silence, await_line};
use crate::process::Started;
use crate::script;
use crate::slots::Slots;
use crate::target::Identity;

/// How long the target may take for one answer.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long it may take to store the binary.
const COPYING: Duration = Duration::from_secs(600);
/// How often it is asked to look again before the copying is given up.
const ATTEMPTS: u32 = 4;

/// What runs scripts on a machine, as an identity.
pub trait Scripts {
    /// The machine's name in messages.
    fn machine(&self) -> &str;
    /// Starts a script of `/bin/sh`.
    fn start(&self, script: &str, identity: &Identity) -> Result<Started, Fault>;
    /// The fault of silence from a script: over ssh the connection may be to blame.
    fn fault(&self, silence: Silence) -> Fault;
}

/// Starts the agent from where it is, on the controller's own machine: None when the identity may
/// not run it there, in somebody else's closed folder.
pub fn start_in_place(
    scripts: &dyn Scripts,
    identity: &Identity,
    binary: &Path,
) -> Result<Option<Started>, Fault> {
    let file = quoted(&binary.to_string_lossy());
    let script = format!(
        "if [ -x {file} ]; then echo NAFAL:ready; exec {file} agent; fi; echo NAFAL:closed"
    );
    let mut started = scripts.start(&script, identity)?;
    let line =
        await_line(&mut started, identity, PATIENCE).map_err(|silence| scripts.fault(silence))?;
    if line == "ready" {
        return Ok(Some(started));
    }
    started.process.end(PATIENCE);
    Ok(None)
}

/// Brings agents to where they aren't yet.
#[derive(Default)]
pub struct Installer {
    agents: Agents,
    /// Folders that somebody copies into, or did: one home may be that of many hosts, and twenty
    /// of them don't want twenty copies at once.
    copies: Slots<String, ()>,
}

impl Installer {
    /// Nothing is copied yet.
    pub fn new(agents: Agents) -> Installer {
        Installer { agents, copies: Slots::default() }
    }

    /// The agents that there are.
    pub fn agents(&self) -> &Agents {
        &self.agents
    }

    /// Starts the agent, after copying it where it isn't there yet. What is read next is its
    /// greeting. One round trip when it is there.
    pub fn start(&self, scripts: &dyn Scripts, identity: &Identity) -> Result<Started, Fault> {
        let mut agent = self.agent(scripts, "Linux", std::env::consts::ARCH)?;
        let started = scripts.start(&script::text(&agent), identity)?;
        let mut dialogue = Dialogue { scripts, started };
        // Only the first answer may be preceded by a question for a password.
        let mut line = dialogue.line(identity, PATIENCE)?;
        let mut looked = Looked::Once;
        for _ in 0..ATTEMPTS {
            if line == "ready" {
                return Ok(dialogue.started);
            }
            let Some(missing) = Missing::parse(&line) else {
                return Err(dialogue.failed(line.trim_start_matches("failed ").to_owned()));
            };
            let wanted = self.agent(scripts, missing.system, missing.architecture)?;
            if wanted.hash != agent.hash {
                agent = wanted;
                dialogue.say(&format!("try {}", agent.words()))?;
            } else {
                self.copy(&mut dialogue, &agent, &missing, looked)?;
                looked = Looked::Again;
            }
            line = dialogue.line(&Identity::Login, COPYING)?;
        }
        Err(dialogue.failed("its file was stored, but isn't there".to_owned()))
    }

    /// Copies it, or lets the target look again when somebody else has just copied it there.
    fn copy(
        &self,
        dialogue: &mut Dialogue<'_>,
        agent: &Agent,
        missing: &Missing<'_>,
        looked: Looked,
    ) -> Result<(), Fault> {
        if looked == Looked::Again {
            return dialogue.send(agent, missing.form);
        }
        let mut copied = false;
        let result = self.copies.get(
            &format!("{} {}", missing.folder, agent.name()),
            |()| true,
            || {
                copied = true;
                dialogue.send(agent, missing.form)
            },
        );
        match result {
            Ok(_) if !copied => dialogue.say(&format!("try {}", agent.words())),
            // The other one's trouble may be the other machine's alone.
            Err(_) if !copied => dialogue.send(agent, missing.form),
            result => result.map(drop),
        }
    }

    fn agent(
        &self,
        scripts: &dyn Scripts,
        system: &str,
        machine: &str,
    ) -> Result<Arc<Agent>, Fault> {
        let fault = |reason: String| Fault::Agent { machine: scripts.machine().to_owned(), reason };
        let found = if system == "Linux" { self.agents.get(machine).map_err(fault)? } else { None };
        found.ok_or_else(|| {
            fault(format!(
                "it is {system} on {machine}, and there is no agent for that \
                 (nafal-agent-{machine} beside nafal, or NAFAL_AGENT)"
            ))
        })
    }
}

/// Whether a target has looked for the file after somebody copied it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looked {
    Once,
    Again,
}

/// What a target can take the file as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Plain,
    Gzip,
}

/// What a target says that lacks the file.
struct Missing<'a> {
    system: &'a str,
    architecture: &'a str,
    form: Form,
    /// What tells its folder from those of other machines and users.
    folder: &'a str,
}

impl<'a> Missing<'a> {
    fn parse(line: &'a str) -> Option<Missing<'a>> {
        let (system, rest) = line.strip_prefix("missing ")?.split_once(' ')?;
        let (architecture, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let (form, folder) = rest.split_once(' ').unwrap_or((rest, ""));
        let form = if form == "gzip" { Form::Gzip } else { Form::Plain };
        Some(Missing { system, architecture, form, folder })
    }
}

/// A script that is spoken with.
struct Dialogue<'a> {
    scripts: &'a dyn Scripts,
    started: Started,
}

impl Dialogue<'_> {
    fn line(&mut self, identity: &Identity, patience: Duration) -> Result<String, Fault> {
        await_line(&mut self.started, identity, patience)
            .map_err(|silence| self.scripts.fault(silence))
    }

    fn say(&mut self, line: &str) -> Result<(), Fault> {
        io::Write::write_all(&mut self.started.stdin, format!("{line}\n").as_bytes())
            .map_err(|error| self.failed(error.to_string()))
    }

    /// Sends the binary; what is said next is `ready`, or why not.
    fn send(&mut self, agent: &Agent, form: Form) -> Result<(), Fault> {
        let unread = |reason: String| format!("its binary can't be read: {reason}");
        let small = match form {
            Form::Gzip => Some(agent.small().map_err(|error| self.failed(unread(error)))?),
            Form::Plain => None,
        };
        match small {
            Some(small) => self.say(&format!("copyz {} {}", agent.words(), small.len()))?,
            None => self.say(&format!("copy {} {}", agent.words(), agent.size))?,
        }
        let line = self.line(&Identity::Login, PATIENCE)?;
        if line != "send" {
            return Err(self.failed(line.trim_start_matches("failed ").to_owned()));
        }
        let sent = match small {
            Some(small) => io::Write::write_all(&mut self.started.stdin, small),
            None => agent
                .binary
                .open()
                .and_then(|mut bytes| io::copy(&mut bytes, &mut self.started.stdin).map(drop)),
        };
        let line = self.line(&Identity::Login, COPYING)?;
        match (line.as_str(), sent) {
            ("stored", _) => Ok(()),
            (line, Ok(_)) => Err(self.failed(line.trim_start_matches("failed ").to_owned())),
            (line, Err(error)) => Err(self.failed(format!("{line} ({error})"))),
        }
    }

    fn failed(&self, reason: String) -> Fault {
        Fault::Agent { machine: self.scripts.machine().to_owned(), reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing() {
        let missing = Missing::parse("missing Linux aarch64 gzip boot 0 1:2").unwrap();
        assert_eq!((missing.system, missing.architecture), ("Linux", "aarch64"));
        assert_eq!(missing.folder, "boot 0 1:2");
        assert_eq!(missing.form, Form::Gzip);
        assert!(Missing::parse("failed it is full").is_none());
    }
}
