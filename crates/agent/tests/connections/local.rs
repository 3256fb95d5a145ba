//! Agents on this machine.

use std::sync::Arc;
use std::time::{Duration, Instant};

use nafal_base::Value;
use nafal_connection::{Become, BecomeMethod, Fault, Identity, Target};

use super::{connections, eventually, is_alive, local, request, shell};

#[test]
fn one_agent_serves_many_threads() {
    let connections = connections();
    std::thread::scope(|scope| {
        for number in 0..20 {
            let connections = &connections;
            scope.spawn(move || {
                let agent = connections.agent(&local()).unwrap();
                let line = format!("sleep 0.3; echo {number}");
                let outcome = agent.run(shell(&line), None).unwrap();
                assert_eq!(outcome.text("stdout"), Some(number.to_string().as_str()));
            });
        }
    });
    let first = connections.agent(&local()).unwrap();
    assert!(Arc::ptr_eq(&first, &connections.agent(&local()).unwrap()));
}

#[test]
fn files_go_there_and_back() {
    let connections = connections();
    let agent = connections.agent(&local()).unwrap();
    let content: Vec<u8> = (0..3_000_000_u32).map(|number| (number % 251) as u8).collect();
    let path = agent.put(&mut content.as_slice()).unwrap();
    let mut back = Vec::new();
    agent.get(&path, &mut back).unwrap();
    assert!(back == content);
    assert!(agent.get("/nosuch", &mut Vec::new()).unwrap_err().to_string().contains("/nosuch"));
    connections.close();
    assert!(!std::path::Path::new(&path).exists());
}

#[test]
fn a_timeout_kills_the_command() {
    let connections = connections();
    let agent = connections.agent(&local()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pid");
    let begun = Instant::now();
    let line = format!("echo $$ > {}; sleep 60; echo", file.display());
    let outcome = agent.run(shell(&line), Some(Duration::from_secs(1))).unwrap();
    assert!(outcome.is_failed() && begun.elapsed() < Duration::from_secs(4));
    assert_eq!(outcome.text("msg"), Some("Timed out after 1 second(s)."));
    let pid = std::fs::read_to_string(file).unwrap();
    eventually("the command is gone", || !is_alive(pid.trim()));
    assert_eq!(agent.run(request("ping", &[]), None).unwrap().text("ping"), Some("pong"));
}

#[test]
fn cancelling_everything() {
    let connections = connections();
    let agent = connections.agent(&local()).unwrap();
    std::thread::scope(|scope| {
        let running: Vec<_> =
            (0..3).map(|_| scope.spawn(|| agent.run(shell("sleep 60"), None))).collect();
        std::thread::sleep(Duration::from_millis(300));
        connections.cancel_all();
        for run in running {
            let outcome = run.join().unwrap().unwrap();
            assert_eq!(outcome.values.get("rc"), Some(&Value::Int(-9)));
        }
    });
}

#[test]
fn becoming_another_user() {
    let identity = |method, user: &str| {
        let user = user.to_owned();
        let other =
            Become { method, user, flags: None, executable: None, password: None, folder: None };
        Identity::Become(Box::new(other))
    };
    let connections = connections();
    if !rustix::process::geteuid().is_root() {
        println!("not tested: only root becomes others without a password");
        return;
    }
    let sudo = Target { identity: identity(BecomeMethod::Sudo, "nobody"), ..local() };
    let agent = connections.agent(&sudo).unwrap();
    assert_eq!(agent.user(), "nobody");
    assert_eq!(agent.run(shell("id -un"), None).unwrap().text("stdout"), Some("nobody"));
    let su = Target { identity: identity(BecomeMethod::Su, "postgres"), ..local() };
    if connections.agent(&su).is_ok_and(|agent| agent.user() != "postgres") {
        panic!("su became somebody else");
    }
    let missing = Target { identity: identity(BecomeMethod::Sudo, "nosuchuser"), ..local() };
    let Err(fault) = connections.agent(&missing) else { panic!("nobody became nosuchuser") };
    assert!(matches!(fault, Fault::Become { .. }) && !fault.is_unreachable(), "{fault}");
    assert!(fault.to_string().contains("nosuchuser"), "{fault}");
}

/// A frame there and back takes well under 0.1 ms in a release build; here only a bound that a
/// debug build on a busy machine keeps.
#[test]
fn round_trips_are_quick() {
    let connections = connections();
    let agent = connections.agent(&local()).unwrap();
    let begun = Instant::now();
    for _ in 0..1000 {
        agent.run(request("ping", &[]), None).unwrap();
    }
    let each = begun.elapsed() / 1000;
    println!("a round trip: {each:?}");
    assert!(each < Duration::from_millis(5), "{each:?}");
}
