//! Colours: which thing has which, and how one is written.

use std::collections::HashMap;
use std::sync::OnceLock;

/// A colour by what it stands for, as stock's settings name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Color {
    /// A host that is fine.
    Ok,
    /// A host that was changed.
    Changed,
    /// Skipped, ignored.
    Skip,
    /// Included.
    Included,
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

/// The colours that somebody chose, for the whole process.
static CHOSEN: OnceLock<HashMap<Color, String>> = OnceLock::new();

/// Takes these codes instead of the default ones from now on; the first choice counts.
pub fn choose_colors(chosen: HashMap<Color, String>) {
    let _ = CHOSEN.set(chosen);
}

/// The code of a colour's name; None for what isn't a colour.
pub fn color_code(name: &str) -> Option<String> {
    let number = |text: &str| text.parse::<u16>().ok();
    let plain = match name {
        "black" => "0;30",
        "bright gray" => "0;37",
        "blue" => "0;34",
        "white" => "1;37",
        "green" => "0;32",
        "bright blue" => "1;34",
        "cyan" => "0;36",
        "bright green" => "1;32",
        "red" => "0;31",
        "bright cyan" => "1;36",
        "purple" | "magenta" => "0;35",
        "bright red" => "1;31",
        "yellow" => "0;33",
        "bright purple" | "bright magenta" => "1;35",
        "dark gray" => "1;30",
        "bright yellow" => "1;33",
        "normal" => "0",
        _ => "",
    };
    if !plain.is_empty() {
        return Some(plain.to_owned());
    }
    let index = if let Some(index) = name.strip_prefix("color") {
        number(index)?
    } else if let Some(gray) = name.strip_prefix("gray") {
        number(gray).filter(|gray| *gray <= 24)? + 232
    } else {
        let parts: Vec<u16> = name
            .strip_prefix("rgb")?
            .chars()
            .map(|digit| digit.to_digit(6).and_then(|digit| u16::try_from(digit).ok()))
            .collect::<Option<_>>()?;
        let [red, green, blue] = parts[..] else { return None };
        16 + 36 * red + 6 * green + blue
    };
    Some(format!("38;5;{index}"))
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
        if let Some(code) = CHOSEN.get().and_then(|chosen| chosen.get(&self)) {
            return code;
        }
        match self {
            Color::Ok | Color::DiffAdd => "0;32",
            Color::Changed => "0;33",
            Color::Skip | Color::Included | Color::DiffLines => "0;36",
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
        self.paint_as(color.code(), text)
    }

    /// The same with the code of a colour.
    pub(crate) fn paint_as(self, code: &str, text: &str) -> String {
        if self == Palette::Plain {
            return text.to_owned();
        }
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
    fn names_of_colours() {
        let check = |name: &str, code: Option<&str>| {
            assert_eq!(color_code(name).as_deref(), code, "{name}");
        };
        check("dark gray", Some("1;30"));
        check("normal", Some("0"));
        check("color7", Some("38;5;7"));
        check("rgb123", Some("38;5;67"));
        check("gray23", Some("38;5;255"));
        for wrong in ["", "nosuch", "Red", "rgb666", "rgb12", "color", "gray65535"] {
            check(wrong, None);
        }
    }

    #[test]
    fn every_line_is_painted() {
        assert_eq!(
            Palette::Colored.paint(Color::Ok, "a\nb"),
            "\x1b[0;32ma\x1b[0m\n\x1b[0;32mb\x1b[0m"
        );
        assert_eq!(Palette::Plain.paint(Color::Ok, "a"), "a");
    }
}
