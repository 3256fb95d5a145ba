//! The Python that the task's modules would run under, and whether it has pip. Must not know packages.

use crate::ctx::Ctx;
use crate::files::{Failure, Result};
use crate::python;

/// What it says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpreter {
    /// Its path.
    pub path: String,
    /// Whether it has pip.
    pub pip: Pip,
}

/// Whether an interpreter has pip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pip {
    /// It does.
    There,
    /// It doesn't.
    Missing,
}

const QUESTION: &str = "import sys, importlib.util\n\
    print(sys.executable)\nprint(importlib.util.find_spec('pip') is not None)";

impl Interpreter {
    /// Asks the one that the host's modules run under.
    pub fn ask(ctx: &Ctx) -> Result<Interpreter> {
        let named = python::python(ctx)?;
        let mut command = ctx.command(named);
        command.args(["-c", QUESTION]);
        let gave = ctx.run_prepared(command, None)?;
        let mut lines = gave.stdout.lines();
        match (gave.code, lines.next(), lines.next()) {
            (0, Some(path), Some(pip)) => {
                let pip = if pip == "True" { Pip::There } else { Pip::Missing };
                Ok(Interpreter { path: path.to_owned(), pip })
            }
            _ => Err(Failure::new(format!("The Python interpreter '{named}' could not be asked."))
                .with("rc", gave.code)
                .with("stdout", gave.stdout)
                .with("stderr", gave.stderr)),
        }
    }
}
