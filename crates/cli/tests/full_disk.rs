//! A full disk: files stay whole, and no temporary file is left.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use std::fs;
use std::path::Path;
use std::process::Command;

/// A small file system, gone with this value.
struct Small(tempfile::TempDir);

impl Small {
    /// None for whom may not mount.
    fn mount() -> Option<Small> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=64k", "nafal-test"]).arg(folder.path());
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        mounted.then_some(Small(folder))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

/// Runs one task on this machine; gives the exit code and what was said.
fn run(task: &str) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let playbook = format!("- hosts: all\n  gather_facts: false\n  tasks:\n    - {task}\n");
    fs::write(folder.path().join("play.yml"), playbook).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_nafal"))
        .args(["playbook", "-i", "localhost,", "-c", "local", "play.yml"])
        .current_dir(folder.path())
        .env_remove("ANSIBLE_CONFIG")
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn the_old_file_stays_whole() {
    let Some(small) = Small::mount() else {
        println!("not tested: this user may not mount");
        return;
    };
    let file = small.0.path().join("f");
    fs::write(&file, "old\n").unwrap();
    let path = file.display();
    let long = "{{ 'x' * 200000 }}";
    for task in [
        format!("copy: {{content: \"{long}\", dest: {path}}}"),
        format!("lineinfile: {{line: \"{long}\", path: {path}}}"),
        format!("blockinfile: {{block: \"{long}\", path: {path}}}"),
        format!("replace: {{regexp: old, replace: \"{long}\", path: {path}}}"),
    ] {
        let (code, said) = run(&task);
        assert_eq!(code, Some(2), "{task}\n{said}");
        assert!(said.contains("No space left on device"), "{said}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "old\n", "{task}");
        assert_eq!(names(small.0.path()), ["f"], "{task}");
    }
}
