//! Finding and running the target's own small commands (`getent`, `lsattr`, …). Must not know
//! what they are run for.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nafal_base::shell::quoted;

use super::failure::{Failure, Result};
use crate::ctx::Ctx;
use crate::processes::{self, Inherited, Limit};

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

/// The target's Python, if it has one.
pub fn python() -> Option<PathBuf> {
    let usual = Some(PathBuf::from("/usr/bin/python3")).filter(|path| is_executable(path));
    usual.or_else(|| find("python3")).or_else(|| find("python"))
}

/// Whether this process may execute a file.
pub fn is_executable(file: &std::path::Path) -> bool {
    file.is_file() && rustix::fs::access(file, rustix::fs::Access::EXEC_OK).is_ok()
}

/// What a command gave.
#[derive(Debug, Default)]
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
    let mut command = Command::new(find(name)?);
    command.args(args).env("LC_ALL", "C").env("LANG", "C");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = processes::output(&mut command).ok()?;
    Some(Gave {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// What is told of a command that mustn't fail, and did.
pub fn refused(command: &str, gave: Gave) -> Failure {
    Failure::new(gave.stderr.trim_end())
        .with("cmd", command)
        .with("rc", gave.code)
        .with("stdout", gave.stdout)
        .with("stderr", gave.stderr)
}

/// What is told of a command that can't even be started.
pub fn not_started(command: String, error: &io::Error) -> Failure {
    Failure::new("Error executing command.")
        .with("rc", error.raw_os_error().unwrap_or(257))
        .with("cmd", command)
        .with("stdout", "")
        .with("stderr", "")
}

/// The most that is kept of a tool's output; none of those that modules run comes near it.
const OUTPUT_LIMIT: Limit = Limit(16 << 20);

impl Ctx {
    /// The folders in which the task's tools are looked for.
    fn tool_folders(&self) -> Vec<PathBuf> {
        let path = self.env("PATH").unwrap_or_else(|| "/usr/bin:/bin".into());
        let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
        for folder in ["/sbin", "/usr/sbin", "/usr/local/sbin"].map(PathBuf::from) {
            if !folders.contains(&folder) && folder.exists() {
                folders.push(folder);
            }
        }
        folders
    }

    /// The path of a tool, if the target has it.
    pub fn find_tool(&self, name: &str) -> Option<PathBuf> {
        let folders = self.tool_folders().into_iter();
        folders.map(|folder| folder.join(name)).find(|file| is_executable(file))
    }

    /// The path of a tool that the module can't do without.
    pub fn tool(&self, name: &str) -> Result<PathBuf> {
        self.find_tool(name).ok_or_else(|| {
            let folders = self.tool_folders();
            let folders: Vec<_> = folders.iter().map(|folder| folder.to_string_lossy()).collect();
            let folders = folders.join(":");
            Failure::new(format!(
                "Failed to find required executable \"{name}\" in paths: {folders}"
            ))
        })
    }

    /// Runs a tool to its end, in the C locale, with the task's environment.
    pub fn run_tool<A: AsRef<OsStr>>(&self, tool: &Path, args: &[A]) -> Result<Gave> {
        self.feed_tool(tool, args, None)
    }

    /// The same, with this on its stdin.
    pub fn feed_tool<A: AsRef<OsStr>>(
        &self,
        tool: &Path,
        args: &[A],
        stdin: Option<&[u8]>,
    ) -> Result<Gave> {
        let mut command = self.command(tool);
        command.args(args).env("LC_ALL", "C").env("LANG", "C");
        self.run_prepared(command, stdin)
    }

    /// Runs a tool that mustn't fail.
    pub fn need_tool<A: AsRef<OsStr>>(&self, tool: &Path, args: &[A]) -> Result<Gave> {
        let gave = self.run_tool(tool, args)?;
        if gave.code == 0 {
            return Ok(gave);
        }
        let words = std::iter::once(tool.as_os_str()).chain(args.iter().map(AsRef::as_ref));
        let words = words.map(|word| quoted(&word.to_string_lossy()).into_owned());
        Err(refused(&words.collect::<Vec<_>>().join(" "), gave))
    }

    /// A command with the task's environment and folder, under a mask for new files of its own if there is one.
    pub fn masked_command(&self, argv: &[OsString], umask: Option<u32>) -> Result<Command> {
        let Some(umask) = umask else {
            let mut words = argv.iter();
            let mut command = self.command(words.next().cloned().unwrap_or_default());
            command.args(words);
            return Ok(command);
        };
        let path = self.env("PATH").unwrap_or_default();
        let inherited = Inherited { umask: Some(umask), ..Inherited::default() };
        let mut command =
            processes::inheriting(argv, inherited, &path, self.folder()).map_err(|error| {
                let program = argv.first().map(|word| word.to_string_lossy()).unwrap_or_default();
                Failure::new(format!("{program} could not be run: {error}"))
            })?;
        command.envs(self.environment().iter().map(|(name, value)| (name, value)));
        if let Some(folder) = self.folder() {
            command.current_dir(folder);
        }
        Ok(command)
    }

    /// Runs a command that is ready, to its end.
    pub fn run_prepared(&self, command: Command, stdin: Option<&[u8]>) -> Result<Gave> {
        let name = command.get_program().to_string_lossy().into_owned();
        let ended = processes::run(command, stdin, OUTPUT_LIMIT, self.processes())
            .map_err(|error| Failure::new(format!("{name} could not be run: {error}")))?;
        Ok(Gave {
            code: ended.code,
            stdout: String::from_utf8_lossy(&ended.stdout.bytes).into_owned(),
            stderr: String::from_utf8_lossy(&ended.stderr.bytes).into_owned(),
        })
    }
}
