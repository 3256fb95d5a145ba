//! What would go on for ever ends with a message.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::process::Command;

#[test]
fn includes_that_include_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let play = "- hosts: all\n  gather_facts: false\n  tasks:\n    - include_tasks: again.yml\n";
    fs::write(folder.path().join("play.yml"), play).unwrap();
    fs::write(folder.path().join("again.yml"), "- include_tasks: again.yml\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_nafal"))
        .args(["playbook", "-i", "localhost,", "play.yml"])
        .current_dir(folder.path())
        .env_remove("ANSIBLE_CONFIG")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(4));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("[ERROR]: includes nest deeper than 1000 levels"), "{said}");
    assert!(said.contains("again.yml:1:3"), "{said}");
}
