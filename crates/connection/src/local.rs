//! Agents on the controller's own machine. Must not know what is asked of them.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use crate::become_user::command_line;
use crate::fault::Fault;
use crate::greeting::Silence;
use crate::install::Scripts;
use crate::process::Started;
use crate::target::Identity;

const MACHINE: &str = "this machine";

/// Starts the agent as the user of this process, in this folder if there is one.
pub fn start(binary: &Path, folder: Option<&Path>) -> Result<Started, Fault> {
    let mut command = Command::new(binary);
    command.arg("agent");
    spawn(command, folder, &binary.to_string_lossy())
}

/// A process group of its own: what a terminal sends to the controller's must not end agents
/// before the controller says so.
fn spawn(mut command: Command, folder: Option<&Path>, name: &str) -> Result<Started, Fault> {
    if let Some(folder) = folder {
        command.current_dir(folder);
    }
    let child = command
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| Fault::own(MACHINE, name, &error))?;
    Started::local(child).ok_or_else(|| Fault::Agent {
        machine: MACHINE.to_owned(),
        reason: format!("{name}: it has no streams"),
    })
}

/// Scripts on this machine, to become other users here.
pub struct LocalScripts {
    /// Where they run.
    pub folder: Option<Arc<Path>>,
}

impl Scripts for LocalScripts {
    fn machine(&self) -> &str {
        MACHINE
    }

    fn start(&self, script: &str, identity: &Identity) -> Result<Started, Fault> {
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(format!("exec {}", command_line(identity, script)));
        spawn(command, self.folder.as_deref(), "/bin/sh")
    }

    fn fault(&self, silence: Silence) -> Fault {
        let reason = match silence {
            Silence::Become(fault) => return fault,
            Silence::Ended(text) => format!("it ended at once: {text}"),
            Silence::Late(text) => format!("it did not answer in time: {text}"),
            Silence::Broken(error) => error.to_string(),
        };
        Fault::Agent { machine: MACHINE.to_owned(), reason }
    }
}
