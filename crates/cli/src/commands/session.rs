//! What every command begins with: its arguments, the settings, a terminal; and how it ends when
//! something is wrong. Must not know what a command does in between.

use std::sync::Arc;

use clap::{CommandFactory, FromArgMatches};
use nafal_base::Diagnostic;
use nafal_engine::{Engine, Settings};
use nafal_output::{Stream, Terminal};

use super::table::Call;
use super::version;
use crate::arguments::{Early, WRONG_USAGE, parse};
use crate::failure::{Failure, INTERRUPTED};
use crate::{interrupts, screen};

/// A command that may begin.
pub struct Session<T> {
    /// What was typed.
    pub arguments: T,
    /// The settings, read once for what is shown and for the engine.
    pub settings: Arc<Settings>,
    /// Where things are shown.
    pub terminal: Terminal,
}

/// Begins a command, or says why not and gives the exit code.
pub fn begin<T: CommandFactory + FromArgMatches>(call: &Call) -> Result<Session<T>, u8> {
    let settings = Settings::load().map_err(Failure::from).and_then(|settings| {
        screen::choose_colors(&settings)?;
        Ok(settings)
    });
    let mut terminal = screen::open(settings.as_ref().ok());
    if let Ok(settings) = &settings {
        warn(&mut terminal, &settings.deprecated);
    }
    match (parse(&call.name, &call.words), settings) {
        (Ok(arguments), Ok(settings)) => {
            Ok(Session { arguments, settings: Arc::new(settings), terminal })
        }
        (Err(Early::Help(text)), _) => Err(end(&mut terminal, Stream::Out, &text, 0)),
        (Err(Early::Wrong(text)), _) => Err(end(&mut terminal, Stream::Err, &text, WRONG_USAGE)),
        (Err(Early::Version), Ok(settings)) => {
            Err(end(&mut terminal, Stream::Out, &version::lines(&call.name, &settings), 0))
        }
        (_, Err(failure)) => Err(screen::show(&mut terminal, &failure)),
    }
}

fn end(terminal: &mut Terminal, stream: Stream, text: &str, code: u8) -> u8 {
    terminal.line(stream, None, text);
    terminal.flush();
    code
}

/// Opens the log, and says what is said at the beginning when much is asked for.
pub fn heading(terminal: &mut Terminal, call: &Call, settings: &Settings, verbosity: u8) {
    screen::open_log(terminal, &settings.log);
    let lines = [(2, version::lines(&call.name, settings)), (1, version::config_line(settings))];
    for (least, text) in lines {
        terminal.more((least, verbosity), &text);
    }
}

/// The exit code of what a command did, after saying why it couldn't.
pub fn close(terminal: &mut Terminal, result: Result<u8, Failure>) -> u8 {
    let code = match result {
        Ok(code) => code,
        Err(failure) if failure.code == INTERRUPTED => {
            terminal.flush();
            interrupts::end_by_signal();
            screen::show(terminal, &failure)
        }
        Err(failure) => screen::show(terminal, &failure),
    };
    terminal.flush();
    code
}

/// What reading the inventory said, for those who ask for much.
pub fn notes(terminal: &mut Terminal, engine: &Engine) {
    if engine.verbosity() >= 3 {
        engine.inventory().notes().iter().for_each(|note| terminal.verbose(note));
    }
}

/// Says each warning.
pub fn warn(terminal: &mut Terminal, warnings: &[Diagnostic]) {
    for warning in warnings {
        terminal.diagnose(Stream::Err, warning);
    }
}
