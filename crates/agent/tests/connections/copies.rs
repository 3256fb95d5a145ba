//! The agent's file on targets: copied once, whole or not run.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use super::sshd::Sshd;
use super::{agent_binary, connections, request};

/// A copy that lies where every home may look (/var/tmp) serves all that start meanwhile: the test that makes one
/// has the machine for itself.
static ELSEWHERE: RwLock<()> = RwLock::new(());

/// The files of agents in a home, finished or not.
fn copies(home: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(home.join(".cache/nafal")) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// The program that a process runs; a replaced file's name ends with " (deleted)".
fn program(pid: u32) -> PathBuf {
    fs::read_link(format!("/proc/{pid}/exe")).unwrap()
}

#[test]
fn one_home_gets_one_copy() {
    let _turn = ELSEWHERE.read().unwrap_or_else(PoisonError::into_inner);
    let home = tempfile::tempdir().unwrap();
    let sshd = Sshd::with_home(home.path());
    let connections = connections();
    let agents: Vec<_> = std::thread::scope(|scope| {
        let (connections, sshd) = (&connections, &sshd);
        let running: Vec<_> = (1..=8)
            .map(|number| {
                scope.spawn(move || {
                    connections.agent(&sshd.target_named(&format!("h{number}"))).unwrap()
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let [copy] = copies(home.path()).try_into().unwrap();
    // A second copy would have replaced the file that the first agents run from.
    for agent in &agents {
        assert_eq!(program(agent.pid()), copy);
    }
    assert!(fs::read(&copy).unwrap() == fs::read(agent_binary()).unwrap());
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn two_controllers_copy_at_once() {
    let _turn = ELSEWHERE.read().unwrap_or_else(PoisonError::into_inner);
    let home = tempfile::tempdir().unwrap();
    let sshd = Sshd::with_home(home.path());
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let connections = connections();
                let agent = connections.agent(&sshd.target()).unwrap();
                let outcome = agent.run(request("ping", &[]), None).unwrap();
                assert_eq!(outcome.text("ping"), Some("pong"));
            });
        }
    });
    assert_eq!(copies(home.path()).len(), 1);
}

#[test]
fn half_a_copy_is_not_run() {
    let _turn = ELSEWHERE.read().unwrap_or_else(PoisonError::into_inner);
    let home = tempfile::tempdir().unwrap();
    let sshd = Sshd::with_home(home.path());
    connections().agent(&sshd.target()).unwrap();
    let [copy] = copies(home.path()).try_into().unwrap();
    let whole = fs::read(&copy).unwrap();
    fs::remove_file(&copy).unwrap();
    fs::write(&copy, &whole[..whole.len() / 2]).unwrap();
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o700)).unwrap();
    let connections = connections();
    let agent = connections.agent(&sshd.target()).unwrap();
    assert_eq!(agent.run(request("ping", &[]), None).unwrap().text("ping"), Some("pong"));
    assert!(fs::read(&copy).unwrap() == whole);
}

/// Within one run too: what was there is copied again once it is gone.
#[test]
fn a_removed_copy_is_copied_again() {
    let _turn = ELSEWHERE.read().unwrap_or_else(PoisonError::into_inner);
    let home = tempfile::tempdir().unwrap();
    let sshd = Sshd::with_home(home.path());
    let connections = connections();
    connections.agent(&sshd.target()).unwrap();
    for copy in copies(home.path()) {
        fs::remove_file(copy).unwrap();
    }
    connections.agent(&sshd.target_named("again")).unwrap();
    assert_eq!(copies(home.path()).len(), 1);
}

#[test]
fn a_home_that_takes_nothing_is_passed_over() {
    let _turn = ELSEWHERE.write().unwrap_or_else(PoisonError::into_inner);
    let home = tempfile::tempdir().unwrap();
    // Not a folder: nobody makes one below it.
    fs::write(home.path().join(".cache"), "").unwrap();
    let sshd = Sshd::with_home(home.path());
    let connections = connections();
    let agent = connections.agent(&sshd.target()).unwrap();
    let place = program(agent.pid());
    assert!(place.starts_with("/var/tmp") || place.starts_with("/tmp"), "{}", place.display());
    connections.close();
    fs::remove_file(place).unwrap();
}
