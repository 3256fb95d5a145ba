//! Where lines go: standard output and error, each message of a kind once, banners to the width.

use std::borrow::Cow;
use std::collections::HashSet;
use std::io::Write;

use nafal_base::event::{Disclosure, HostResult};
use nafal_base::foreign::{Audience, Ending, Repeats, Said};
use nafal_base::outcome::NO_TRACEBACK;
use nafal_base::{Diagnostic, Severity};

use crate::context;
use crate::log::{Level, Log};
use crate::style::{Color, Palette, color_code};

/// Where a line goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// The two streams, buffered, with what was said already.
pub struct Terminal {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    palette: Palette,
    columns: usize,
    said: HashSet<String>,
    deprecated: bool,
    deprecations: Deprecations,
    log: Option<Log>,
    /// How much is logged, where that is more than what is shown.
    logged: u8,
    verbose: Stream,
}

/// Whether deprecations are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deprecations {
    /// They are.
    #[default]
    Shown,
    /// They aren't (`deprecation_warnings`).
    Hidden,
}

/// What is said before the first deprecation.
const CAN_BE_HIDDEN: &str = "[WARNING]: Deprecation warnings can be disabled by setting `deprecation_warnings=False` in ansible.cfg.";

/// A banner's width where there is no terminal.
const COLUMNS: usize = 79;

fn plain_ends(text: &str) -> Cow<'_, str> {
    if text.contains("\r\n") { text.replace("\r\n", "\n").into() } else { text.into() }
}

impl Terminal {
    /// A terminal over these streams, `columns` wide (None where there is none to ask).
    pub fn new(
        out: Box<dyn Write + Send>,
        err: Box<dyn Write + Send>,
        palette: Palette,
        columns: Option<usize>,
    ) -> Terminal {
        let columns = columns.map_or(COLUMNS, |columns| columns.saturating_sub(1).max(COLUMNS));
        Terminal {
            out,
            err,
            palette,
            columns,
            said: HashSet::new(),
            deprecated: false,
            deprecations: Deprecations::Shown,
            log: None,
            logged: 0,
            verbose: Stream::Out,
        }
    }

    /// From now on deprecations are told, or not.
    pub fn set_deprecations(&mut self, deprecations: Deprecations) {
        self.deprecations = deprecations;
    }

    /// From now on what is told to those who asked for more goes there.
    pub fn set_verbose(&mut self, stream: Stream) {
        self.verbose = stream;
    }

    /// From now on what is shown is logged, and what would be with this verbosity.
    pub fn set_log(&mut self, log: Log, verbosity: u8) {
        self.log = Some(log);
        self.logged = verbosity;
    }

    /// How colours are written.
    pub fn palette(&self) -> Palette {
        self.palette
    }

    /// How wide banners are.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Writes a line and logs it.
    pub fn line(&mut self, stream: Stream, color: Option<Color>, text: &str) {
        self.log(Level::Info, &plain_ends(text));
        self.unlogged(stream, color, text);
    }

    /// Writes a line that is logged as another text.
    pub fn logged_as(&mut self, stream: Stream, text: &str, (level, logged): (Level, &str)) {
        self.log(level, logged);
        self.unlogged(stream, None, text);
    }

    /// Writes a line for those who asked for more.
    pub fn verbose(&mut self, text: &str) {
        self.line(self.verbose, Some(Color::Verbose), text);
    }

    /// Writes a line for those who asked for `least` when `verbosity` is that much; else logs it where so
    /// much is logged.
    pub fn more(&mut self, (least, verbosity): (u8, u8), text: &str) {
        if verbosity >= least {
            self.verbose(text);
        } else if self.logged >= least {
            self.log(Level::Info, text);
        }
    }

    /// Logs what isn't shown.
    pub fn log(&mut self, level: Level, text: &str) {
        if let Some(log) = &mut self.log {
            log.write(level, text);
        }
    }

    /// Writes a line that no log gets. Nobody listening any more is no reason to fail a run.
    pub fn unlogged(&mut self, stream: Stream, color: Option<Color>, text: &str) {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let painted = color.map(|color| self.palette.paint(color, text));
        let text = painted.as_deref().unwrap_or(text);
        let to = self.writer(stream);
        // A line end of terminals is shown as a plain one (case diff-edges).
        let _ = writeln!(to, "{}", plain_ends(text));
        if stream == Stream::Err {
            let _ = self.err.flush();
        }
    }

    /// Writes what a callback outside of this process shows.
    pub fn say(&mut self, said: &Said) {
        if said.repeats == Repeats::Once && !self.is_new(&said.text) {
            return;
        }
        if said.audience != Audience::Screen {
            self.log(Level::Info, &said.text);
        }
        if said.audience == Audience::Log {
            return;
        }
        let ends = said.ending == Ending::Line || said.text.ends_with('\n');
        let text = said.text.strip_suffix('\n').unwrap_or(&said.text);
        let code = said.color.as_deref().and_then(color_code);
        let painted = code.map(|code| self.palette.paint_as(&code, text));
        let text = painted.as_deref().unwrap_or(text);
        let to = self.writer(Stream::from(said.channel));
        let _ = write!(to, "{text}{}", if ends { "\n" } else { "" });
    }

    /// Whether such a warning wasn't said yet. That deprecations can be hidden is said once, whoever says one.
    fn is_new(&mut self, text: &str) -> bool {
        let text = text.trim_end();
        if text == CAN_BE_HIDDEN {
            return !std::mem::replace(&mut self.deprecated, true);
        }
        self.said.insert(text.to_owned())
    }

    /// Writes bytes to standard output as they are.
    pub fn bytes(&mut self, bytes: &[u8]) {
        let _ = self.out.write_all(bytes);
    }

    /// Where a stream is written to. Whoever sees both in one place sees them in order (case
    /// `diff-before-warnings`).
    fn writer(&mut self, stream: Stream) -> &mut Box<dyn Write + Send> {
        match stream {
            Stream::Out => &mut self.out,
            Stream::Err => {
                let _ = self.out.flush();
                &mut self.err
            }
        }
    }

    /// Writes what is buffered.
    pub fn flush(&mut self) {
        let _ = self.out.flush();
        let _ = self.err.flush();
    }

    /// A line of stars behind a title.
    pub fn banner(&mut self, title: &str) {
        let title = title.trim();
        // A line break in a name takes no room, as stock counts.
        let width = title.chars().filter(|character| !character.is_control()).count();
        let stars = self.columns.saturating_sub(width).max(3);
        self.line(Stream::Out, None, &format!("\n{title} {}", "*".repeat(stars)));
    }

    /// Why a result failed, with the traceback that somebody asked for.
    pub fn diagnose_result(
        &mut self,
        stream: Stream,
        result: &HostResult,
        diagnostic: &Diagnostic,
    ) {
        let traceback = result
            .outcome
            .text("exception")
            .filter(|text| *text != NO_TRACEBACK && result.disclosure == Disclosure::Shown);
        self.diagnose_with(stream, diagnostic, traceback);
    }

    /// An error, warning or deprecation with its source, once.
    pub fn diagnose(&mut self, stream: Stream, diagnostic: &Diagnostic) {
        self.diagnose_with(stream, diagnostic, None);
    }

    fn diagnose_with(&mut self, stream: Stream, diagnostic: &Diagnostic, traceback: Option<&str>) {
        let hidden = self.deprecations == Deprecations::Hidden;
        if hidden && diagnostic.severity == Severity::Deprecation {
            return;
        }
        let (label, color) = match diagnostic.severity {
            Severity::Error => ("ERROR", Color::Error),
            Severity::Warning => ("WARNING", Color::Warning),
            Severity::Deprecation => ("DEPRECATION WARNING", Color::Deprecation),
        };
        // What tools say may have line ends of terminals (ssh-keygen's has): stock shows plain ones.
        let text = format!("[{label}]: {}", context::explain(diagnostic));
        let mut text = plain_ends(&text).into_owned();
        if let Some(traceback) = traceback {
            let end = if text.ends_with('\n') { "" } else { "\n" };
            text.push_str(&format!("{end}\n{}\n", traceback.trim_end()));
        }
        if !self.is_new(&text) {
            return;
        }
        if diagnostic.severity == Severity::Deprecation && !self.deprecated {
            self.deprecated = true;
            let painted = self.palette.paint(Color::Warning, CAN_BE_HIDDEN);
            self.logged_as(stream, &painted, (Level::Warning, &format!("{CAN_BE_HIDDEN}\n")));
        }
        // A source is set off from what follows by an empty line.
        let painted = self.palette.paint(color, &text);
        let level = Level::from(diagnostic.severity);
        self.logged_as(stream, &(painted + "\n"), (level, &(text + "\n")));
    }
}
