//! Where lines go: standard output and error, each message of a kind once, banners to the width.

use std::collections::HashSet;
use std::io::Write;

use nafal_base::{Diagnostic, Severity};

use crate::context;
use crate::style::{Color, Palette};

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
}

/// A banner's width where there is no terminal.
const COLUMNS: usize = 79;

impl Terminal {
    /// A terminal over these streams, `columns` wide (None where there is none to ask).
    pub fn new(
        out: Box<dyn Write + Send>,
        err: Box<dyn Write + Send>,
        palette: Palette,
        columns: Option<usize>,
    ) -> Terminal {
        let columns = columns.map_or(COLUMNS, |columns| columns.saturating_sub(1).max(COLUMNS));
        Terminal { out, err, palette, columns, said: HashSet::new(), deprecated: false }
    }

    /// How colours are written.
    pub fn palette(&self) -> Palette {
        self.palette
    }

    /// Writes a line. Nobody listening any more is no reason to fail a run.
    pub fn line(&mut self, stream: Stream, color: Option<Color>, text: &str) {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let painted = color.map(|color| self.palette.paint(color, text));
        let text = painted.as_deref().unwrap_or(text);
        let to = match stream {
            Stream::Out => &mut self.out,
            Stream::Err => &mut self.err,
        };
        let _ = writeln!(to, "{text}");
        if stream == Stream::Err {
            let _ = self.err.flush();
        }
    }

    /// Writes bytes to standard output as they are.
    pub fn bytes(&mut self, bytes: &[u8]) {
        let _ = self.out.write_all(bytes);
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

    /// An error, warning or deprecation with its source, once.
    pub fn diagnose(&mut self, stream: Stream, diagnostic: &Diagnostic) {
        let (label, color) = match diagnostic.severity {
            Severity::Error => ("ERROR", Color::Error),
            Severity::Warning => ("WARNING", Color::Warning),
            Severity::Deprecation => ("DEPRECATION WARNING", Color::Deprecation),
        };
        // What tools say may have line ends of terminals (ssh-keygen's has): stock shows plain ones.
        let text = format!("[{label}]: {}", context::explain(diagnostic)).replace("\r\n", "\n");
        if !self.said.insert(text.clone()) {
            return;
        }
        if diagnostic.severity == Severity::Deprecation && !self.deprecated {
            self.deprecated = true;
            let note = "[WARNING]: Deprecation warnings can be disabled by setting `deprecation_warnings=False` in ansible.cfg.";
            self.line(stream, Some(Color::Warning), note);
        }
        // A source is set off from what follows by an empty line.
        let painted = self.palette.paint(color, &text);
        self.line(stream, None, &(painted + "\n"));
    }
}
