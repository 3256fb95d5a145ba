//! A module of a collection that nafal has too: its own runs, unless the user asks for the installed one.

#![allow(clippy::unwrap_used)] // helpers of tests are tests, too

use std::fs;
use std::path::Path;
use std::process::Command;

const PLAYBOOK: &str = "
- hosts: localhost
  gather_facts: false
  tasks:
    - community.general.ini_file: {path: '{{ playbook_dir }}/out.ini', section: a, option: b, value: c}
    - ini_file: {path: '{{ playbook_dir }}/out.ini', section: a, option: b, value: c}
";

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn run(folder: &Path, setting: Option<&str>) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nafal"));
    command
        .args(["playbook", "-vv", "-i", "localhost,", "-c", "local", "playbook.yml"])
        .current_dir(folder)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", folder);
    if let Some(value) = setting {
        command.env("NAFAL_INSTALLED_COLLECTIONS", value);
    }
    let output = command.output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    told
}

#[test]
fn the_installed_module_runs_when_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "playbook.yml", PLAYBOOK);
    let module = "collections/ansible_collections/community/general/plugins/modules/ini_file.sh";
    write(
        folder,
        module,
        "#!/bin/sh\necho '{\"changed\": false, \"msg\": \"of the collection\"}'\n",
    );

    let told = run(folder, None);
    let own = "community.general.ini_file: nafal's own module";
    assert_eq!(told.matches(own).count(), 2, "{told}");
    assert_eq!(fs::read_to_string(folder.join("out.ini")).unwrap(), "\n[a]\nb = c\n");

    fs::remove_file(folder.join("out.ini")).unwrap();
    let told = run(folder, Some("true"));
    let installed = "community.general.ini_file: the module of the installed collection, ";
    assert_eq!(told.matches(installed).count(), 2, "{told}");
    assert_eq!(told.matches("of the collection").count(), 2, "{told}");
    assert!(!folder.join("out.ini").exists());
}
