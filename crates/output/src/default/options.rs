//! What the default callback can be asked to do differently. Must not know where that is asked.

use nafal_base::event::Mode;

use crate::results::ResultStyle;
use crate::terminal::Stream;

/// Whether lines of a kind are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// They are.
    Shown,
    /// They aren't.
    Hidden,
}

impl Lines {
    /// Whether they are.
    pub fn are_shown(self) -> bool {
        self == Lines::Shown
    }
}

impl From<bool> for Lines {
    fn from(shown: bool) -> Lines {
        if shown { Lines::Shown } else { Lines::Hidden }
    }
}

/// The options, under stock's names.
#[derive(Clone, Copy, Debug)]
pub struct DefaultOptions {
    /// `display_skipped_hosts`: hosts and items that are skipped.
    pub skipped: Lines,
    /// `display_ok_hosts`: hosts and items that are fine and unchanged.
    pub ok: Lines,
    /// `display_included_hosts`: what is included, for whom.
    pub included: Lines,
    /// `display_failed_stderr`: where failures are told.
    pub failures: Stream,
    /// `show_custom_stats`: what `set_stats` gathered.
    pub custom_stats: Lines,
    /// `show_per_host_start`: that a task starts on a host.
    pub starts: Lines,
    /// `show_task_path_on_failure`: where a failed task is written.
    pub failure_paths: Lines,
    /// `check_mode_markers`: that a play or task only says what it would do.
    pub markers: Lines,
    /// `display_args_to_stdout`: the arguments of tasks in their banners, as they are written.
    pub arguments: Lines,
    /// The mode of the whole run, which its markers tell.
    pub mode: Mode,
    /// How results are written.
    pub results: ResultStyle,
    /// Lines around a change in diffs.
    pub diff_context: usize,
}

impl Default for DefaultOptions {
    fn default() -> DefaultOptions {
        DefaultOptions {
            skipped: Lines::Shown,
            ok: Lines::Shown,
            included: Lines::Shown,
            failures: Stream::Out,
            custom_stats: Lines::Hidden,
            starts: Lines::Hidden,
            failure_paths: Lines::Hidden,
            markers: Lines::Hidden,
            arguments: Lines::Hidden,
            mode: Mode::Apply,
            results: ResultStyle::default(),
            diff_context: 3,
        }
    }
}
