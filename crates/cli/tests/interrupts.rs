//! Signals during a task, on this machine and over a real sshd: what is said, the exit code, and
//! that nothing is left on either side. As ansible-core 2.21.5 does: SIGINT gives 99 and one line,
//! SIGTERM and SIGHUP end the process by themselves without a word; no recap.

#![allow(clippy::unwrap_used, clippy::panic)]

mod observe;

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use observe::{Sshd, eventually, host, is_alive, running};

fn start(folder: &Path, inventory: &str, seconds: &str) -> Child {
    let playbook = format!(
        "- hosts: all\n  gather_facts: false\n  tasks:\n    - command: sleep {seconds}\n    \
         - debug: msg=after\n"
    );
    std::fs::write(folder.join("play.yml"), playbook).unwrap();
    std::fs::write(folder.join("hosts"), inventory).unwrap();
    // Who runs the tests in the background, or under nohup, ignores signals, and so would what they start.
    Command::new("env")
        .args(["--default-signal=INT,TERM,HUP", env!("CARGO_BIN_EXE_nafal")])
        .args(["playbook", "-i", "hosts", "play.yml"])
        .current_dir(folder)
        .env_remove("ANSIBLE_CONFIG")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Sends the signal as soon as the command runs; checks that both it and its agent are gone.
fn interrupted(inventory: &str, seconds: &str, signal: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let child = start(folder.path(), inventory, seconds);
    let line = format!("sleep {seconds}");
    eventually("the command runs", || !running(&line).is_empty());
    let (command, agent) = running(&line).remove(0);
    let sent = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
    assert!(sent.unwrap().success());
    let output = child.wait_with_output().unwrap();
    eventually("the command is gone", || !is_alive(&command));
    eventually("the agent is gone", || !is_alive(&agent));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(!said.contains("PLAY RECAP") && !said.contains("after"), "{said}");
    output
}

/// Each with another number of seconds: they run side by side, and tell their commands apart.
fn each_signal(inventory: &str, seconds: [&str; 3]) {
    let [one, two, three] = seconds;
    let output = interrupted(inventory, one, "INT");
    assert_eq!(output.status.code(), Some(99));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "[ERROR]: User interrupted execution\n");
    for (seconds, name, number) in [(two, "TERM", 15), (three, "HUP", 1)] {
        let output = interrupted(inventory, seconds, name);
        assert_eq!(output.status.signal(), Some(number));
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}

#[test]
fn on_this_machine() {
    each_signal("localhost ansible_connection=local\n", ["61.01", "61.02", "61.03"]);
}

#[test]
fn over_ssh() {
    let sshd = Sshd::start();
    each_signal(&format!("{}\n", host("h1", &sshd)), ["62.01", "62.02", "62.03"]);
    eventually("all sessions are gone", || sshd.sessions().is_empty());
}
