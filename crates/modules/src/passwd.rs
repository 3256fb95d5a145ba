//! Users and their home folders from /etc/passwd, then from `getent`: a static binary must never
//! call the C library's getpw*, which loads what isn't there. Must not know what they are for.

use std::process::{Command, Stdio};

use crate::processes;

fn field(entries: &str, select: impl Fn(&[&str]) -> bool, index: usize) -> Option<String> {
    entries
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| select(fields))
        .and_then(|fields| fields.get(index).map(|field| (*field).to_owned()))
}

fn ask_getent(key: &str) -> Option<String> {
    let mut command = Command::new("getent");
    command.args(["passwd", "--", key]).stdin(Stdio::null()).stdout(Stdio::piped());
    let output = processes::output(command.stderr(Stdio::null())).ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn look_up(key: &str, column: usize, wanted: usize) -> Option<String> {
    let select = |fields: &[&str]| fields.get(column) == Some(&key);
    let file = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    field(&file, select, wanted).or_else(|| field(&ask_getent(key)?, select, wanted))
}

/// A user's home folder.
pub fn home_of(user: &str) -> Option<String> {
    look_up(user, 0, 5)
}

/// This process's user's home folder.
pub fn own_home() -> Option<String> {
    look_up(&rustix::process::getuid().as_raw().to_string(), 2, 5)
}

/// This process's user; its number when it has no name.
pub fn own_name() -> String {
    let id = rustix::process::geteuid().as_raw().to_string();
    look_up(&id, 2, 0).unwrap_or(id)
}
