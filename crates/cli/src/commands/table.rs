//! Which name is which command: stock's names for links, short ones behind `nafal`. Must not know
//! what the commands do.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::CommandFactory;
use nafal_base::Diagnostic;
use nafal_output::Stream;

use super::{
    adhoc, agent, completions, config, doc, explain, graph, inventory, link, lint, man, playbook,
    python, vault, version,
};
use crate::arguments::{
    AdHoc, Completions, ConfigCommand, Doc, Explain, Graph, Link, Lint, Man, Playbook,
    PythonCommand, ShowInventory, VaultCommand, WRONG_USAGE,
};
use crate::failure::{Failure, USAGE};
use crate::{locale, screen};

/// What a command gets: the name that it goes by, and the words behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `ansible-playbook`, `nafal playbook`.
    pub name: String,
    /// The words.
    pub words: Vec<OsString>,
}

/// A command.
pub struct Command {
    /// Behind `nafal`.
    pub name: &'static str,
    /// The name of the command that it stands in for.
    pub stock: Option<&'static str>,
    /// One line about it.
    pub about: &'static str,
    /// Its arguments; none for what only nafal itself calls.
    pub arguments: Option<fn() -> clap::Command>,
    /// Runs it; its exit code.
    pub run: fn(&Call) -> u8,
}

/// All commands.
pub const COMMANDS: &[Command] = &[
    Command {
        name: "playbook",
        stock: Some("ansible-playbook"),
        about: "run playbooks",
        arguments: Some(Playbook::command),
        run: playbook::run,
    },
    Command {
        name: "adhoc",
        stock: Some("ansible"),
        about: "run one module on the hosts of a pattern",
        arguments: Some(AdHoc::command),
        run: adhoc::run,
    },
    Command {
        name: "inventory",
        stock: Some("ansible-inventory"),
        about: "show an inventory",
        arguments: Some(ShowInventory::command),
        run: inventory::run,
    },
    Command {
        name: "graph",
        stock: None,
        about: "show the graph of tasks that a playbook is compiled to",
        arguments: Some(Graph::command),
        run: graph::run,
    },
    Command {
        name: "explain",
        stock: None,
        about: "tell where a variable's value comes from",
        arguments: Some(Explain::command),
        run: explain::run,
    },
    Command {
        name: "lint",
        stock: None,
        about: "tell what is wrong with playbooks before they run",
        arguments: Some(Lint::command),
        run: lint::run,
    },
    Command {
        name: "vault",
        stock: Some("ansible-vault"),
        about: "encrypt and decrypt files and values",
        arguments: Some(VaultCommand::command),
        run: vault::run,
    },
    Command {
        name: "config",
        stock: Some("ansible-config"),
        about: "show and write settings",
        arguments: Some(ConfigCommand::command),
        run: config::run,
    },
    Command {
        name: "python",
        stock: None,
        about: "install the ansible-core that modules in Python import",
        arguments: Some(PythonCommand::command),
        run: python::run,
    },
    Command {
        name: "doc",
        stock: None,
        about: "show a module's arguments",
        arguments: Some(Doc::command),
        run: doc::run,
    },
    Command {
        name: "link",
        stock: None,
        about: "make links with the names of the commands that nafal stands in for",
        arguments: Some(Link::command),
        run: link::run,
    },
    Command {
        name: "completions",
        stock: None,
        about: "write completions for a shell",
        arguments: Some(Completions::command),
        run: completions::run,
    },
    Command {
        name: "man",
        stock: None,
        about: "write manual pages",
        arguments: Some(Man::command),
        run: man::run,
    },
    Command {
        name: "agent",
        stock: None,
        about: "serve a controller",
        arguments: None,
        run: agent::run,
    },
];

/// Commands of stock's that nafal doesn't have: behind `ansible-`, and what there is instead.
const UNBUILT: &[(&str, &str)] = &[
    ("console", "`nafal adhoc` runs one module at a time."),
    ("doc", "`nafal doc MODULE` shows the arguments of nafal's own modules."),
    (
        "galaxy",
        "nafal finds what ansible-core's ansible-galaxy installed: it looks in the same folders.",
    ),
    ("pull", "`git pull` and `nafal playbook -c local` do the same."),
    ("test", "nafal has nothing that tests collections."),
];

/// Which command the words of a process mean.
enum Choice {
    Found(&'static Command, Call),
    /// `nafal` alone, or with what isn't a command.
    Nafal(Vec<OsString>),
    /// A name of stock's that isn't built.
    Unbuilt(String),
}

/// Runs what the words of the process mean; the exit code.
pub fn dispatch(words: Vec<OsString>) -> u8 {
    match choose(words) {
        // What only nafal itself calls runs on targets, whatever their locale.
        Choice::Found(command, call) => match command.arguments.and_then(|_| locale::fault()) {
            Some(fault) => refuse(&fault),
            None => (command.run)(&call),
        },
        Choice::Nafal(words) => nafal(&words),
        Choice::Unbuilt(name) => screen::show(&mut screen::open(None), &unbuilt(&name)),
    }
}

/// Ends before anything is read.
fn refuse(fault: &str) -> u8 {
    let mut terminal = screen::open(None);
    terminal.line(Stream::Err, None, fault);
    terminal.flush();
    1
}

fn choose(words: Vec<OsString>) -> Choice {
    let mut words = words.into_iter();
    let own = words.next().unwrap_or_default();
    let own = Path::new(&own).file_name().and_then(OsStr::to_str).unwrap_or("nafal").to_owned();
    let rest: Vec<OsString> = words.collect();
    if let Some(command) = COMMANDS.iter().find(|command| command.stock == Some(own.as_str())) {
        return Choice::Found(command, Call { name: own, words: rest });
    }
    if own.starts_with("ansible-") {
        return Choice::Unbuilt(own);
    }
    let Some((first, behind)) = rest.split_first() else {
        return Choice::Nafal(rest);
    };
    let named = |command: &&Command| {
        first == command.name || command.stock.is_some_and(|stock| first == stock)
    };
    match COMMANDS.iter().find(named) {
        Some(command) => {
            let name = format!("nafal {}", command.name);
            Choice::Found(command, Call { name, words: behind.to_vec() })
        }
        None => match stock_name(first) {
            Some(name) => Choice::Unbuilt(name),
            None => Choice::Nafal(rest),
        },
    }
}

/// The name of a command of stock's that nafal doesn't have, from its own or from what stands behind `nafal`.
fn stock_name(word: &OsStr) -> Option<String> {
    let word = word.to_str()?;
    let short = word.strip_prefix("ansible-").unwrap_or(word);
    UNBUILT.iter().any(|(known, _)| *known == short).then(|| format!("ansible-{short}"))
}

fn unbuilt(name: &str) -> Failure {
    let short = name.strip_prefix("ansible-").unwrap_or(name);
    let mut told = Diagnostic::error(format!("{name} is not built in nafal yet"));
    if let Some((_, instead)) = UNBUILT.iter().find(|(known, _)| *known == short) {
        told.hint = Some((*instead).to_owned());
    }
    Failure { diagnostics: vec![told], code: USAGE }
}

/// `nafal` without a command: help, its version, or what is wrong.
fn nafal(words: &[OsString]) -> u8 {
    let mut terminal = screen::open(None);
    let code = match words.first().and_then(|word| word.to_str()) {
        Some("--version") => {
            terminal.line(Stream::Out, None, &version::own());
            0
        }
        Some("-h" | "--help" | "help") => {
            terminal.line(Stream::Out, None, &help());
            0
        }
        other => {
            let wrong = other.map(|word| format!("nafal: error: '{word}' is not a command"));
            let wrong = wrong.unwrap_or_else(|| "nafal: error: a command is missing".to_owned());
            terminal.line(Stream::Err, None, &format!("{}\n{wrong}", help()));
            WRONG_USAGE
        }
    };
    terminal.flush();
    code
}

fn help() -> String {
    let mut text = "usage: nafal COMMAND ...\n\ncommands:\n".to_owned();
    for command in COMMANDS {
        if command.arguments.is_none() {
            continue;
        }
        let about = command.about;
        let stock = command.stock.map(|stock| format!(" (as {stock})")).unwrap_or_default();
        text.push_str(&format!("  {:<11} {about}{stock}\n", command.name));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &str, expected: Option<(&str, &str, &str)>) {
        let words = words.split(' ').map(OsString::from).collect();
        let found = match choose(words) {
            Choice::Found(command, call) => {
                let words: Vec<_> = call.words.iter().map(|word| word.to_string_lossy()).collect();
                Some((command.name.to_owned(), call.name, words.join(" ")))
            }
            Choice::Nafal(_) | Choice::Unbuilt(_) => None,
        };
        let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
        assert_eq!(found, expected);
    }

    #[test]
    fn names() {
        check(
            "/usr/bin/ansible-playbook -v x.yml",
            Some(("playbook", "ansible-playbook", "-v x.yml")),
        );
        check("ansible all", Some(("adhoc", "ansible", "all")));
        check("nafal playbook x.yml", Some(("playbook", "nafal playbook", "x.yml")));
        check(
            "./nafal-1.2 ansible-inventory --list",
            Some(("inventory", "nafal inventory", "--list")),
        );
        check("nafal", None);
        check("nafal nosuch", None);
        check("ansible-nosuch x", None);
        check("nafal galaxy install x", None);
        check("nafal doc copy", Some(("doc", "nafal doc", "copy")));
    }

    #[test]
    fn exit_codes_of_nafal_alone() {
        for words in [
            &["ansible-console"][..],
            &["ansible-doc", "copy"],
            &["nafal", "galaxy", "--help"],
            &["nafal", "ansible-pull"],
        ] {
            let choice = choose(words.iter().map(OsString::from).collect());
            let Choice::Unbuilt(name) = choice else { panic!("{words:?}") };
            let failure = unbuilt(&name);
            assert_eq!(failure.code, 5);
            assert!(failure.diagnostics[0].hint.is_some(), "{name}");
        }
        assert_eq!(nafal(&["nosuch".into()]), 2);
        assert_eq!(nafal(&["--version".into()]), 0);
    }
}
