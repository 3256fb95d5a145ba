//! Jobs in the background outlive the run and its agents, on this machine and over a real sshd.

#![allow(clippy::unwrap_used, clippy::panic)]

mod observe;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use observe::{Sshd, eventually, host, play};

/// Runs tasks; gives what was said.
fn run(folder: &Path, inventory: &str, tasks: &str) -> String {
    let output = play(folder, inventory, tasks).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

fn outlives(host: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display();
    let inventory = format!("{host} ansible_async_dir={path}/jobs\n");
    let begun = Instant::now();
    let tasks = format!(
        "    - shell: sleep 3; echo late > {path}/late; echo done\n      async: 60\n      poll: 0\n      \
         register: job\n    - copy: {{content: '{{{{ job.ansible_job_id }}}}', dest: '{path}/id'}}\n"
    );
    run(folder.path(), &inventory, &tasks);
    assert!(begun.elapsed() < Duration::from_secs(3), "the run waited for its job");
    assert!(!folder.path().join("late").exists());
    let id = fs::read_to_string(folder.path().join("id")).unwrap();
    let process = id.rsplit_once('.').unwrap().1.to_owned();
    let status = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // Its own session: whatever ends the connection's doesn't reach it.
    let session = status.rsplit_once(") ").unwrap().1.split(' ').nth(3).unwrap();
    assert_eq!(session, process);
    eventually("the job has ended", || folder.path().join("late").exists());
    let tasks = format!(
        "    - async_status: {{jid: {id}}}\n      register: job\n      until: job is finished\n      \
         retries: 20\n      delay: 0.2\n    - debug: msg='said {{{{ job.stdout }}}}'\n"
    );
    let said = run(folder.path(), &inventory, &tasks);
    assert!(said.contains("said done"), "{said}");
    eventually("its process is gone", || !Path::new(&format!("/proc/{process}")).exists());
}

#[test]
fn on_this_machine() {
    outlives("localhost ansible_connection=local");
}

#[test]
fn over_ssh() {
    let sshd = Sshd::start();
    outlives(&host("h1", &sshd));
    eventually("all sessions are gone", || sshd.sessions().is_empty());
}
