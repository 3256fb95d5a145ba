//! ssh asks for passwords through a program: this one, called again with a variable set. The
//! password waits in memory, behind a descriptor that only this user's processes can open: it is
//! never on a disk, and goes as soon as the connection stands. Must not know connections.

use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use rustix::fs::{MemfdFlags, memfd_create};

use crate::target::Secret;

/// The variable that says that this call is a question of ssh's, and where the answer is.
pub const VARIABLE: &str = "NAFAL_ASKPASS_FILE";

/// Answers ssh when it is the one who called, and gives the exit code. A program's main calls this
/// before anything else.
pub fn answer() -> Option<i32> {
    let file = std::env::var_os(VARIABLE).filter(|file| !file.is_empty())?;
    let question = std::env::args().nth(1).unwrap_or_default();
    Some(match answer_to(&question, Path::new(&file)) {
        Some(answer) => i32::from(std::io::stdout().write_all(&answer).is_err()),
        None => 1,
    })
}

/// Only questions for a password are answered: never whether a host's key is to be trusted.
fn answer_to(question: &str, file: &Path) -> Option<Vec<u8>> {
    let question = question.to_lowercase();
    if !question.contains("password") || question.contains("yes/no") {
        return None;
    }
    let mut answer = std::fs::read(file).ok()?;
    answer.push(b'\n');
    Some(answer)
}

/// A password that waits for the question; gone with this value, and with this process however it
/// ends.
pub struct Waiting(File);

impl Waiting {
    /// Keeps it in memory, under a descriptor.
    pub fn put(secret: &Secret) -> std::io::Result<Waiting> {
        let mut file = File::from(memfd_create("answer", MemfdFlags::CLOEXEC)?);
        file.write_all(secret.reveal().as_bytes())?;
        Ok(Waiting(file))
    }

    /// Where other processes of this user find it.
    fn path(&self) -> PathBuf {
        format!("/proc/{}/fd/{}", std::process::id(), self.0.as_raw_fd()).into()
    }

    /// What ssh's environment needs.
    pub fn environment(&self, program: &Path) -> Vec<(&'static str, OsString)> {
        let mut variables = asks(program.into());
        variables.push((VARIABLE, self.path().into()));
        variables
    }
}

fn asks(program: OsString) -> Vec<(&'static str, OsString)> {
    vec![
        ("SSH_ASKPASS", program),
        ("SSH_ASKPASS_REQUIRE", "force".into()),
        // Older ones only ask a program when there is a display.
        ("DISPLAY", std::env::var_os("DISPLAY").unwrap_or_else(|| ":0".into())),
    ]
}

/// What ssh's environment needs when there is no password: it must not wait for an answer from a
/// terminal, which stock's workers don't have either. A program of the user's own may be asked.
pub fn nobody_answers() -> Vec<(&'static str, OsString)> {
    match (std::env::var_os("SSH_ASKPASS"), std::env::var_os("DISPLAY")) {
        (Some(_), Some(_)) => vec![("SSH_ASKPASS_REQUIRE", "force".into())],
        _ => asks("/bin/false".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_passwords_are_told() {
        let waiting = Waiting::put(&Secret::new("s3cret".into())).unwrap();
        let file = waiting.path();
        assert_eq!(answer_to("a@b's password: ", &file).as_deref(), Some(&b"s3cret\n"[..]));
        assert!(answer_to("trust password.example (yes/no)? ", &file).is_none());
        drop(waiting);
        assert!(answer_to("a@b's password: ", &file).is_none());
    }
}
