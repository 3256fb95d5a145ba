//! Agents over ssh.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use nafal_connection::{Become, BecomeMethod, Fault, Identity, Kind, SshOptions, Target};

use super::sshd::Sshd;
use super::{connections, eventually, is_alive, request, shell};

#[test]
fn a_module_runs_over_ssh() {
    let sshd = Sshd::start();
    let connections = connections();
    let agent = connections.agent(&sshd.target()).unwrap();
    assert_eq!(agent.run(request("ping", &[]), None).unwrap().text("ping"), Some("pong"));
    let outcome = agent.run(shell("echo $SSH_CONNECTION"), None).unwrap();
    assert!(outcome.text("stdout").unwrap().starts_with("127.0.0.1"));
    let begun = Instant::now();
    for _ in 0..500 {
        agent.run(request("ping", &[]), None).unwrap();
    }
    println!("a round trip over ssh: {:?}", begun.elapsed() / 500);
    let content = vec![7; 2_500_000];
    let path = agent.put(&mut content.as_slice()).unwrap();
    let mut back = Vec::new();
    agent.get(&path, &mut back).unwrap();
    assert!(back == content);
    let pid = agent.pid().to_string();
    connections.close();
    eventually("the agent is gone", || !is_alive(&pid));
    eventually("the session is gone", || sshd.sessions().is_empty());
}

#[test]
fn another_user_over_the_same_connection() {
    let sshd = Sshd::start();
    if !rustix::process::geteuid().is_root() {
        println!("not tested: only root becomes others without a password");
        return;
    }
    let connections = connections();
    let other = Become {
        method: BecomeMethod::Sudo,
        user: "nobody".into(),
        flags: None,
        executable: None,
        password: None,
        folder: None,
    };
    let target = Target { identity: Identity::Become(Box::new(other)), ..sshd.target() };
    let agent = connections.agent(&target).unwrap();
    assert_eq!(agent.user(), "nobody");
    assert_ne!(connections.agent(&sshd.target()).unwrap().user(), "nobody");
    assert_eq!(sshd.sessions().len(), 1);
}

#[test]
fn twenty_connections_at_once() {
    let sshd = Sshd::start();
    let connections = connections();
    std::thread::scope(|scope| {
        for number in 1..=20 {
            let (connections, sshd) = (&connections, &sshd);
            scope.spawn(move || {
                let target = sshd.target_named(&format!("h{number}"));
                let agent = connections.agent(&target).unwrap();
                let outcome = agent.run(shell(&format!("echo {number}")), None).unwrap();
                assert_eq!(outcome.text("stdout"), Some(number.to_string().as_str()));
            });
        }
    });
    assert_eq!(sshd.sessions().len(), 20);
    connections.close();
    eventually("all sessions are gone", || sshd.sessions().is_empty());
}

#[test]
fn a_dropped_connection_is_noticed() {
    let sshd = Sshd::start();
    let connections = connections();
    let agent = connections.agent(&sshd.target()).unwrap();
    let remote = agent.pid().to_string();
    std::thread::scope(|scope| {
        let run = scope.spawn(|| agent.run(shell("sleep 60"), None));
        std::thread::sleep(Duration::from_millis(300));
        for session in sshd.sessions() {
            assert!(Command::new("kill").args(["-9", &session]).status().unwrap().success());
        }
        let begun = Instant::now();
        let fault = run.join().unwrap().unwrap_err();
        assert!(matches!(fault, Fault::Lost { .. }) && fault.is_unreachable(), "{fault}");
        assert!(begun.elapsed() < Duration::from_secs(10));
        println!("{fault}");
    });
    eventually("the agent is gone", || !is_alive(&remote));
    let again = connections.agent(&sshd.target()).unwrap();
    assert_eq!(again.run(request("ping", &[]), None).unwrap().text("ping"), Some("pong"));
}

#[test]
fn who_cannot_be_reached_is_unreachable() {
    let sshd = Sshd::start();
    let connections = connections();
    let refused = SshOptions { port: Some(1), ..sshd.options() };
    let target = Target { kind: Kind::Ssh(Box::new(refused)), ..sshd.target() };
    let Err(fault) = connections.agent(&target) else { panic!("port 1 answers") };
    assert!(fault.is_unreachable());
    assert_eq!(
        fault.to_string(),
        "Failed to connect to the host via ssh: ssh: connect to host 127.0.0.1 port 1: \
         Connection refused"
    );
    let stranger = SshOptions { private_key: Some("/nosuch".into()), ..sshd.options() };
    let stranger = SshOptions {
        extra_args: Some("-o IdentitiesOnly=yes -o IdentityAgent=none".into()),
        ..stranger
    };
    let target = Target { kind: Kind::Ssh(Box::new(stranger)), ..sshd.target() };
    let Err(fault) = connections.agent(&target) else { panic!("anybody may enter") };
    assert!(fault.to_string().contains("Permission denied"), "{fault}");
}

/// `retries`: an ssh that fails once.
#[test]
fn a_connection_is_tried_again() {
    let sshd = Sshd::start();
    let folder = tempfile::tempdir().unwrap();
    let ssh = folder.path().join("ssh");
    let tried = folder.path().join("tried");
    let script = format!(
        "#!/bin/sh\n[ -e {0} ] || {{ touch {0}; exit 255; }}\nexec ssh \"$@\"\n",
        tried.display()
    );
    std::fs::write(&ssh, script).unwrap();
    std::fs::set_permissions(&ssh, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let executable = Some(ssh.display().to_string());
    let once = SshOptions { executable, ..sshd.options() };
    let target = Target { kind: Kind::Ssh(Box::new(once.clone())), ..sshd.target() };
    assert!(connections().agent(&target).is_err_and(|fault| fault.is_unreachable()));
    std::fs::remove_file(&tried).unwrap();
    let twice = SshOptions { retries: 1, ..once };
    let target = Target { kind: Kind::Ssh(Box::new(twice)), ..sshd.target() };
    let connections = connections();
    let agent = connections.agent(&target).unwrap();
    agent.run(request("ping", &[]), None).unwrap();
}

/// ssh says more than a pipe holds when it is asked to.
#[test]
fn a_talkative_ssh_does_not_stand_still() {
    let sshd = Sshd::start();
    let connections = connections();
    let options = SshOptions { ssh_args: Some("-vvv".into()), ..sshd.options() };
    let target = Target { kind: Kind::Ssh(Box::new(options)), ..sshd.target() };
    let agent = connections.agent(&target).unwrap();
    for _ in 0..300 {
        agent.run(request("ping", &[]), None).unwrap();
    }
}

/// Where the control socket of the connection to this port is.
fn control_folder(port: u16) -> PathBuf {
    let output = Command::new("ps").args(["-eo", "args"]).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text
        .lines()
        .find(|line| line.contains(&format!("Port={port}")) && line.contains("ControlPath="))
        .unwrap();
    let path = line.split("ControlPath=").nth(1).unwrap();
    let path = Path::new(path.split_whitespace().next().unwrap());
    path.parent().unwrap().to_owned()
}

#[test]
fn nothing_stays_when_connections_are_closed() {
    let sshd = Sshd::start();
    let ours = || {
        let output = Command::new("ps").args(["-eo", "ppid,args"]).output().unwrap();
        let own = std::process::id().to_string();
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .filter(|line| line.trim_start().starts_with(&own))
            .filter(|line| line.contains(&format!("Port={}", sshd.port())))
            .count()
    };
    let connections = connections();
    let agent = connections.agent(&sshd.target()).unwrap();
    assert_eq!(ours(), 1);
    let control = control_folder(sshd.port());
    let mode = std::fs::metadata(&control).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    connections.close();
    assert!(!control.exists());
    assert_eq!(ours(), 0);
    assert!(agent.run(request("ping", &[]), None).is_err());
    eventually("the session is gone", || sshd.sessions().is_empty());
}
