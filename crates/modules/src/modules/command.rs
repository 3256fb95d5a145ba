//! `command` and `shell`: run something and say what it gave. Must not know how it got here.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Zoned;
use nafal_base::shell::quoted;
use nafal_base::{Outcome, Value};

use super::command_result::{self, Times};
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result, tools};
use crate::processes::{self, Inherited, Limit, RunError};
use crate::registry::Module;
use crate::spec::{Argument, FreeForm, Kind, Spec};

const ARGUMENTS: &[Argument] = &[
    Argument::text("_raw_params"),
    Argument::flag("_uses_shell", false),
    Argument::list("argv", Kind::Str),
    Argument::path("chdir"),
    Argument::text("cmd"),
    Argument::path("creates"),
    Argument::path("executable"),
    Argument::flag("expand_argument_vars", true),
    Argument::path("removes"),
    Argument::text("stdin"),
    Argument::flag("stdin_add_newline", true),
    Argument::flag("strip_empty_ends", true),
];

const fn spec(name: &'static str) -> Spec {
    Spec {
        free_form: FreeForm::Taken,
        mutually_exclusive: &[&["_raw_params", "cmd", "argv"]],
        required_one_of: &[&["_raw_params", "cmd", "argv"]],
        ..Spec::new(name, ARGUMENTS)
    }
}

/// `command`'s line of the table.
pub const COMMAND: Module = Module {
    spec: spec("command"),
    run: |args, ctx| run(args, ctx, if args.is("_uses_shell") { Way::Shell } else { Way::Plain }),
};

/// `shell`'s line of the table.
pub const SHELL: Module =
    Module { spec: spec("shell"), run: |args, ctx| run(args, ctx, Way::Shell) };

/// Whether a shell reads the command.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Plain,
    Shell,
}

/// What is run, as the task wrote it.
enum Line {
    Text(String),
    Words(Vec<String>),
}

impl Line {
    fn shown(&self) -> Value {
        match self {
            Line::Text(text) => Value::from(text.as_str()),
            Line::Words(words) => Value::from(words.clone()),
        }
    }
}

fn run(args: &Arguments, ctx: &Ctx, way: Way) -> Result<Outcome> {
    if way == Way::Plain
        && let Some(executable) = args.text("executable")
    {
        ctx.warn(format!(
            "As of Ansible 2.4, the parameter 'executable' is no longer supported with the \
             'command' module. Not using '{executable}'."
        ));
    }
    let line = line_of(args, ctx, way)?;
    let outcome = command_result::empty(line.shown());
    let folder = folder_of(args, ctx, &outcome)?;
    if let Some(outcome) = command_result::not_needed(args, ctx, folder.as_deref(), &outcome) {
        return Ok(outcome);
    }
    if ctx.is_check() {
        return Ok(command_result::checked(args, outcome));
    }
    let words = words_of(&line, args, ctx, way);
    execute(&words, folder.as_deref(), args, ctx, outcome)
}

fn line_of(args: &Arguments, ctx: &Ctx, way: Way) -> Result<Line> {
    if args.is_given("argv") && args.value("argv").is_some() {
        return Ok(Line::Words(args.texts("argv").into_iter().map(str::to_owned).collect()));
    }
    let text = args.text("_raw_params").or_else(|| args.text("cmd")).unwrap_or_default();
    if text.trim().is_empty() {
        if ctx.is_check() {
            return Ok(Line::Words(Vec::new()));
        }
        return Err(Failure::new("Argument 'args' to run_command must be list or string")
            .with("rc", 257)
            .with("cmd", Value::None));
    }
    if way == Way::Shell {
        return Ok(Line::Text(text.to_owned()));
    }
    match split(text) {
        Some(words) => Ok(Line::Words(words)),
        None => Err(Failure::new(match text.ends_with('\\') {
            true => "No escaped character",
            false => "No closing quotation",
        })),
    }
}

/// Python's `shlex.split`, which knows no comments.
pub fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '\'' => break,
                        c => word.push(c),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '"' => break,
                        '\\' => match chars.next()? {
                            c @ ('"' | '\\') => word.push(c),
                            c => word.extend(['\\', c]),
                        },
                        c => word.push(c),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(chars.next()?),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

fn folder_of(args: &Arguments, ctx: &Ctx, outcome: &Outcome) -> Result<Option<PathBuf>> {
    let Some(chdir) = args.text("chdir") else {
        return Ok(ctx.folder().map(Path::to_owned));
    };
    let folder = ctx.resolve(chdir);
    let problem = match std::fs::metadata(&folder) {
        Ok(metadata) if metadata.is_dir() => {
            match rustix::fs::access(&folder, rustix::fs::Access::EXEC_OK) {
                Ok(()) => return Ok(Some(folder)),
                Err(error) => io::Error::from(error),
            }
        }
        Ok(_) => rustix::io::Errno::NOTDIR.into(),
        Err(error) => error,
    };
    let mut failure = Failure::new("Unable to change directory before execution.");
    for (key, value) in &outcome.values {
        let key = key.as_str().unwrap_or_default();
        if !matches!(key, "msg" | "rc") {
            failure = failure.with(key, value.clone());
        }
    }
    Err(failure.because(&problem, chdir))
}

/// The words that the system is given.
fn words_of(line: &Line, args: &Arguments, ctx: &Ctx, way: Way) -> Vec<String> {
    let shell = args.text("executable").unwrap_or("/bin/sh");
    match (line, way) {
        (Line::Text(text), _) => vec![shell.to_owned(), "-c".to_owned(), text.clone()],
        (Line::Words(words), Way::Shell) => {
            let text = words.iter().map(|word| quoted(word)).collect::<Vec<_>>();
            vec![shell.to_owned(), "-c".to_owned(), text.join(" ")]
        }
        (Line::Words(words), Way::Plain) if args.is("expand_argument_vars") => {
            words.iter().map(|word| ctx.expand_user(&ctx.expand_variables(word))).collect()
        }
        (Line::Words(words), Way::Plain) => words.clone(),
    }
}

fn execute(
    words: &[String],
    folder: Option<&Path>,
    args: &Arguments,
    ctx: &Ctx,
    outcome: Outcome,
) -> Result<Outcome> {
    let stdin = args.text("stdin").map(|text| {
        let end = if args.is("stdin_add_newline") { "\n" } else { "" };
        format!("{text}{end}").into_bytes()
    });
    let begun = (Zoned::now(), std::time::Instant::now());
    let ended = command_for(words, folder, ctx)
        .map_err(RunError::from)
        .and_then(|command| processes::run(command, stdin.as_deref(), limit(ctx), ctx.processes()));
    let times = Times { begun: begun.0, ended: Zoned::now(), took: begun.1.elapsed() };
    match ended {
        Ok(ended) => Ok(command_result::finished(outcome, ended, &times, args)),
        Err(RunError::Cancelled) => Err(Failure::new("the task was cancelled")),
        Err(RunError::Start(error)) => Err(not_started(words, &error)),
    }
}

fn command_for(
    words: &[String],
    folder: Option<&Path>,
    ctx: &Ctx,
) -> io::Result<std::process::Command> {
    let Some((program, rest)) = words.split_first() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "list index out of range"));
    };
    let inherited = Inherited { umask: ctx.own_umask(), open_files: ctx.open_files() };
    let mut command = if inherited.is_changed() {
        let argv: Vec<OsString> = words.iter().map(OsString::from).collect();
        let path = ctx.env("PATH").unwrap_or_else(|| "/usr/bin:/bin".into());
        processes::inheriting(&argv, inherited, &path, folder)?
    } else {
        let mut command = std::process::Command::new(program);
        command.args(rest);
        command
    };
    command.envs(ctx.environment().iter().map(|(key, value)| (key, value)));
    if let Some(folder) = folder {
        command.current_dir(folder);
        // A shell believes this name of the folder; stock gives the one without links.
        command.env("PWD", folder.canonicalize().unwrap_or_else(|_| folder.to_owned()));
    }
    Ok(command)
}

fn not_started(words: &[String], error: &io::Error) -> Failure {
    let shown = words.iter().map(|word| quoted(word)).collect::<Vec<_>>();
    let failure = tools::not_started(shown.join(" "), error);
    match words.first() {
        Some(program) if error.raw_os_error().is_some() => failure.because(error, program),
        _ => failure.with("exception", error.to_string()),
    }
}

/// How much of each stream is kept, 64 MiB unless the environment says otherwise.
fn limit(ctx: &Ctx) -> Limit {
    let own = ctx.env("NAFAL_OUTPUT_LIMIT").and_then(|text| text.to_str()?.trim().parse().ok());
    Limit(own.unwrap_or(64 * 1024 * 1024))
}

#[cfg(test)]
mod tests;
