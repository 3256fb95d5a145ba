//! The terminal that this process has: its colours and its width. Must not know what is written.

use std::io::{BufWriter, IsTerminal, stderr, stdout};

use nafal_engine::Settings;
use nafal_output::{Palette, Stream, Terminal};

use crate::failure::Failure;

/// The terminal, coloured as the settings want it (None while there are none).
pub fn open(settings: Option<&Settings>) -> Terminal {
    let out = Box::new(BufWriter::new(stdout()));
    Terminal::new(out, Box::new(stderr()), palette(settings), columns())
}

/// Stock's order: forced colours win, then refused ones, then what standard output is.
fn palette(settings: Option<&Settings>) -> Palette {
    if settings.is_some_and(|settings| settings.force_color) {
        return Palette::Colored;
    }
    let refused = settings.is_none_or(|settings| settings.no_color);
    let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
    if refused || dumb || !stdout().is_terminal() { Palette::Plain } else { Palette::Colored }
}

/// The width of standard output. `$COLUMNS` doesn't count, as it doesn't for stock.
fn columns() -> Option<usize> {
    if !stdout().is_terminal() {
        return None;
    }
    rustix::termios::tcgetwinsize(stdout()).ok().map(|size| usize::from(size.ws_col))
}

/// Says why a command ends early; its exit code.
pub fn show(terminal: &mut Terminal, failure: &Failure) -> u8 {
    terminal.flush();
    for diagnostic in &failure.diagnostics {
        terminal.diagnose(Stream::Err, diagnostic);
    }
    terminal.flush();
    failure.code
}
