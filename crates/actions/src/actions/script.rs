//! `script`: a program of the controller runs on the target.

use nafal_base::{Dict, Outcome, Status, Value};

use crate::arguments::Arguments;
use crate::context::ActionContext;
use crate::effect::Performed;
use crate::payload;

pub(crate) const SUPPORTED: &[&str] =
    &["_raw_params", "chdir", "cmd", "creates", "executable", "removes"];

/// Runs it.
pub fn run(context: &ActionContext<'_>, args: Dict) -> Performed {
    perform(context, args).unwrap_or_else(|refused| refused)
}

fn perform(context: &ActionContext<'_>, args: Dict) -> Result<Performed, Performed> {
    let args = Arguments::check("script", args, SUPPORTED)?;
    let raw = context.raw.clone().or_else(|| args.text("_raw_params"));
    let raw = raw.filter(|raw| !raw.trim().is_empty());
    let Some(command) = raw.or_else(|| args.text("cmd")) else {
        return Err(Performed::refused("one of the following is required: _raw_params, cmd"));
    };
    if let Some(folder) = args.text("chdir").filter(|folder| !folder.starts_with('/')) {
        return Err(relative(context, &args, &folder));
    }
    let Some((name, line)) = split(command.trim()) else {
        return Err(Performed::raised("list index out of range", None, None));
    };
    let found = context.effects.find(&["files"], &name).filter(|path| !path.is_dir());
    let Some(path) = found else {
        let message = match context.effects.find(&["files"], &name) {
            Some(folder) => super::copy::not_found(context, "files", &folder.to_string_lossy()),
            None => super::copy::not_found(context, "files", &name),
        };
        let mut performed = Performed::raised(message.clone(), None, Some(String::new()));
        performed.outcome = Outcome::failed(message);
        return Err(performed);
    };
    let bytes = context.effects.read(&path).map_err(|error| {
        Performed::from(Outcome::failed(format!("could not read {}: {error}", path.display())))
    })?;
    let mut module = Dict::new();
    let basename = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    module.insert("name", Value::from(basename));
    module.insert("line", Value::from(line));
    for key in ["executable", "chdir", "creates", "removes"] {
        if let Some(value) = args.text(key) {
            module.insert(key, Value::from(value));
        }
    }
    Ok(payload::send(context, "nafal.builtin.script", &bytes, module).into())
}

/// A relative folder is refused, but only once there is something to do.
fn relative(context: &ActionContext<'_>, args: &Arguments, folder: &str) -> Performed {
    let mut module = Dict::new();
    module.insert("name", Value::from(""));
    for key in ["creates", "removes"] {
        if let Some(value) = args.text(key) {
            module.insert(key, Value::from(value));
        }
    }
    if module.len() > 1 {
        let outcome = context.remote.run("nafal.builtin.script", module);
        if outcome.status != Status::Ok {
            return Performed::from(outcome);
        }
    }
    Performed::refused(&format!(
        "chdir {folder} must be an absolute path for a Unix-aware remote node"
    ))
}

/// The program's name, which may be quoted, and what follows it as it stands.
fn split(command: &str) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut quote = None;
    let mut chars = command.char_indices();
    while let Some((index, c)) = chars.next() {
        match (quote, c) {
            (None, c) if c.is_whitespace() => return Some((name, &command[index..])),
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None | Some('"'), '\\') => name.extend(chars.next().map(|(_, c)| c)),
            (_, c) => name.push(c),
        }
    }
    (!name.is_empty()).then_some((name, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_what_follows() {
        assert_eq!(split("a.sh b 'c d'"), Some(("a.sh".to_owned(), " b 'c d'")));
        assert_eq!(split("'a b.sh' c"), Some(("a b.sh".to_owned(), " c")));
        assert_eq!(split(r"a\ b.sh"), Some(("a b.sh".to_owned(), "")));
        assert_eq!(split(""), None);
    }
}
