//! Owns the throw-away copy of this machine in which a case runs that changes the system
//! (`tests/sandbox`): its start, the way in, its end. It must not know what runs in there.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::Fault;

/// A copy of this machine; it vanishes with this value, and all that runs in it.
pub struct Sandbox {
    holder: Child,
    number: String,
    box_folder: PathBuf,
}

/// Sandboxes are root's: whoever isn't skips the cases that want one.
pub fn is_possible() -> bool {
    rustix::process::geteuid().is_root()
}

impl Sandbox {
    /// Makes one in which the case's folder and these paths are visible. `script` is `tests/sandbox`.
    pub fn make(script: &Path, work: &Path, visible: &[&Path]) -> Result<Self, Fault> {
        let box_folder = work.with_extension("box");
        fs::create_dir_all(&box_folder)?;
        let mut holder = Command::new("unshare")
            .args(["--mount", "--pid", "--fork", "--ipc", "--uts", "--kill-child=KILL"])
            .args([script, &box_folder, work])
            .args(visible)
            // It ends when this does, even if nobody is left to kill it.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|fault| format!("unshare (util-linux) can't be started: {fault}"))?;
        let mut number = String::new();
        if let Some(stdout) = holder.stdout.take() {
            BufReader::new(stdout).read_line(&mut number)?;
        }
        let number = number.trim().to_owned();
        let mut sandbox = Self { holder, number, box_folder };
        if sandbox.number.is_empty() {
            let mut said = String::new();
            if let Some(stderr) = sandbox.holder.stderr.as_mut() {
                stderr.read_to_string(&mut said)?;
            }
            return Err(format!(
                "the sandbox can't be made (it needs mount namespaces, overlay and tmpfs): {said}"
            )
            .into());
        }
        Ok(sandbox)
    }

    /// A command that runs what is appended to it inside, in the case's folder.
    pub fn command(&self, work: &Path) -> Command {
        let mut command = Command::new("nsenter");
        command
            .args(["--target", &self.number, "--mount", "--pid", "--ipc", "--uts", "--root", "--"])
            .args(["/bin/sh", "-c", "cd \"$1\" && shift && umask 022 && exec \"$@\"", "sh"])
            .arg(work);
        command
    }

    /// Its root, as seen from outside.
    pub fn root(&self) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root", self.number))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // `--kill-child` takes all that runs inside along.
        let _ = self.holder.kill();
        let _ = self.holder.wait();
        let _ = fs::remove_dir(&self.box_folder);
    }
}
