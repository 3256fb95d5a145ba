//! Agents that end when they shouldn't, and output without end.

use std::time::Duration;

use nafal_base::Value;
use nafal_connection::{Connections, Fault, Options};

use super::{connections, eventually, is_alive, local, request, shell};

#[test]
fn a_killed_agent_is_told_and_started_again() {
    let connections = connections();
    let agent = connections.agent(&local()).unwrap();
    let pid = rustix::process::Pid::from_raw(agent.pid() as i32).unwrap();
    std::thread::scope(|scope| {
        let run = scope.spawn(|| agent.run(shell("sleep 60"), None));
        std::thread::sleep(Duration::from_millis(300));
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        let fault = run.join().unwrap().unwrap_err();
        assert!(matches!(fault, Fault::Lost { .. }) && fault.is_unreachable());
        assert!(fault.to_string().contains("killed by signal 9"), "{fault}");
    });
    assert!(agent.run(request("ping", &[]), None).is_err());
    let again = connections.agent(&local()).unwrap();
    assert_eq!(again.run(request("ping", &[]), None).unwrap().text("ping"), Some("pong"));
}

#[test]
fn a_terminated_agent_takes_its_commands_with_it() {
    let connections = connections();
    let agent = connections.agent(&local()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pid");
    let line = format!("echo $$ > {}; sleep 60; echo", file.display());
    let pid = rustix::process::Pid::from_raw(agent.pid() as i32).unwrap();
    std::thread::scope(|scope| {
        let run = scope.spawn(|| agent.run(shell(&line), None));
        eventually("the command runs", || {
            std::fs::read_to_string(&file).is_ok_and(|t| t.len() > 1)
        });
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        let fault = run.join().unwrap();
        // Its outcome may still have come first.
        assert!(fault.is_err() || fault.is_ok_and(|outcome| outcome.is_failed()));
    });
    let command = std::fs::read_to_string(file).unwrap();
    eventually("the command is gone", || !is_alive(command.trim()));
}

#[test]
fn closing_ends_agents_and_their_commands() {
    let connections = connections();
    let agent = connections.agent(&local()).unwrap();
    let pid = agent.pid().to_string();
    std::thread::scope(|scope| {
        let run = scope.spawn(|| agent.run(shell("sleep 60"), None));
        std::thread::sleep(Duration::from_millis(300));
        connections.close();
        let _ = run.join().unwrap();
    });
    assert!(!is_alive(&pid));
}

#[test]
fn what_is_no_agent_is_told() {
    let options = Options { agent: Some("/bin/true".into()), askpass: None, ..Options::default() };
    let Err(fault) = Connections::with_options(options).agent(&local()) else { panic!() };
    assert!(fault.to_string().contains("ended with exit code 0 before it greeted"), "{fault}");
    let options =
        Options { agent: Some("/nosuch/agent".into()), askpass: None, ..Options::default() };
    let Err(fault) = Connections::with_options(options).agent(&local()) else { panic!() };
    assert!(fault.to_string().contains("/nosuch/agent") && !fault.is_unreachable(), "{fault}");
}

#[test]
fn two_hundred_megabytes_of_output() {
    let connections = connections();
    let agent = connections.agent(&local()).unwrap();
    let outcome = agent.run(shell("head -c 200000000 /dev/zero | tr '\\0' x"), None).unwrap();
    assert!(outcome.is_failed());
    assert_eq!(outcome.values.get("rc"), Some(&Value::Int(0)));
    let message = outcome.text("msg").unwrap();
    assert!(message.contains("200000000 bytes to stdout"), "{message}");
    assert!(outcome.text("stdout").unwrap().len() < 1_000_000);
    let status = std::fs::read_to_string(format!("/proc/{}/status", agent.pid())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(peak < 200_000, "the agent took {peak} kB");
}
