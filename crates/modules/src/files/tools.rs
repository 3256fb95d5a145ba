//! Finding and running the target's own small commands (`getent`, `lsattr`, …). Must not know
//! what they are run for.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Folders searched after those of PATH, as stock does.
const SYSTEM_FOLDERS: [&str; 3] = ["/sbin", "/usr/sbin", "/usr/local/sbin"];

/// The path of a command, if the target has it.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into());
    std::env::split_paths(&path)
        .chain(SYSTEM_FOLDERS.iter().map(PathBuf::from))
        .map(|folder| folder.join(name))
        .find(|file| is_executable(file))
}

/// Whether this process may execute a file.
pub fn is_executable(file: &std::path::Path) -> bool {
    file.is_file() && rustix::fs::access(file, rustix::fs::Access::EXEC_OK).is_ok()
}

/// What a command gave.
pub struct Gave {
    /// Its exit code; -1 when a signal ended it.
    pub code: i32,
    /// What it wrote.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

/// Runs a command in the C locale without input; None when the target doesn't have it.
pub fn run<A: AsRef<OsStr>>(name: &str, args: &[A]) -> Option<Gave> {
    let output = Command::new(find(name)?)
        .args(args)
        .env("LC_ALL", "C")
        .env("LANG", "C")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    Some(Gave {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}
