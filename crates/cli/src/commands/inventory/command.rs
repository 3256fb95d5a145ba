//! The command: which one thing it shows, and where that goes. Must not know the formats.

use std::path::Path;
use std::sync::Arc;

use nafal_base::python_words;
use nafal_engine::{Engine, Settings};
use nafal_output::{Level, Stream, Terminal};

use super::show::{Action, Form, Format, text_of};
use crate::arguments::ShowInventory;
use crate::commands::session::{Session, begin, close, heading, notes, warn};
use crate::commands::table::Call;
use crate::failure::Failure;
use crate::vault_passwords;

/// Runs the command.
pub fn run(call: &Call) -> u8 {
    let Session { arguments, settings, mut terminal } = match begin::<ShowInventory>(call) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let result = go(call, &arguments, &settings, &mut terminal);
    close(&mut terminal, result.map(|()| 0))
}

fn go(
    call: &Call,
    arguments: &ShowInventory,
    settings: &Arc<Settings>,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let action = action(arguments)?;
    let export = arguments.format.export || settings.inventory_export;
    let format = Format { form: form(arguments), export };
    let verbosity = settings.verbosity.saturating_add(arguments.verbosity.verbose);
    heading(terminal, call, settings, verbosity);
    let mut request = arguments.request();
    request.vault = vault_passwords::collect(&arguments.vault, &settings.vault, terminal)?;
    let (engine, warnings) = Engine::load(&request, Arc::clone(settings))?;
    notes(terminal, &engine);
    warn(terminal, &warnings);
    let text = text_of(&engine, &action, &format, terminal)?;
    if text.is_empty() {
        // Only TOML has nothing to write for nothing; stock takes that for a failure.
        return Err(Failure { diagnostics: Vec::new(), code: 1 });
    }
    let logged = match action {
        Action::Graph { .. } => text.trim_end_matches('\n'),
        _ => &text,
    };
    let output = arguments.format.output.as_deref();
    match output {
        Some(path) => write(path, logged),
        None => {
            terminal.logged_as(Stream::Out, &text, (Level::Info, logged));
            Ok(())
        }
    }
}

/// The one action.
fn action(arguments: &ShowInventory) -> Result<Action, Failure> {
    let asked = &arguments.action;
    let count =
        [asked.list, asked.graph, asked.host.is_some()].into_iter().filter(|is| *is).count();
    match (count, &asked.host) {
        (0, _) => Err(Failure::usage(
            "No action selected, at least one of --host, --graph or --list needs to be specified.",
        )),
        (1, Some(host)) => Ok(Action::Host(host.clone())),
        (1, None) if asked.graph => {
            let group = arguments.group.clone().unwrap_or_else(|| "all".to_owned());
            Ok(Action::Graph { group, vars: arguments.format.vars })
        }
        (1, None) => Ok(Action::List { limit: arguments.inventory.limit.clone() }),
        _ => Err(Failure::usage(
            "Conflicting options used, only one of --host, --graph or --list can be used at the same time.",
        )),
    }
}

fn form(arguments: &ShowInventory) -> Form {
    match (arguments.format.yaml, arguments.format.toml) {
        (true, _) => Form::Yaml,
        (false, true) => Form::Toml,
        (false, false) => Form::Json,
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    nafal_output::write_report(path, text.as_bytes()).map_err(|error| {
        let (path, said) = (path.display(), python_words(&error));
        let message = format!("Unable to write to destination file '{path}': {said}: b'{path}'");
        Failure::new(message, 1)
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::arguments::parse;

    fn check(words: &str, expected: Result<Action, u8>) {
        let words: Vec<_> = words.split_whitespace().map(Into::into).collect();
        let arguments: ShowInventory = parse("ansible-inventory", &words).unwrap();
        assert_eq!(action(&arguments).map_err(|failure| failure.code), expected);
    }

    #[test]
    fn exactly_one_action() {
        check("", Err(5));
        check("--list --graph", Err(5));
        check("--list --host h", Err(5));
        check("--list -l web", Ok(Action::List { limit: Some("web".to_owned()) }));
        check("--host h", Ok(Action::Host("h".to_owned())));
        check("--graph", Ok(Action::Graph { group: "all".to_owned(), vars: false }));
        check("--graph web --vars", Ok(Action::Graph { group: "web".to_owned(), vars: true }));
    }

    #[test]
    fn files_are_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.json");
        write(&path, "one").unwrap();
        write(&path, "two").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(write(&folder.path().join("no/x"), "").unwrap_err().code, 1);
    }
}
