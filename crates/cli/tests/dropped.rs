//! A connection that drops in the middle of a task, and an agent that is killed there: the host is
//! unreachable, the others go on, and a dropped connection leaves nothing on the far side.

#![allow(clippy::unwrap_used, clippy::panic)]

mod observe;

use std::path::Path;
use std::process::{Child, Command, Stdio};

use observe::{Sshd, eventually, host, is_alive, play, running};

/// One host sleeps over ssh, the other doesn't; both would say more afterwards.
fn start(folder: &Path, sshd: &Sshd, seconds: &str) -> Child {
    let inventory = format!("{}\nh2 ansible_connection=local\n", host("h1", sshd));
    let tasks = format!(
        "    - command: sleep {seconds}\n      when: inventory_hostname == 'h1'\n    - debug: msg=after\n"
    );
    play(folder, &inventory, &tasks).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap()
}

fn kill(pid: &str) {
    assert!(Command::new("kill").args(["-9", pid]).status().unwrap().success());
}

/// Runs the play, does something to the command's way while it runs, gives what was said, and the command.
fn disturbed(seconds: &str, disturb: impl FnOnce(&Sshd, &str)) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let sshd = Sshd::start();
    let child = start(folder.path(), &sshd, seconds);
    let line = format!("sleep {seconds}");
    eventually("the command runs", || !running(&line).is_empty());
    let (command, agent) = running(&line).remove(0);
    disturb(&sshd, &agent);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(4), "{said}");
    eventually("the agent is gone", || !is_alive(&agent));
    eventually("all sessions are gone", || sshd.sessions().is_empty());
    (said, command)
}

fn recap_of<'a>(said: &'a str, host: &str) -> &'a str {
    let recap = said.split("PLAY RECAP").nth(1).unwrap();
    recap.lines().find(|line| line.starts_with(host)).unwrap()
}

fn one_is_unreachable(said: &str) {
    assert!(said.contains("fatal: [h1]: UNREACHABLE! => "), "{said}");
    assert!(recap_of(said, "h1").contains("unreachable=1"), "{said}");
    assert!(recap_of(said, "h2").contains("ok=1 "), "{said}");
    assert!(!recap_of(said, "h2").contains("unreachable=1"), "{said}");
}

#[test]
fn a_connection() {
    let (said, command) =
        disturbed("64.01", |sshd, _| sshd.sessions().iter().for_each(|pid| kill(pid)));
    one_is_unreachable(&said);
    eventually("the command is gone", || !is_alive(&command));
}

#[test]
fn an_agent() {
    let (said, command) = disturbed("64.02", |_, agent| kill(agent));
    one_is_unreachable(&said);
    // Nobody is left who could end it: as with ansible-core, a module's own command outlives SIGKILL of the module.
    kill(&command);
}
