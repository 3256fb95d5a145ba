//! Starting a process with a mask for new files, or a limit of open ones, of its own. They belong to
//! the whole process, so the agent must never change its own; a shell changes them in between. Must
//! not know modules.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;

use rustix::fs::{Access, access};

/// What a process inherits otherwise than from the agent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inherited {
    /// The mask for new files.
    pub umask: Option<u32>,
    /// How many files may be open at once.
    pub open_files: Option<u64>,
}

impl Inherited {
    /// Whether anything is other than the agent has it.
    pub fn is_changed(&self) -> bool {
        self.umask.is_some() || self.open_files.is_some()
    }

    fn script(&self) -> String {
        let mut script = String::new();
        if let Some(umask) = self.umask {
            script.push_str(&format!("umask {umask:04o}; "));
        }
        if let Some(most) = self.open_files {
            script.push_str(&format!("ulimit -S -n {most}; "));
        }
        script + "exec \"$@\""
    }
}

/// The command and arguments that run `argv` so. `path` is the PATH that it is looked
/// for in: done here, so that what isn't there is told apart from what fails.
pub fn inheriting(
    argv: &[OsString],
    inherited: Inherited,
    path: &OsStr,
    folder: Option<&Path>,
) -> io::Result<Command> {
    let program = argv.first().ok_or(io::ErrorKind::InvalidInput)?;
    check_program(program, path, folder)?;
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(inherited.script()).arg("sh").args(argv);
    Ok(command)
}

fn check_program(program: &OsStr, path: &OsStr, folder: Option<&Path>) -> io::Result<()> {
    if program.as_bytes().contains(&b'/') {
        let file = folder.unwrap_or(Path::new("")).join(program);
        return check_file(&file);
    }
    let mut denied = None;
    for candidate in std::env::split_paths(path) {
        match check_file(&candidate.join(program)) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => denied = Some(error),
            Err(_) => {}
        }
    }
    Err(denied.unwrap_or_else(|| rustix::io::Errno::NOENT.into()))
}

fn check_file(file: &Path) -> io::Result<()> {
    if std::fs::metadata(file)?.is_dir() {
        return Err(rustix::io::Errno::ACCESS.into());
    }
    Ok(access(file, Access::EXEC_OK)?)
}
