//! All commands as clap knows them, under every name that they go by. Must not know what is made of that.

use super::table::{COMMANDS, Command};

/// `nafal` with all its commands behind it.
pub fn nafal() -> clap::Command {
    let commands = COMMANDS.iter().filter_map(|command| named(command, command.name));
    clap::Command::new("nafal")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Runs what Ansible's commands run")
        .subcommand_required(true)
        .subcommands(commands)
}

/// Those that have a name of stock's, under that.
pub fn stock() -> impl Iterator<Item = clap::Command> {
    COMMANDS.iter().filter_map(|command| named(command, command.stock?))
}

/// Those behind `nafal`, named as one word: `nafal-graph`.
pub fn own() -> impl Iterator<Item = clap::Command> {
    COMMANDS.iter().filter_map(|command| {
        let name = format!("nafal-{}", command.name);
        named(command, command.name).map(|own| own.name(name))
    })
}

fn named(command: &Command, name: &'static str) -> Option<clap::Command> {
    let arguments = (command.arguments?)();
    // Each has its version by itself; clap would add a flag for it.
    Some(arguments.name(name).disable_version_flag(true))
}
