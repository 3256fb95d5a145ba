//! `nafal python install`: an ansible-core for modules in Python, where nobody installed one.

use nafal_engine::{WheelSource, install_python};
use nafal_output::Stream;

use super::session::{begin, close};
use super::table::Call;
use crate::arguments::{PythonAction, PythonCommand};

/// Runs the command.
pub fn run(call: &Call) -> u8 {
    let mut session = match begin::<PythonCommand>(call) {
        Ok(session) => session,
        Err(code) => return code,
    };
    let PythonAction::Install(arguments) = &session.arguments.action;
    let from = arguments.from.clone().map_or(WheelSource::PyPi, WheelSource::Named);
    let result = install_python(&from).map(|package| {
        session.terminal.line(Stream::Out, None, &package.display().to_string());
        0
    });
    close(&mut session.terminal, result.map_err(Into::into))
}
