//! Words to arguments, and what ends a command before it begins: help, version, wrong usage. Must
//! not know what the commands do.

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};

/// The exit code of wrong usage, as argparse has it.
pub const WRONG_USAGE: u8 = 2;

/// What is said instead of running a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Early {
    /// Help was asked for; this is it.
    Help(String),
    /// The version was asked for.
    Version,
    /// The words make no sense, because of this.
    Wrong(String),
}

/// The arguments of a command that goes by `name`.
pub fn parse<T: CommandFactory + FromArgMatches>(
    name: &str,
    words: &[OsString],
) -> Result<T, Early> {
    let mut command = T::command().bin_name(name).no_binary_name(true);
    let matches = command.try_get_matches_from_mut(words).map_err(early)?;
    T::from_arg_matches(&matches).map_err(|error| early(error.format(&mut command)))
}

fn early(error: clap::Error) -> Early {
    match error.kind() {
        ErrorKind::DisplayHelp => Early::Help(error.render().to_string()),
        ErrorKind::DisplayVersion => Early::Version,
        _ => Early::Wrong(error.render().to_string()),
    }
}
