//! Colours: which thing has which, and how one is written.

/// A colour by what it stands for, as stock's settings name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// A host that is fine.
    Ok,
    /// A host that was changed.
    Changed,
    /// Skipped, included, ignored.
    Skip,
    /// Failed.
    Error,
    /// Unreachable.
    Unreachable,
    /// A warning.
    Warning,
    /// A deprecation.
    Deprecation,
    /// Something for those who debug.
    Debug,
    /// Something for those who asked for more.
    Verbose,
    /// A line that a diff adds.
    DiffAdd,
    /// A line that a diff removes.
    DiffRemove,
    /// Lines that a diff counts.
    DiffLines,
}

/// Whether colours are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Palette {
    /// No escape sequences.
    #[default]
    Plain,
    /// Stock's default colours.
    Colored,
}

impl Color {
    fn code(self) -> &'static str {
        match self {
            Color::Ok | Color::DiffAdd => "0;32",
            Color::Changed => "0;33",
            Color::Skip | Color::DiffLines => "0;36",
            Color::Error | Color::DiffRemove => "0;31",
            Color::Unreachable => "1;31",
            Color::Warning => "1;35",
            Color::Deprecation => "0;35",
            Color::Debug => "1;30",
            Color::Verbose => "0;34",
        }
    }
}

impl Palette {
    /// The text in a colour; each of its lines on its own, as stock does.
    pub fn paint(self, color: Color, text: &str) -> String {
        if self == Palette::Plain {
            return text.to_owned();
        }
        let code = color.code();
        let mut out = String::with_capacity(text.len() + 16);
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                out.push('\n');
            }
            out.push_str("\x1b[");
            out.push_str(code);
            out.push('m');
            out.push_str(line);
            out.push_str("\x1b[0m");
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_painted() {
        assert_eq!(
            Palette::Colored.paint(Color::Ok, "a\nb"),
            "\x1b[0;32ma\x1b[0m\n\x1b[0;32mb\x1b[0m"
        );
        assert_eq!(Palette::Plain.paint(Color::Ok, "a"), "a");
    }
}
