//! Which name is which command: stock's names for links, short ones behind `nafal`. Must not know
//! what the commands do.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use nafal_output::Stream;

use super::{
    adhoc, agent, config, explain, graph, inventory, link, lint, playbook, python, vault, version,
};
use crate::arguments::WRONG_USAGE;
use crate::failure::Failure;
use crate::screen;

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
    /// One line about it; none for what only nafal itself calls.
    pub about: Option<&'static str>,
    /// Runs it; its exit code.
    pub run: fn(&Call) -> u8,
}

/// All commands.
pub const COMMANDS: &[Command] = &[
    Command {
        name: "playbook",
        stock: Some("ansible-playbook"),
        about: Some("run playbooks"),
        run: playbook::run,
    },
    Command {
        name: "adhoc",
        stock: Some("ansible"),
        about: Some("run one module on the hosts of a pattern"),
        run: adhoc::run,
    },
    Command {
        name: "inventory",
        stock: Some("ansible-inventory"),
        about: Some("show an inventory"),
        run: inventory::run,
    },
    Command {
        name: "graph",
        stock: None,
        about: Some("show the graph of tasks that a playbook is compiled to"),
        run: graph::run,
    },
    Command {
        name: "explain",
        stock: None,
        about: Some("tell where a variable's value comes from"),
        run: explain::run,
    },
    Command {
        name: "lint",
        stock: None,
        about: Some("tell what is wrong with playbooks before they run"),
        run: lint::run,
    },
    Command {
        name: "vault",
        stock: Some("ansible-vault"),
        about: Some("encrypt and decrypt files and values"),
        run: vault::run,
    },
    Command {
        name: "link",
        stock: None,
        about: Some("make links with the names of the commands that nafal stands in for"),
        run: link::run,
    },
    Command {
        name: "config",
        stock: Some("ansible-config"),
        about: Some("show settings"),
        run: config::run,
    },
    Command {
        name: "python",
        stock: None,
        about: Some("install the ansible-core that modules in Python import"),
        run: python::run,
    },
    Command { name: "agent", stock: None, about: None, run: agent::run },
];

/// Which command the words of a process mean.
enum Choice {
    Found(&'static Command, Call),
    /// `nafal` alone, or with what isn't a command.
    Nafal(Vec<OsString>),
    /// A link with a name of stock's that isn't built.
    Unbuilt(String),
}

/// Runs what the words of the process mean; the exit code.
pub fn dispatch(words: Vec<OsString>) -> u8 {
    match choose(words) {
        Choice::Found(command, call) => (command.run)(&call),
        Choice::Nafal(words) => nafal(&words),
        Choice::Unbuilt(name) => {
            let failure = Failure::usage(format!("{name} is not built in nafal yet"));
            screen::show(&mut screen::open(None), &failure)
        }
    }
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
        None => Choice::Nafal(rest),
    }
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
        let Some(about) = command.about else { continue };
        let stock = command.stock.map(|stock| format!(" (as {stock})")).unwrap_or_default();
        text.push_str(&format!("  {:<10} {about}{stock}\n", command.name));
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
    }

    #[test]
    fn exit_codes_of_nafal_alone() {
        assert!(matches!(choose(vec!["ansible-console".into()]), Choice::Unbuilt(_)));
        assert_eq!(nafal(&["nosuch".into()]), 2);
        assert_eq!(nafal(&["--version".into()]), 0);
    }
}
