//! Signals during a task, on this machine and over a real sshd: what is said, the exit code, and
//! that nothing is left on either side. As ansible-core 2.21.5 does: SIGINT gives 99 and one line,
//! SIGTERM and SIGHUP end the process by themselves without a word; no recap.

#![allow(clippy::unwrap_used, clippy::panic)]

// The agent's tests use more of it.
#[allow(dead_code)]
#[path = "../../agent/tests/connections/sshd.rs"]
mod sshd;

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use sshd::Sshd;

/// Waits until something holds.
fn eventually(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..200 {
        if holds() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("never: {what}");
}

/// The processes whose command line is this, and those that started them.
fn running(line: &str) -> Vec<(String, String)> {
    let output = Command::new("ps").args(["-eo", "pid,ppid,args"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut found = Vec::new();
    for entry in text.lines() {
        let mut words = entry.split_whitespace();
        let (Some(pid), Some(parent)) = (words.next(), words.next()) else { continue };
        if words.collect::<Vec<_>>().join(" ") == line {
            found.push((pid.to_owned(), parent.to_owned()));
        }
    }
    found
}

fn is_alive(pid: &str) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

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
    let options = sshd.options();
    let inventory = format!(
        "h1 ansible_host={} ansible_port={} ansible_ssh_private_key_file={} \
         ansible_ssh_common_args='{} -o StrictHostKeyChecking=no'\n",
        options.address,
        sshd.port(),
        options.private_key.unwrap(),
        options.common_args.unwrap(),
    );
    each_signal(&inventory, ["62.01", "62.02", "62.03"]);
    eventually("all sessions are gone", || sshd.sessions().is_empty());
}
