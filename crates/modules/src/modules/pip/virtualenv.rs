//! Making a virtual environment with the command that the task names. Must not know pip.

use super::interpreter::Interpreter;
use super::tool::{Tool, failed};
use crate::files::tools::Gave;
use crate::files::{Failure, Result};

/// What made it, and what that said.
pub struct Made {
    /// Its words.
    pub words: Vec<String>,
    /// Its output.
    pub gave: Gave,
}

/// Makes the environment.
pub fn make(tool: &Tool<'_>, path: &str) -> Result<Made> {
    let words = words(tool, path)?;
    let gave = tool.run(&words)?;
    match gave.code {
        0 => Ok(Made { words, gave }),
        _ => Err(failed(&words, &gave.stdout, &gave.stderr)),
    }
}

fn words(tool: &Tool<'_>, path: &str) -> Result<Vec<String>> {
    let (args, ctx) = (tool.args, tool.ctx);
    let mut words = split(args.required_text("virtualenv_command"))?;
    let is_venv = is_venv(&words);
    if let Some(first) = words.first_mut().filter(|first| !first.starts_with('/')) {
        *first = ctx.tool(first)?.to_string_lossy().into_owned();
    }
    if args.is("virtualenv_site_packages") {
        words.push("--system-site-packages".to_owned());
    } else if says_site_packages(tool, words.first().map(String::as_str).unwrap_or_default())? {
        words.push("--no-site-packages".to_owned());
    }
    match (args.text("virtualenv_python").filter(|named| !named.is_empty()), is_venv) {
        (Some(_), true) => {
            return Err(Failure::new(
                "virtualenv_python should not be used when using the venv module or pyvenv as virtualenv_command",
            ));
        }
        (Some(named), false) => words.push(format!("-p{named}")),
        (None, true) => {}
        (None, false) => words.push(format!("-p{}", Interpreter::ask(ctx)?.path)),
    }
    words.push(path.to_owned());
    Ok(words)
}

/// Words as a shell has them.
pub fn split(text: &str) -> Result<Vec<String>> {
    shlex::split(text).ok_or_else(|| Failure::raised(["No closing quotation"]))
}

/// Whether it is Python's own venv, which makes environments for the Python that it runs under.
fn is_venv(words: &[String]) -> bool {
    words.first().is_some_and(|first| first.starts_with("pyvenv"))
        || words.windows(2).any(|two| two[0] == "-m" && two[1] == "venv")
}

/// Whether the command has an option for what newer ones do by themselves.
fn says_site_packages(tool: &Tool<'_>, program: &str) -> Result<bool> {
    let gave = tool.here().run(&[program.to_owned(), "--help".to_owned()])?;
    match gave.code {
        0 => Ok(gave.stdout.contains("--no-site-packages")),
        _ => {
            let said = gave.stdout + &gave.stderr;
            Err(Failure::new(format!("Could not get output from {program} --help: {said}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pythons_own() {
        let is = |text: &str| split(text).is_ok_and(|words| is_venv(&words));
        assert!(is("python3 -m venv --clear") && is("pyvenv-3.4"));
        assert!(!is("virtualenv -m") && !is("/usr/bin/pyvenv") && !is("python3 -m virtualenv"));
        assert!(split("a 'b").is_err());
    }
}
