//! The agent on a target: started when its file is there, else copied first. It is never run
//! half-copied: the copy has another name until its size and checksum are right. Must not know
//! how scripts get to the target.

use std::fs::File;
use std::io;
use std::time::Duration;

use crate::become_user::quoted;
use crate::binary::{Binary, Identified};
use crate::fault::Fault;
use crate::greeting::{Silence, await_line};
use crate::process::Started;
use crate::target::Identity;

/// How long the target may take for one script.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long it may take to store the binary.
const COPYING: Duration = Duration::from_secs(600);

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
    binary: &Binary,
) -> Result<Option<Started>, Fault> {
    let file = quoted(&binary.path.to_string_lossy());
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

/// Starts the agent, after copying it where it isn't there yet. What is read next is its greeting.
pub fn start_agent(
    scripts: &dyn Scripts,
    identity: &Identity,
    binary: &Binary,
    identified: &Identified,
) -> Result<Started, Fault> {
    for attempt in 0..2 {
        let mut started = scripts.start(&start_script(identified), identity)?;
        let line = await_line(&mut started, identity, PATIENCE)
            .map_err(|silence| scripts.fault(silence))?;
        let Some(system) = line.strip_prefix("missing ") else {
            return Ok(started);
        };
        started.process.end(PATIENCE);
        check_system(scripts.machine(), system)?;
        if attempt == 0 {
            copy(scripts, identity, binary, identified)?;
        }
    }
    Err(Fault::Agent {
        machine: scripts.machine().to_owned(),
        reason: "its file was stored, but isn't there".to_owned(),
    })
}

/// The folders that may hold the binary, best first: one's own cache, else where one may write.
const FOLDERS: &str = "\"$HOME/.cache/nafal\" \"/var/tmp/nafal-$(id -u)\" \"/tmp/nafal-$(id -u)\"";

fn start_script(identified: &Identified) -> String {
    let (name, size) = (identified.name(), identified.size);
    format!(
        "for d in {FOLDERS}; do f=\"$d/agent-{name}\"; \
         if [ -x \"$f\" ] && [ -O \"$f\" ] && [ -O \"$d\" ] && [ \"$(wc -c <\"$f\")\" -eq {size} ]; then \
         echo NAFAL:ready; exec \"$f\" agent; fi; done; echo NAFAL:missing $(uname -s) $(uname -m)"
    )
}

fn copy_script(identified: &Identified) -> String {
    let (name, size, hash) = (identified.name(), identified.size, &identified.hash);
    format!(
        // A home that isn't one's own (sudo without -H) is not written to. Nothing can be run from
        // where it is forbidden (noexec), which the probe tells before the binary is on its way.
        "umask 077; for d in {FOLDERS}; do \
         case \"$d\" in \"$HOME\"/*) [ -O \"$HOME\" ] || continue;; esac; \
         if mkdir -p \"$d\" 2>/dev/null && [ -O \"$d\" ] && [ ! -L \"$d\" ] && [ -w \"$d\" ]; then \
         t=\"$d/.agent-{name}.$$\"; trap 'rm -f \"$t\"' EXIT HUP INT TERM; \
         : >\"$t\" && chmod 700 \"$t\" && [ -x \"$t\" ] || {{ rm -f \"$t\"; continue; }}; \
         echo NAFAL:send; head -c {size} >\"$t\" || {{ echo NAFAL:failed \"$d\" is full; exit 1; }}; \
         [ \"$(wc -c <\"$t\")\" -eq {size} ] || {{ echo NAFAL:failed it came incomplete; exit 1; }}; \
         if command -v sha256sum >/dev/null 2>&1; then \
         case \"$(sha256sum <\"$t\")\" in {hash}*) ;; \
         *) echo NAFAL:failed it came changed; exit 1;; esac; fi; \
         chmod 700 \"$t\" && mv -f \"$t\" \"$d/agent-{name}\" && echo NAFAL:stored; \
         find \"$d\" -name \"agent-*\" ! -name \"agent-{name}\" -mtime +30 -exec rm -f {{}} \";\" 2>/dev/null; exit; \
         fi; done; echo NAFAL:failed there is no folder that may hold it"
    )
}

fn check_system(machine: &str, system: &str) -> Result<(), Fault> {
    let own = std::env::consts::ARCH;
    let mut words = system.split_whitespace();
    let (name, arch) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let same_arch = arch == own || (own == "aarch64" && arch == "arm64");
    if name == "Linux" && same_arch {
        return Ok(());
    }
    Err(Fault::Agent {
        machine: machine.to_owned(),
        reason: format!("it is {name} on {arch}, and there is only an agent for Linux on {own}"),
    })
}

fn copy(
    scripts: &dyn Scripts,
    identity: &Identity,
    binary: &Binary,
    identified: &Identified,
) -> Result<(), Fault> {
    let machine = scripts.machine();
    let failed = |reason: String| Fault::Agent { machine: machine.to_owned(), reason };
    let mut file = File::open(&binary.path)
        .map_err(|error| failed(format!("{}: {error}", binary.path.display())))?;
    let mut started = scripts.start(&copy_script(identified), identity)?;
    let line =
        await_line(&mut started, identity, PATIENCE).map_err(|silence| scripts.fault(silence))?;
    if line != "send" {
        return Err(failed(line));
    }
    let sent = io::copy(&mut file, &mut started.stdin);
    let line =
        await_line(&mut started, identity, COPYING).map_err(|silence| scripts.fault(silence))?;
    started.process.end(PATIENCE);
    match (line.as_str(), sent) {
        ("stored", _) => Ok(()),
        (line, Ok(_)) => Err(failed(line.trim_start_matches("failed ").to_owned())),
        (line, Err(error)) => Err(failed(format!("{line} ({error})"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_systems_are_named() {
        assert!(check_system("h", &format!("Linux {}", std::env::consts::ARCH)).is_ok());
        let fault = check_system("h", "Linux riscv64").unwrap_err();
        assert!(fault.to_string().contains("Linux on riscv64"), "{fault}");
        assert!(!fault.is_unreachable());
    }
}
