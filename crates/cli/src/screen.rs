//! The terminal that this process has: its colours and its width. Must not know what is written.

use std::io::{BufWriter, IsTerminal, stderr, stdout};

use nafal_base::Diagnostic;
use nafal_engine::{LogSettings, Settings};
use nafal_output::{Color, Deprecations, LOGGER, Log, Palette, Stream, Terminal, color_code};

use crate::failure::Failure;

/// The terminal, coloured as the settings want it (None while there are none).
pub fn open(settings: Option<&Settings>) -> Terminal {
    let out = Box::new(BufWriter::new(stdout()));
    let mut terminal = Terminal::new(out, Box::new(stderr()), palette(settings), columns());
    if settings.is_some_and(|settings| !settings.deprecation_warnings) {
        terminal.set_deprecations(Deprecations::Hidden);
    }
    if settings.is_some_and(|settings| settings.verbose_to_stderr) {
        terminal.set_verbose(Stream::Err);
    }
    terminal
}

/// Takes the colours that the settings choose.
pub fn choose_colors(settings: &Settings) -> Result<(), Failure> {
    let color = |(name, color): &(&str, String)| {
        let code = color_code(color).ok_or_else(|| {
            Failure::new(format!("The setting {name} of colors has no colour's name: '{color}'"), 1)
        })?;
        Ok(named(name).map(|name| (name, code)))
    };
    let chosen = settings.colors.0.iter().map(color).collect::<Result<Vec<_>, Failure>>()?;
    nafal_output::choose_colors(chosen.into_iter().flatten().collect());
    Ok(())
}

fn named(name: &str) -> Option<Color> {
    Some(match name {
        "changed" => Color::Changed,
        "debug" => Color::Debug,
        "deprecate" => Color::Deprecation,
        "diff_add" => Color::DiffAdd,
        "diff_lines" => Color::DiffLines,
        "diff_remove" => Color::DiffRemove,
        "error" => Color::Error,
        "included" => Color::Included,
        "ok" => Color::Ok,
        "skip" => Color::Skip,
        "unreachable" => Color::Unreachable,
        "verbose" => Color::Verbose,
        "warn" => Color::Warning,
        _ => return None,
    })
}

/// Opens the log that the settings name, or says why there is none: a run goes on without it.
pub fn open_log(terminal: &mut Terminal, settings: &LogSettings) {
    let filtered = settings.filter.iter().any(|name| name == LOGGER);
    let Some(path) = settings.path.as_deref().filter(|_| !filtered) else { return };
    let wrong = if path.is_dir() {
        format!("DEFAULT_LOG_PATH can not be a directory '{}', aborting", path.display())
    } else {
        match Log::open(path) {
            Ok(log) => return terminal.set_log(log, settings.verbosity),
            Err(_) => format!(
                "log file at '{}' is not writeable and we cannot create it, aborting\n",
                path.display()
            ),
        }
    };
    terminal.diagnose(Stream::Err, &Diagnostic::warning(wrong));
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
