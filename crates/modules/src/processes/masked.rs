//! Starting a process with a mask for new files of its own. The mask belongs to the whole process,
//! so the agent must never change its own; a shell changes it in between. Must not know modules.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Command;

use rustix::fs::{Access, access};

/// The command and arguments that run `argv` under a mask. `path` is the PATH that it is looked
/// for in: done here, so that what isn't there is told apart from what fails.
pub fn with_umask(
    argv: &[OsString],
    umask: u32,
    path: &OsStr,
    folder: Option<&Path>,
) -> io::Result<Command> {
    let program = argv.first().ok_or(io::ErrorKind::InvalidInput)?;
    check_program(program, path, folder)?;
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(format!("umask {umask:04o}; exec \"$@\"")).arg("sh").args(argv);
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
