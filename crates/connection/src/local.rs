//! Agents on this machine: this very program, started with `agent`.

use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use nafal_base::HostName;

use crate::agent::Agent;
use crate::escalation;
use crate::fault::Fault;
use crate::target::Identity;

/// The words that start an agent here: `nafal-agent` beside this program, else the program itself.
fn agent_command() -> Result<Vec<String>, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let own = std::fs::canonicalize(&own).unwrap_or(own);
    let small: Option<PathBuf> =
        own.parent().map(|folder| folder.join("nafal-agent")).filter(|path| path.is_file());
    Ok(match small {
        Some(path) => vec![path.display().to_string()],
        None => vec![own.display().to_string(), "agent".to_owned()],
    })
}

/// Starts an agent on this machine. The process is given back so that it can be waited for.
pub(crate) fn start(host: &HostName, identity: &Identity) -> Result<(Agent, Child), Fault> {
    let fault = |reason: String| Fault::Start { host: host.clone(), reason };
    let command = agent_command().map_err(fault)?;
    let words = escalation::command(host, identity, &command)?;
    let (program, arguments) =
        words.split_first().ok_or_else(|| fault("there is no command".to_owned()))?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| fault(format!("{program}: {error}")))?;
    let (Some(input), Some(output), Some(mut errors)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(fault("its streams can't be opened".to_owned()));
    };
    let why = move || {
        let mut text = String::new();
        let _ = errors.by_ref().take(16 * 1024).read_to_string(&mut text);
        let text = text.trim();
        if text.is_empty() { "the agent ended".to_owned() } else { text.to_owned() }
    };
    let agent = Agent::open(host, std::io::BufReader::new(output), input, why);
    match agent {
        Ok(agent) => Ok((agent, child)),
        Err(fault) => {
            let _ = child.kill();
            let _ = child.wait();
            Err(fault)
        }
    }
}
