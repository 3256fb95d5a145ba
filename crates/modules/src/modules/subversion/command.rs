//! Running svn: with which options, as whom. A password is on no command line that svn can do without. Must not know what
//! svn is run for.

use std::path::PathBuf;

use nafal_base::Value;
use nafal_base::shell::quoted;

use crate::arguments::Arguments;
use crate::ctx::Ctx;
use crate::files::Result;
use crate::files::tools::{Gave, not_started, refused};

/// The first svn that reads passwords from its stdin.
const READS_PASSWORDS: [u32; 3] = [1, 10, 0];

/// svn, ready to be run.
pub struct Svn<'a> {
    ctx: &'a Ctx,
    program: PathBuf,
    options: Vec<String>,
    input: Option<String>,
}

impl<'a> Svn<'a> {
    /// The svn that the arguments name, or the target's.
    pub fn new(args: &'a Arguments, ctx: &'a Ctx) -> Result<Svn<'a>> {
        let named = args.text("executable").filter(|name| !name.is_empty());
        let program = match named {
            Some(name) => PathBuf::from(name),
            None => ctx.tool("svn")?,
        };
        let mut options = ["--non-interactive", "--no-auth-cache"].map(str::to_owned).to_vec();
        if !args.is("validate_certs") {
            options.push("--trust-server-cert".to_owned());
        }
        let given = |name: &str| args.text(name).filter(|text| !text.is_empty());
        if let Some(user) = given("username") {
            options.extend(["--username".to_owned(), user.to_owned()]);
        }
        let mut svn = Svn { ctx, program, options, input: None };
        if let Some(password) = given("password") {
            if svn.version()? >= READS_PASSWORDS {
                svn.options.push("--password-from-stdin".to_owned());
                svn.input = Some(format!("{password}\n"));
            } else {
                ctx.warn("The authentication provided will be used on the svn command line and is not secure. To securely pass credentials, upgrade svn to version 1.10.0 or greater.");
                svn.options.extend(["--password".to_owned(), password.to_owned()]);
            }
        }
        Ok(svn)
    }

    fn version(&self) -> Result<[u32; 3]> {
        let words = ["--version", "--quiet"].map(str::to_owned);
        let gave = self.start(&words, None)?;
        let mut parts = gave.stdout.trim().split('.').map(|part| part.parse().unwrap_or(0));
        Ok(std::array::from_fn(|_| parts.next().unwrap_or(0)))
    }

    /// What svn prints; a failure in its own words where it fails.
    pub fn run(&self, words: &[&str]) -> Result<String> {
        let words = self.all(words);
        let gave = self.start(&words, self.input.as_deref())?;
        if gave.code != 0 {
            let all = [vec![self.program.to_string_lossy().into_owned()], words].concat();
            let all: Vec<_> = all.iter().map(|word| quoted(word)).collect();
            return Err(refused(&all.join(" "), gave));
        }
        Ok(gave.stdout)
    }

    /// Whether a folder is a working copy.
    pub fn knows(&self, folder: &str) -> Result<bool> {
        Ok(self.start(&self.all(&["info", folder]), self.input.as_deref())?.code == 0)
    }

    /// The revision and the address of a working copy.
    pub fn versions(&self, folder: &str) -> Result<Value> {
        let told = self.run(&["info", folder])?;
        let address = told.lines().find(|line| line.starts_with("URL:"));
        let address = address.unwrap_or("Unable to get URL").to_owned();
        Ok(Value::from(vec![Value::from(revision_in(&told)), Value::from(address)]))
    }

    fn all(&self, words: &[&str]) -> Vec<String> {
        self.options.iter().cloned().chain(words.iter().map(|word| (*word).to_owned())).collect()
    }

    fn start(&self, words: &[String], input: Option<&str>) -> Result<Gave> {
        if let Err(error) = self.program.metadata() {
            let program = self.program.to_string_lossy().into_owned();
            let all = std::iter::once(&program).chain(words);
            let shown: Vec<_> = all.map(|word| quoted(word)).collect();
            return Err(not_started(shown.join(" "), &error).because(&error, &program));
        }
        let mut command = self.ctx.command(&self.program);
        // What svn says is looked at; names stay as they are.
        command.args(words).env("LC_ALL", "C.UTF-8").env("LANG", "C.UTF-8");
        self.ctx.run_prepared(command, input.map(str::as_bytes))
    }
}

/// `Revision: 5` of what `svn info` prints.
pub fn revision_in(told: &str) -> String {
    let line = told.lines().find(|line| {
        line.strip_prefix("Revision:").is_some_and(|number| {
            let number = number.trim();
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    });
    line.unwrap_or("Unable to get revision").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions() {
        assert_eq!(revision_in("Path: x\nRevision: 5\nLast Changed Rev: 3\n"), "Revision: 5");
        assert_eq!(revision_in("Path: x\n"), "Unable to get revision");
    }
}
