//! The target's Python that modules in Python run under, if it has one: nothing here needs it, but playbooks ask.

use std::path::PathBuf;
use std::process::Stdio;

use nafal_base::wire::Python as Interpreter;
use nafal_base::{Dict, Value};

use super::Survey;
use super::environment::single;
use crate::files::tools;
use crate::processes;

/// What is written to learn of a Python.
const QUESTION: &str = "import sys\nfrom importlib.machinery import PathFinder as F\nv=sys.version_info\nprint(sys.executable, v[0], v[1], v[2], v[3], v[4], sys.implementation.name, bool(F.find_spec('ssl') and ('_ssl' in sys.builtin_module_names or F.find_spec('_ssl'))))";

/// What it said, word by word: its path, five parts of its version, its kind, whether it has TLS.
#[derive(Debug)]
pub struct Python([String; 8]);

impl Python {
    /// `3.11.2`.
    pub fn version(&self) -> String {
        self.0[1..4].join(".")
    }

    fn facts(&self) -> Dict {
        let [executable, major, minor, micro, level, serial, kind, has_tls] = &self.0;
        let number = |text: &str| Value::Int(text.parse().unwrap_or_default());
        let version: Dict = [
            ("major", number(major)),
            ("minor", number(minor)),
            ("micro", number(micro)),
            ("releaselevel", level.as_str().into()),
            ("serial", number(serial)),
        ]
        .into_iter()
        .collect();
        let parts: Vec<Value> = version.values().cloned().collect();
        [
            ("version", Value::Dict(version)),
            ("version_info", parts.into()),
            ("executable", executable.as_str().into()),
            ("has_sslcontext", (has_tls == "True").into()),
            ("type", kind.as_str().into()),
        ]
        .into_iter()
        .collect()
    }
}

/// The target's Python, asked once.
pub fn asked(survey: Survey<'_>) -> Option<&Python> {
    survey.shared.python.get_or_init(|| ask(survey)).as_ref()
}

fn ask(survey: Survey<'_>) -> Option<Python> {
    let interpreter = match survey.ctx.python() {
        Interpreter::Named(path) | Interpreter::Known(path) => PathBuf::from(path),
        Interpreter::Unneeded | Interpreter::Discover(_) => tools::python()?,
    };
    let mut command = survey.ctx.command(interpreter);
    command.args(["-I", "-S", "-c", QUESTION]).stdin(Stdio::null()).stdout(Stdio::piped());
    let output = processes::output(command.stderr(Stdio::null())).ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    words.try_into().ok().map(Python)
}

/// `python`.
pub fn python(survey: Survey<'_>) -> Dict {
    asked(survey).map(|python| single("python", python.facts())).unwrap_or_default()
}
