//! Bringing content to its destination, the same for all ways of copying. Must not know where
//! the content came from.

use std::fs;
use std::path::Path;

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Content, Failure, Options, Result, Staged, Wanted, backup, paths, validation};

/// A destination as stock's module has it: a bare name is told as one in the current folder.
pub fn named(dest: &str) -> String {
    if dest.contains('/') { dest.to_owned() } else { format!("./{dest}") }
}

/// The folder that a new file needs must be there and take files.
pub fn check_folder(dest: &str, args: &Arguments, ctx: &Ctx) -> Result<()> {
    let folder = paths::folder_of(dest);
    // A bare name is in the current folder, which has no name of its own.
    let real = ctx.resolve(if folder.is_empty() { "." } else { folder });
    if !ctx.resolve(dest).exists() && !real.exists() {
        let is_closed = fs::metadata(&real)
            .is_err_and(|error| error.kind() == std::io::ErrorKind::PermissionDenied);
        return Err(Failure::new(if is_closed {
            format!("Destination directory {folder} is not accessible")
        } else {
            format!("Destination directory {folder} does not exist")
        }));
    }
    let is_writable = rustix::fs::access(&real, rustix::fs::Access::WRITE_OK).is_ok();
    if !is_writable && !args.is("unsafe_writes") {
        return Err(Failure::new(format!("Destination {folder} not writable")));
    }
    Ok(())
}

/// The content isn't what the task says it must be.
pub fn mismatch(checksum: Option<&str>, expected: &str) -> Failure {
    Failure::new("Copied file does not match the expected checksum. Transfer failed.")
        .with("checksum", checksum)
        .with("expected_checksum", expected)
}

/// Backs up, validates and replaces; gives the name of the backup.
pub fn place(
    dest: &Path,
    content: Content<'_>,
    args: &Arguments,
    wanted: &Wanted,
    ctx: &Ctx,
) -> Result<Option<String>> {
    let options = Options { ceiling: wanted.ceiling(ctx.umask()), ..ctx.write_options(args) };
    let backup_file = match args.is("backup") {
        true => backup::backup(dest)?,
        false => None,
    };
    let staged = Staged::new(dest, content, &options)?;
    if let Some(command) = args.text("validate") {
        let verdict = validation::validate(command, staged.path(), ctx)?;
        if let Err(refused) = verdict {
            return Err(Failure::new("failed to validate")
                .with("exit_status", refused.code)
                .with("stdout", refused.stdout)
                .with("stderr", refused.stderr));
        }
    }
    staged.commit()?;
    Ok(backup_file)
}
