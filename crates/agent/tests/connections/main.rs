//! Connections against the real agent: on this machine, and over a real sshd.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod copies;
mod faults;
mod local;
mod passwords;
mod ssh;
mod sshd;

use std::path::PathBuf;

use nafal_base::wire::{Request, Surroundings};
use nafal_base::{Dict, HostName, Value};
use nafal_connection::{Connections, Identity, Kind, Options, Target};

fn agent_binary() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_nafal-agent"))
}

fn connections() -> Connections {
    Connections::with_options(Options {
        agent: Some(agent_binary()),
        askpass: None,
        ..Options::default()
    })
}

fn local() -> Target {
    Target { host: HostName::from("localhost"), kind: Kind::Local, identity: Identity::Login }
}

fn request(module: &str, args: &[(&str, &str)]) -> Request {
    let args: Dict = args.iter().map(|(key, value)| (*key, Value::from(*value))).collect();
    Request { module: module.into(), args, surroundings: Surroundings::default() }
}

fn shell(line: &str) -> Request {
    request("ansible.legacy.shell", &[("_raw_params", line)])
}

/// Whether a process is there (a zombie isn't).
fn is_alive(pid: &str) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

/// Waits until something holds.
fn eventually(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..100 {
        if holds() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("never: {what}");
}
