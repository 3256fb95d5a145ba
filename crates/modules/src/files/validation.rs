//! The user's command that looks at new content before it takes the old one's place. Must not
//! know modules.

use std::path::Path;
use std::process::Stdio;

use super::failure::{Failure, Result};
use crate::ctx::Ctx;
use crate::processes;

/// What the command gave when it said no.
#[derive(Clone, Debug)]
pub struct Refused {
    /// Its exit code.
    pub code: i32,
    /// What it wrote.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

/// Runs `command` with `%s` standing for the file.
pub fn validate(command: &str, file: &Path, ctx: &Ctx) -> Result<Result<(), Refused>> {
    if !command.contains("%s") {
        return Err(Failure::new(format!("validate must contain %s: {command}")));
    }
    let whole = command.replace("%s", &file.to_string_lossy());
    let words = shlex::split(&whole).unwrap_or_default();
    let Some((program, args)) = words.split_first() else {
        return Err(Failure::new("Invalid command syntax in run_command")
            .with("exception", "No closing quotation"));
    };
    let mut command = ctx.command(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = processes::output(&mut command).map_err(|error| {
        let text = super::failure::errno_text(&error, Some(program));
        Failure::new(format!("Error executing command: {text}"))
            .with("cmd", whole.as_str())
            .with("rc", error.raw_os_error().unwrap_or(2))
            .with("stdout", "")
            .with("stderr", "")
    })?;
    if output.status.success() {
        return Ok(Ok(()));
    }
    use std::os::unix::process::ExitStatusExt;
    let code = output.status.code().or_else(|| output.status.signal().map(|number| -number));
    Ok(Err(Refused {
        code: code.unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }))
}
