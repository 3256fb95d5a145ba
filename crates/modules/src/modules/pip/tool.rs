//! Running pip and what makes virtual environments: in which folder, with which PATH, under which mask. What goes
//! wrong is told as stock tells it. Must not know packages.

use std::ffi::OsString;
use std::path::PathBuf;

use nafal_base::Value;
use nafal_base::shell::quoted;

use super::interpreter::{Interpreter, Pip};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::tools::{Gave, is_executable, not_started};
use crate::files::{Failure, Result, mode};

/// Where and how the task's commands run.
#[derive(Clone)]
pub struct Tool<'a> {
    /// The task's arguments.
    pub args: &'a Arguments,
    /// Its surroundings.
    pub ctx: &'a Ctx,
    /// The virtual environment, as results name it.
    pub environment: Option<String>,
    /// None where the module itself runs.
    folder: Option<PathBuf>,
    umask: Option<u32>,
}

impl<'a> Tool<'a> {
    /// As the arguments want it.
    pub fn new(args: &'a Arguments, ctx: &'a Ctx) -> Result<Tool<'a>> {
        let umask = args.text("umask").map(mode::umask).transpose()?;
        let chdir = args.text("chdir").filter(|folder| !folder.is_empty());
        let environment = args.text("virtualenv").filter(|path| !path.is_empty());
        let environment = environment.map(|path| match chdir {
            Some(folder) => crate::files::paths::join(folder, path),
            None => path.to_owned(),
        });
        let wanted = chdir.map_or_else(|| temporary_folder(ctx), |folder| ctx.resolve(folder));
        // Stock stays where it is when there is no such folder.
        let folder = Some(wanted).filter(|wanted| wanted.is_dir());
        Ok(Tool { args, ctx, environment, folder, umask })
    }

    /// Whether the virtual environment is still to be made.
    pub fn lacks_environment(&self) -> bool {
        self.environment
            .as_ref()
            .is_some_and(|path| !self.ctx.resolve(path).join("bin/activate").exists())
    }

    /// The words that pip begins with.
    pub fn pip(&self) -> Result<Vec<String>> {
        if let Some(environment) = &self.environment {
            let folder = format!("{}/bin", environment.trim_end_matches('/'));
            let mut named = ["pip3", "pip"].iter().map(|name| format!("{folder}/{name}"));
            let found = named.find(|path| is_executable(&self.ctx.resolve(path)));
            return found.map(|path| vec![path]).ok_or_else(|| {
                Failure::new(format!(
                    "Unable to find pip in the virtualenv, {environment}, under any of these names: pip3, pip. \
                     Make sure pip is present in the virtualenv."
                ))
            });
        }
        let named = self.args.text("executable").filter(|name| !name.is_empty());
        if let Some(path) = named.filter(|path| path.starts_with('/')) {
            return Ok(vec![path.to_owned()]);
        }
        if named.is_none() {
            let interpreter = Interpreter::ask(self.ctx)?;
            if interpreter.pip == Pip::There {
                return Ok(vec![interpreter.path, "-m".to_owned(), "pip".to_owned()]);
            }
        }
        let names: Vec<&str> = named.map_or_else(|| vec!["pip3", "pip"], |name| vec![name]);
        let found = names.iter().find_map(|name| self.ctx.find_tool(name));
        found.map(|path| vec![path.to_string_lossy().into_owned()]).ok_or_else(|| {
            let names = names.join(", ");
            Failure::new(format!(
                "Unable to find any of {names} to use.  pip needs to be installed."
            ))
        })
    }

    /// The same where the module itself runs.
    pub fn here(&self) -> Tool<'a> {
        Tool { folder: None, ..self.clone() }
    }

    fn program(&self, path: &str) -> PathBuf {
        match &self.folder {
            Some(folder) => folder.join(path),
            None => self.ctx.resolve(path),
        }
    }

    /// Runs a command in the task's folder.
    pub fn run(&self, words: &[String]) -> Result<Gave> {
        self.run_with(words, &[])
    }

    /// The same with more in its environment.
    pub fn run_with(&self, words: &[String], more: &[(&str, &str)]) -> Result<Gave> {
        let program = words.first().map(String::as_str).unwrap_or_default();
        if program.contains('/')
            && let Err(error) = self.program(program).metadata()
        {
            let shown: Vec<_> = words.iter().map(|word| quoted(word)).collect();
            return Err(not_started(shown.join(" "), &error).because(&error, program));
        }
        let argv: Vec<OsString> = words.iter().map(OsString::from).collect();
        let mut command = self.ctx.masked_command(&argv, self.umask)?;
        command.envs(more.iter().copied());
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        if let Some(environment) = &self.environment {
            let own = self.ctx.env("PATH").unwrap_or_default();
            let first = PathBuf::from(format!("{}/bin", environment.trim_end_matches('/')));
            let folders = std::iter::once(first).chain(std::env::split_paths(&own));
            if let Ok(path) = std::env::join_paths(folders) {
                command.env("PATH", path);
            }
        }
        if self.args.is("break_system_packages") {
            command.env("PIP_BREAK_SYSTEM_PACKAGES", "1");
        }
        self.ctx.run_prepared(command, None)
    }
}

/// Where temporary files go, as Python finds it: pip runs there, so that a folder named as a package is isn't
/// taken for it.
fn temporary_folder(ctx: &Ctx) -> PathBuf {
    let named =
        ["TMPDIR", "TEMP", "TMP"].iter().filter_map(|name| ctx.env(name)).map(PathBuf::from);
    let usual = ["/tmp", "/var/tmp", "/usr/tmp"].map(PathBuf::from);
    let may = |folder: &PathBuf| {
        rustix::fs::access(folder, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK)
    };
    named.chain(usual).find(|folder| folder.is_dir() && may(folder).is_ok()).unwrap_or_default()
}

/// What is told of a command that failed.
pub fn failed(words: &[String], stdout: &str, stderr: &str) -> Failure {
    let mut message = String::new();
    if !stdout.is_empty() {
        message.push_str(&format!("stdout: {stdout}"));
    }
    if !stderr.is_empty() {
        message.push_str(&format!("\n:stderr: {stderr}"));
    }
    Failure::new(message).with("cmd", listed(words))
}

/// Words as results list them.
pub fn listed(words: &[String]) -> Vec<Value> {
    words.iter().map(|word| Value::from(word.as_str())).collect()
}
