//! The Python of the target: whether the one that is named is there, and which of several is. Starts none.

use std::fs;
use std::path::{Path, PathBuf};

use nafal_base::wire::Python;
use nafal_base::{Outcome, Value};

use super::result::NO_JSON;
use crate::ctx::Ctx;
use crate::files::tools::is_executable;

/// The Python that stock takes where it found none.
const USUAL: &str = "/usr/bin/python3";

/// Looks before a module runs: what was found where one was looked for, or the failure that a name that is
/// wrong comes to. Nothing is remembered: a playbook may install its Python, and a look costs a microsecond.
pub fn look(ctx: &mut Ctx) -> Result<Option<Value>, Box<Outcome>> {
    match ctx.python() {
        Python::Unneeded | Python::Known(_) => Ok(None),
        Python::Named(name) => match refusal(name, ctx) {
            Some(outcome) => Err(Box::new(outcome)),
            None => Ok(None),
        },
        Python::Discover(names) => {
            let found = names.iter().find_map(|name| found(name, ctx));
            ctx.set_python(found.as_deref().unwrap_or(USUAL));
            Ok(Some(found.map(Value::from).unwrap_or_default()))
        }
    }
}

/// What stock's shell says of an interpreter that it can't start (case `module-python-missing`).
pub fn refusal(name: &str, ctx: &Ctx) -> Option<Outcome> {
    let (message, said, code) = match state(name, ctx) {
        State::Usable => return None,
        State::Missing => {
            (format!("The module interpreter '{name}' was not found."), "not found", 127)
        }
        State::Refused => (NO_JSON.to_owned(), "Permission denied", 126),
    };
    let outcome = Outcome::failed(message)
        .with("module_stdout", "")
        .with("module_stderr", format!("/bin/sh: 1: {name}: {said}\n"));
    Some(outcome.with("rc", code))
}

/// Whether something can be started.
enum State {
    Usable,
    Missing,
    Refused,
}

fn state(name: &str, ctx: &Ctx) -> State {
    let of = |path: &Path| match fs::metadata(path) {
        Err(_) => State::Missing,
        Ok(metadata) if metadata.is_file() && is_executable(path) => State::Usable,
        Ok(_) => State::Refused,
    };
    // As a shell does, nothing before a slash is expanded.
    if name.contains('/') {
        return of(&ctx.resolve(name));
    }
    let usable = folders(ctx).any(|folder| matches!(of(&folder.join(name)), State::Usable));
    if usable { State::Usable } else { State::Missing }
}

fn folders(ctx: &Ctx) -> impl Iterator<Item = PathBuf> {
    let path = ctx.env("PATH").unwrap_or_default();
    std::env::split_paths(&path).collect::<Vec<_>>().into_iter()
}

/// A name as `command -v` finds it.
fn found(name: &str, ctx: &Ctx) -> Option<String> {
    if name.contains('/') {
        return ctx.resolve(name).exists().then(|| name.to_owned());
    }
    let mut paths = folders(ctx).map(|folder| folder.join(name));
    let path = paths.find(|path| path.is_file() && is_executable(path))?;
    Some(path.display().to_string())
}

#[cfg(test)]
mod tests {
    use nafal_base::wire::Surroundings;

    use super::*;

    fn ctx(python: Python) -> Ctx {
        Ctx::plain("ping", Surroundings { python, ..Surroundings::default() })
    }

    #[test]
    fn what_a_shell_would_say() {
        let said = |name: &str| {
            let outcome = *look(&mut ctx(Python::Named(name.to_owned()))).err()?;
            outcome.values.get("rc").and_then(Value::as_int)
        };
        assert_eq!(said("/bin/sh"), None);
        assert_eq!(said("sh"), None);
        assert_eq!(said("/nosuch/python"), Some(127));
        assert_eq!(said("nosuchpython"), Some(127));
        assert_eq!(said("~/sh"), Some(127));
        assert_eq!(said("/bin/sh -e"), Some(127));
        assert_eq!(said("/etc"), Some(126));
        assert_eq!(said("/etc/passwd"), Some(126));
    }

    #[test]
    fn the_first_that_is_there() {
        let names = ["/nosuch", "nosuchpython", "sh"].map(str::to_owned).to_vec();
        let mut some = ctx(Python::Discover(names));
        let path = look(&mut some).unwrap().unwrap();
        assert!(path.as_str().unwrap().ends_with("/sh"), "{path:?}");
        assert_eq!(*some.python(), Python::Known(path.as_str().unwrap().to_owned()));
        let mut none = ctx(Python::Discover(vec!["nosuchpython".to_owned()]));
        assert_eq!(look(&mut none).unwrap(), Some(Value::None));
        assert_eq!(*none.python(), Python::Known(USUAL.to_owned()));
        assert_eq!(look(&mut ctx(Python::Unneeded)).unwrap(), None);
    }
}
