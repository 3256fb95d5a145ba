//! With `-vvv` a run tells what it starts to reach its targets, and logs it where only the log wants so
//! much; on this machine and over a real sshd.

#![allow(clippy::unwrap_used, clippy::panic)]

mod observe;

use std::fs;
use std::path::Path;

use observe::{Sshd, host, play};

const TASK: &str = "    - ping:\n";

fn said(folder: &Path, host: &str, words: &[&str], environment: &[(&str, &str)]) -> String {
    let mut command = play(folder, &format!("{host}\n"), TASK);
    command.args(words).envs(environment.iter().copied());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[test]
fn on_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let here = "localhost ansible_connection=local";
    let much = said(folder.path(), here, &["-vvv"], &[]);
    assert!(much.contains("<127.0.0.1> ESTABLISH LOCAL CONNECTION FOR USER: "), "{much}");
    let started = much.lines().find(|line| line.starts_with("<127.0.0.1> EXEC /")).unwrap();
    assert!(started.contains("nafal"), "{started}");
    let less = said(folder.path(), here, &["-vv"], &[]);
    assert!(!less.contains("EXEC"), "{less}");
}

#[test]
fn in_the_log_alone() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let path = log.to_str().unwrap();
    let here = "localhost ansible_connection=local";
    let much = [("ANSIBLE_LOG_PATH", path), ("ANSIBLE_LOG_VERBOSITY", "3")];
    let shown = said(folder.path(), here, &["-v"], &much);
    assert!(!shown.contains("EXEC"), "{shown}");
    let logged = fs::read_to_string(&log).unwrap();
    assert!(logged.contains("INFO| <127.0.0.1> EXEC /"), "{logged}");
    assert!(logged.contains("INFO| 1 plays in play.yml"), "{logged}");
    fs::remove_file(&log).unwrap();
    said(folder.path(), here, &["-v"], &[("ANSIBLE_LOG_PATH", path)]);
    assert!(!fs::read_to_string(&log).unwrap().contains("EXEC"));
}

#[test]
fn over_ssh() {
    let sshd = Sshd::start();
    let folder = tempfile::tempdir().unwrap();
    let much = said(folder.path(), &host("h1", &sshd), &["-vvv"], &[]);
    let address = sshd.options().address;
    for line in [
        format!("<{address}> ESTABLISH SSH CONNECTION FOR USER: None"),
        format!("<{address}> SSH: EXEC ssh -o ControlMaster=yes"),
        format!("<{address}> EXEC /bin/sh -c "),
    ] {
        assert!(much.contains(&line), "{line}: {much}");
    }
}

#[test]
fn commands_over_ssh_have_the_locale_that_ssh_hands_on() {
    let sshd = Sshd::start();
    let folder = tempfile::tempdir().unwrap();
    let shown = |arguments: &str| {
        let inventory = format!("{} {arguments}\n", host("h1", &sshd));
        let task = "    - command: printenv LC_TIME\n      failed_when: false\n";
        let mut command = play(folder.path(), &inventory, task);
        command.arg("-v").envs([("LC_TIME", "C.UTF-8")]);
        String::from_utf8_lossy(&command.output().unwrap().stdout).into_owned()
    };
    let sent = shown("ansible_ssh_extra_args='-o SendEnv=LC_TIME'");
    assert!(sent.contains(r#""stdout": "C.UTF-8""#), "{sent}");
    let own = shown("ansible_ssh_extra_args='-F none'");
    assert!(own.contains(r#""stdout": """#), "{own}");
}
