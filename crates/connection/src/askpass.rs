//! ssh asks for passwords through a program: this one, called again with a variable set. The
//! password waits in a file that only this user can read, inside a folder that only this user can
//! enter, and both go as soon as the connection stands. Must not know connections.

use std::ffi::OsString;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

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

/// A password that waits for the question; gone with this value.
pub struct Waiting(PathBuf);

impl Waiting {
    /// Puts it into a folder that only this user can enter.
    pub fn put(folder: &Path, name: &str, secret: &Secret) -> std::io::Result<Waiting> {
        let path = folder.join(name);
        let mut options = std::fs::OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(0o600).open(&path)?;
        let waiting = Waiting(path);
        file.write_all(secret.reveal().as_bytes())?;
        Ok(waiting)
    }

    /// What ssh's environment needs.
    pub fn environment(&self, program: &Path) -> [(&'static str, OsString); 4] {
        [
            ("SSH_ASKPASS", program.into()),
            ("SSH_ASKPASS_REQUIRE", "force".into()),
            // Older ones only ask a program when there is a display.
            ("DISPLAY", std::env::var_os("DISPLAY").unwrap_or_else(|| ":0".into())),
            (VARIABLE, self.0.clone().into()),
        ]
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_passwords_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let waiting = Waiting::put(folder.path(), "p", &Secret::new("s3cret".into())).unwrap();
        let file = waiting.0.clone();
        assert_eq!(answer_to("a@b's password: ", &file).as_deref(), Some(&b"s3cret\n"[..]));
        assert!(answer_to("trust password.example (yes/no)? ", &file).is_none());
        drop(waiting);
        assert!(!file.exists());
    }
}
