//! The README's first command: playbooks/quickstart.yml works here, and changes nothing the second
//! time. It runs on a copy, so that nobody's own folder is touched.

#![allow(clippy::unwrap_used)] // helpers of tests are tests, too

use std::path::Path;
use std::process::Command;

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// The counts of localhost's line in the recap.
fn recap(folder: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_nafal"))
        .args(["playbook", "playbooks/quickstart.yml"])
        .current_dir(folder)
        .env("ANSIBLE_NOCOLOR", "1")
        .env_remove("ANSIBLE_CONFIG")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{errors}");
    let line = text.lines().rfind(|line| line.starts_with("localhost ")).unwrap();
    let (_, counts) = line.split_once(':').unwrap();
    counts.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The counts are those that ansible-core 2.21.5 gave.
#[test]
fn changes_nothing_the_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let playbooks = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../playbooks");
    copy(&playbooks, &folder.path().join("playbooks"));
    std::fs::create_dir(folder.path().join("target")).unwrap();
    assert_eq!(
        recap(folder.path()),
        "ok=13 changed=5 unreachable=0 failed=0 skipped=0 rescued=1 ignored=0"
    );
    let made = folder.path().join("target/quickstart");
    let greeting = std::fs::read_to_string(made.join("greeting.txt")).unwrap();
    assert!(greeting.contains("3. metrics listens on 9100\n"), "{greeting}");
    assert_eq!(std::fs::read_to_string(made.join("services.count")).unwrap().trim(), "3");
    assert_eq!(
        recap(folder.path()),
        "ok=11 changed=0 unreachable=0 failed=0 skipped=0 rescued=1 ignored=0"
    );
}
