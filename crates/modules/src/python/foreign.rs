//! Runs a foreign module: sees to its bundles, its interpreter and its files of output. Must not know how
//! requests come.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use nafal_base::wire::{MISSING, Python};
use nafal_base::{Dict, Outcome, Value};
use rustix::process::Pid;

use super::folders;
use super::interpreter::refusal;
use super::request::{Foreign, Runner, Style};
use super::result::{Printed, deprecated_by, in_job, outcome};
use super::servers::{Said, Servers};
use crate::ctx::Ctx;
use crate::files::{Failure, Result};
use crate::lines;
use crate::processes::{self, Limit, RunError};

/// How much of a module's output is kept.
const LIMIT: usize = 64 * 1024 * 1024;

/// Runs it. When bundles are missing the outcome says which (`missing`), and the controller sends them along
/// the next time.
pub fn run(args: &Dict, ctx: &Ctx, servers: &Servers) -> Outcome {
    let perform = || match prepare(args, ctx)? {
        Some(missing) => Ok(missing),
        None => {
            let mut outcome = outcome(&perform(&Foreign::of(args)?, ctx, servers)?);
            lines::add(&mut outcome);
            Ok(outcome)
        }
    };
    perform().unwrap_or_else(Failure::into_outcome)
}

/// Runs it in a job of its own, for which all was prepared.
pub fn run_in_job(args: &Dict, ctx: &Ctx) -> Outcome {
    let servers = Servers::default();
    let perform = || {
        let foreign = Foreign::of(args)?;
        let mut outcome = in_job(&perform(&foreign, ctx, &servers)?);
        deprecated_by(&foreign.name, &mut outcome);
        Ok(outcome)
    };
    perform().unwrap_or_else(Failure::into_outcome)
}

/// Unpacks what came along, and says what is still missing when something is.
pub fn prepare(args: &Dict, ctx: &Ctx) -> Result<Option<Outcome>> {
    let foreign = Foreign::of(args)?;
    let root = folders::root(ctx);
    for (hash, file) in &foreign.uploads {
        folders::unpack(&root, hash, Path::new(file)).map_err(|error| {
            Failure::new(format!("a bundle of Python files can't be unpacked: {error}"))
        })?;
    }
    let missing: Vec<&str> =
        foreign.bundles().into_iter().filter(|hash| folders::find(&root, hash).is_none()).collect();
    Ok((!missing.is_empty()).then(|| Outcome::ok().with(MISSING, missing)))
}

fn perform(foreign: &Foreign, ctx: &Ctx, servers: &Servers) -> Result<Printed> {
    let root = folders::root(ctx);
    match foreign.style {
        Style::Python => warm(foreign, &root, ctx, servers),
        Style::File | Style::Bare => file(foreign, &root, ctx),
    }
}

/// The target's Python: the named one, or the one that was found.
pub fn python(ctx: &Ctx) -> Result<&str> {
    match ctx.python() {
        Python::Named(path) | Python::Known(path) => Ok(path),
        Python::Unneeded | Python::Discover(_) => {
            Err(Failure::new("a module in Python was asked for without a Python"))
        }
    }
}

/// A file or folder that is removed with what it is for.
struct Scratch(PathBuf);

fn no_file(error: std::io::Error) -> Failure {
    Failure::new(format!("no temporary file can be made: {error}"))
}

impl Scratch {
    fn new(ctx: &Ctx, content: &[u8]) -> Result<Scratch> {
        let scratch = Scratch::name(ctx)?;
        fs::write(&scratch.0, content).map_err(no_file)?;
        Ok(scratch)
    }

    /// The same, to be run.
    fn program(ctx: &Ctx, content: &[u8]) -> Result<Scratch> {
        let scratch = Scratch::name(ctx)?;
        processes::writing(|| fs::write(&scratch.0, content)).map_err(no_file)?;
        Ok(scratch)
    }

    /// The name alone, for whoever needs it later.
    fn name(ctx: &Ctx) -> Result<Scratch> {
        let random = crate::files::staged::random_text().map_err(no_file)?;
        Ok(Scratch(ctx.temporary().join(format!("foreign-{random}"))))
    }

    fn text(&self) -> String {
        let mut bytes = fs::read(&self.0).unwrap_or_default();
        bytes.truncate(LIMIT);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.0.is_dir() {
            let _ = fs::remove_dir_all(&self.0);
        } else {
            let _ = fs::remove_file(&self.0);
        }
    }
}

/// Makes the folder of temporary folders, as stock does before modules run: one that makes it itself warns of it.
fn make_remote_tmp(named: &str, ctx: &Ctx) {
    let folder = ctx.resolve(ctx.expand(named));
    if !named.is_empty() && !folder.is_dir() {
        // A module that needs it says what is wrong.
        let _ = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    }
}

/// A Python module under the warm process.
fn warm(foreign: &Foreign, root: &Path, ctx: &Ctx, servers: &Servers) -> Result<Printed> {
    make_remote_tmp(&foreign.remote_tmp, ctx);
    let server = servers.server(python(ctx)?, &root.join(&foreign.base), ctx)?;
    let (stdout, stderr) = (Scratch::new(ctx, b"")?, Scratch::new(ctx, b"")?);
    let respawn = Scratch::name(ctx)?;
    let folders = |hashes: &[String]| -> Vec<Value> {
        hashes.iter().map(|hash| Value::from(root.join(hash).display().to_string())).collect()
    };
    let shown = |path: &Path| Value::from(path.display().to_string());
    let environment =
        ctx.environment().iter().map(|(key, value)| (key.as_str(), Value::from(value.as_str())));
    let request: Dict = [
        ("module", Value::from(foreign.name.as_str())),
        ("file", shown(&root.join(&foreign.file.0).join(&foreign.file.1))),
        ("paths", Value::from(folders(&foreign.paths))),
        ("module_utils", Value::from(folders(&foreign.module_utils))),
        ("arguments", Value::from(foreign.arguments.as_str())),
        ("profile", Value::from(foreign.profile.as_str())),
        ("environment", Value::Dict(environment.collect())),
        ("umask", ctx.own_umask().map(|mask| Value::Int(mask.into())).unwrap_or_default()),
        ("open_files", ctx.open_files().map(Value::from).unwrap_or_default()),
        ("folder", ctx.folder().map(shown).unwrap_or_default()),
        ("stdout", shown(&stdout.0)),
        ("stderr", shown(&stderr.0)),
        ("respawn", shown(&respawn.0)),
    ]
    .into_iter()
    .collect();
    let gone = || Failure::new("the warm Python process ended while the module ran");
    let started = ctx.processes().start(|| {
        let said = server.ask(request)?;
        match said.recv() {
            Ok(Said::Started(pid)) => {
                let pid = Pid::from_raw(pid).ok_or_else(gone)?;
                Ok((pid, (pid, said)))
            }
            _ => Err(gone()),
        }
    });
    let cancelled = |_| Failure::new("the task was cancelled");
    let (pid, said) = started.map_err(cancelled)??;
    let ended = said.recv();
    ctx.processes().ended(pid);
    match ended {
        Ok(Said::Ended(code)) => Ok(Printed { code, stdout: stdout.text(), stderr: stderr.text() }),
        _ => Err(gone()),
    }
}

/// What starts a file: the interpreter that is named, or that of its first line.
fn starter(foreign: &Foreign, content: &[u8]) -> String {
    if let Runner::Other(named) = &foreign.interpreter {
        return named.clone();
    }
    let line = content.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line.strip_prefix(b"#!").unwrap_or_default());
    line.trim().to_owned()
}

/// A file that is run as it is, or by its interpreter.
fn file(foreign: &Foreign, root: &Path, ctx: &Ctx) -> Result<Printed> {
    let stored = root.join(&foreign.file.0).join(&foreign.file.1);
    let content = fs::read(&stored)
        .map_err(|error| Failure::new(format!("{}: {error}", stored.display())))?;
    let content = if foreign.marker.is_empty() {
        content
    } else {
        let text = String::from_utf8_lossy(&content);
        text.replace(&foreign.marker, &foreign.arguments).into_bytes()
    };
    let file = Scratch::program(ctx, &content)?;
    let arguments = (foreign.style == Style::File)
        .then(|| Scratch::new(ctx, foreign.arguments.as_bytes()))
        .transpose()?;
    let mut command = match &foreign.interpreter {
        Runner::Python => {
            let mut command = ctx.command(python(ctx)?);
            command.arg(&file.0);
            command
        }
        Runner::Other(named) => {
            let named = ctx.expand_user(named);
            let mut words = shlex::split(&named).unwrap_or_else(|| vec![named.clone()]).into_iter();
            let mut command = ctx.command(words.next().unwrap_or_default());
            command.args(words).arg(&file.0);
            command
        }
        Runner::Itself => {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&file.0, fs::Permissions::from_mode(0o700))
                .map_err(|error| Failure::new(error.to_string()))?;
            ctx.command(&file.0)
        }
    };
    if let Some(arguments) = &arguments {
        command.arg(&arguments.0);
    }
    let ended =
        processes::run(command, None, Limit(LIMIT), ctx.processes()).map_err(
            |error| match error {
                RunError::Cancelled => Failure::new("the task was cancelled"),
                RunError::Start(error) => match refusal(&starter(foreign, &content), ctx) {
                    Some(refused) => Failure::from(refused),
                    None => Failure::new(format!("the module can't be run: {error}")),
                },
            },
        )?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Printed {
        code: ended.code,
        stdout: text(&ended.stdout.bytes),
        stderr: text(&ended.stderr.bytes),
    })
}
