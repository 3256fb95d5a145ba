//! Python's `re` over fancy-regex: one translator of the pattern's syntax, and Python's rules for empty
//! matches. The only place that names fancy-regex.

mod characters;
mod matching;
mod translate;
mod width;

pub use matching::{Match, Place, Regex, escape};

/// `re.IGNORECASE` and its kin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags {
    /// Capital letters don't count.
    pub ignore_case: bool,
    /// `^` and `$` match at every line.
    pub multiline: bool,
    /// `.` matches a newline too.
    pub dot_all: bool,
    /// Blanks and comments in the pattern don't count.
    pub verbose: bool,
}
