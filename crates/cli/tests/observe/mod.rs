//! What tests of whole runs look at: processes, and a host behind a real sshd.

// Each test binary uses a part of it.
#![allow(dead_code)]

#[path = "../../../agent/tests/connections/sshd.rs"]
mod sshd;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

pub use sshd::Sshd;

/// Waits until something holds.
pub fn eventually(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..200 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("never: {what}");
}

/// The processes whose command line is this, and those that started them.
pub fn running(line: &str) -> Vec<(String, String)> {
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

pub fn is_alive(pid: &str) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

/// The inventory's words for the machine of this sshd, beginning with a name.
pub fn host(name: &str, sshd: &Sshd) -> String {
    let options = sshd.options();
    format!(
        "{name} ansible_host={} ansible_port={} ansible_ssh_private_key_file={} \
         ansible_ssh_common_args='{} -o StrictHostKeyChecking=no'",
        options.address,
        sshd.port(),
        options.private_key.unwrap(),
        options.common_args.unwrap(),
    )
}

/// A run of these tasks (indented by four) on all hosts of this inventory, in a folder of its own.
pub fn play(folder: &Path, inventory: &str, tasks: &str) -> Command {
    let playbook = format!("- hosts: all\n  gather_facts: false\n  tasks:\n{tasks}");
    fs::write(folder.join("play.yml"), playbook).unwrap();
    fs::write(folder.join("hosts"), inventory).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_nafal"));
    command.args(["playbook", "-i", "hosts", "play.yml"]);
    command.current_dir(folder).env_remove("ANSIBLE_CONFIG");
    command
}
