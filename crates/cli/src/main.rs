//! nafal, and the commands that it stands in for: which command a process is, from the name it was
//! started by. Must not know what a command does.

mod arguments;
mod callbacks;
mod commands;
mod failure;
mod interrupts;
mod locale;
mod passwords;
mod screen;
mod scripts;
mod vault_passwords;

use std::process::ExitCode;

fn main() -> ExitCode {
    // ssh asks for passwords by calling this same program.
    if let Some(code) = nafal_engine::answer_ssh() {
        return ExitCode::from(u8::try_from(code).unwrap_or(1));
    }
    nafal_engine::silence_scanner();
    ExitCode::from(commands::dispatch(std::env::args_os().collect()))
}
