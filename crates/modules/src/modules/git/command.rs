//! Running git: in which folder, under which mask, with which ssh. What goes wrong is told as stock
//! tells it, without passwords. Must not know what git is run for.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use nafal_base::Value;
use nafal_base::shell::quoted;

use super::settings::Settings;
use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::{Failure, Result, mode, tools};

/// git, ready to be run.
pub struct Git<'a> {
    /// The module's surroundings.
    pub ctx: &'a Ctx,
    program: PathBuf,
    ssh: String,
    umask: Option<u32>,
}

/// What a run of git gave.
pub struct Ran {
    /// Its exit code.
    pub code: i32,
    /// What it wrote.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
    /// Its words.
    words: Vec<String>,
}

impl Ran {
    /// Whether it did what it was asked for.
    pub fn is_good(&self) -> bool {
        self.code == 0
    }

    /// What it wrote, without the end of its last line.
    pub fn text(&self) -> &str {
        self.stdout.trim_end()
    }

    /// A failure with this message and all that git said.
    pub fn failure(&self, message: impl Into<Box<str>>) -> Failure {
        Failure::new(message)
            .with("rc", self.code)
            .with("stdout", self.stdout.as_str())
            .with("stderr", self.stderr.as_str())
    }

    /// The same with the command.
    pub fn failure_of_command(&self, message: impl Into<Box<str>>) -> Failure {
        let words: Vec<String> =
            self.words.iter().map(|word| quoted(&discreet(word)).into_owned()).collect();
        self.failure(message).with("cmd", words.join(" "))
    }

    /// A failure with the command's words, one by one, and nothing else.
    pub fn failure_of_words(&self, message: impl Into<Box<str>>) -> Failure {
        let words: Vec<Value> = self.words.iter().map(|word| discreet(word).into()).collect();
        Failure::new(message).with("cmd", words)
    }

    /// This, or a failure in git's own words.
    pub fn good(self) -> Result<Ran> {
        if self.is_good() {
            return Ok(self);
        }
        Err(self.failure_of_command(discreet(self.stderr.trim_end())))
    }
}

impl<'a> Git<'a> {
    /// The git that the arguments name, or the target's.
    pub fn new(settings: &Settings<'_>, ctx: &'a Ctx) -> Result<Git<'a>> {
        let args = settings.args;
        let named = args.text("executable").filter(|name| !name.is_empty());
        let program = match named {
            Some(name) => PathBuf::from(name),
            None => ctx.tool("git")?,
        };
        let git = Git { ctx, program, ssh: ssh_command(args, ctx), umask: umask(args)? };
        if named.is_some()
            && let Err(error) = git.program.metadata()
        {
            let program = git.program();
            let failure = tools::not_started(format!("{program} --version"), &error);
            return Err(failure.because(&error, &program));
        }
        Ok(git)
    }

    /// The path of git itself.
    pub fn program(&self) -> String {
        self.program.to_string_lossy().into_owned()
    }

    /// Runs git in a folder (the task's, when it is None).
    pub fn run<W: AsRef<str>>(&self, folder: Option<&Path>, words: &[W]) -> Result<Ran> {
        let mut all = vec![self.program()];
        all.extend(words.iter().map(|word| word.as_ref().to_owned()));
        let argv: Vec<OsString> = all.iter().map(OsString::from).collect();
        let mut command = self.ctx.masked_command(&argv, self.umask)?;
        // git's words are told, or looked at: they are to be English, and names as they are.
        command.env("LC_ALL", "C.UTF-8").env("LANG", "C.UTF-8").env("GIT_SSH_COMMAND", &self.ssh);
        if let Some(folder) = folder {
            command.current_dir(folder);
        }
        let gave = self.ctx.run_prepared(command, None)?;
        Ok(Ran { code: gave.code, stdout: gave.stdout, stderr: gave.stderr, words: all })
    }
}

fn umask(args: &Arguments) -> Result<Option<u32>> {
    match args.value("umask") {
        None | Some(Value::None) => Ok(None),
        Some(Value::Str(text)) => mode::umask(text).map(Some),
        Some(_) => Err(Failure::new("umask must be defined as a quoted octal integer")),
    }
}

/// The ssh that git is told to run: it must never ask.
fn ssh_command(args: &Arguments, ctx: &Ctx) -> String {
    let variable = |name: &str| ctx.env(name).map(|value| value.to_string_lossy().into_owned());
    let base = variable("GIT_SSH_COMMAND").or_else(|| variable("GIT_SSH"));
    let mut command = base.unwrap_or_else(|| "ssh".to_owned());
    let given = args.text("ssh_opts").unwrap_or_default();
    let mut add = |option: &str| {
        if !given.contains(option) {
            command.push(' ');
            command.push_str(option);
        }
    };
    if args.is("accept_hostkey") {
        add("-o StrictHostKeyChecking=no");
    } else if args.is("accept_newhostkey") {
        add("-o StrictHostKeyChecking=accept-new");
    }
    add("-o BatchMode=yes");
    if !given.is_empty() {
        command.push(' ');
        command.push_str(given);
    }
    if let Some(key) = args.text("key_file") {
        command.push_str(&format!(" -i {} -o IdentitiesOnly=yes", quoted(key)));
    }
    command
}

/// A text without the password in its URL. Who has a name alone may have a token for it: that is hidden, too.
pub fn discreet(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(scheme) = rest.find("://") {
        let after = &rest[scheme + 3..];
        let end = after.find(|c: char| c == '/' || c.is_whitespace()).unwrap_or(after.len());
        let Some(at) = after[..end].rfind('@') else {
            shown.push_str(&rest[..scheme + 3 + end]);
            rest = &after[end..];
            continue;
        };
        match after[..at].find(':') {
            Some(colon) => shown.push_str(&rest[..scheme + 3 + colon]),
            None => shown.push_str(&rest[..scheme]),
        }
        shown.push_str(":********");
        rest = &after[at..];
        let host = rest.find(|c: char| c == '/' || c.is_whitespace()).unwrap_or(rest.len());
        shown.push_str(&rest[..host]);
        rest = &rest[host..];
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_hidden() {
        let shown = |text: &str| discreet(text);
        assert_eq!(shown("https://user:pass@h:1/x"), "https://user:********@h:1/x");
        assert_eq!(shown("https://u:p@a:ss@h/x y"), "https://u:********@h/x y");
        assert_eq!(shown("ssh://token@h/x"), "ssh:********@h/x");
        assert_eq!(shown("a 'https://h/x@y' b"), "a 'https://h/x@y' b");
        assert_eq!(shown("git@h:x"), "git@h:x");
    }
}
