//! Callbacks that run outside of this process: what is told to them, and what they show meanwhile. Must not know
//! how they are reached, nor where things are shown.

use crate::diagnostic::Diagnostic;
use crate::event::Event;

/// Where something is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Channel {
    /// Standard output.
    #[default]
    Out,
    /// Standard error.
    Err,
}

/// Who gets it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// The screen and the log.
    #[default]
    Everybody,
    /// The screen alone.
    Screen,
    /// The log alone.
    Log,
}

/// What stands behind a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// The line ends, if it doesn't yet.
    #[default]
    Line,
    /// Nothing.
    Open,
}

/// How often a text is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Repeats {
    /// As often as it is said.
    #[default]
    Always,
    /// Once in a run, as warnings are.
    Once,
}

/// A text that a callback shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The text.
    pub text: String,
    /// The name of its colour.
    pub color: Option<String>,
    /// Where it is shown.
    pub channel: Channel,
    /// Who gets it.
    pub audience: Audience,
    /// What stands behind it.
    pub ending: Ending,
    /// How often it is shown.
    pub repeats: Repeats,
}

/// What of a result is told beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Faults {
    /// Its error.
    Error,
    /// Its warnings and deprecations.
    Warnings,
    /// All of that.
    All,
}

/// What a callback wants while it is told an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To show a text.
    Say(Said),
    /// To show what is wrong with the result that the event brings; an error goes to this channel.
    Explain(Faults, Channel),
}

/// Callbacks outside of this process.
pub trait ForeignCallbacks {
    /// Tells them an event, and waits until all are through with it. What they want meanwhile goes to `hear`.
    /// An error is told once, and is the last that one hears of them.
    fn tell(&mut self, event: &Event, hear: &mut dyn FnMut(Wish)) -> Result<(), Diagnostic>;

    /// Tells them that nothing follows.
    fn end(&mut self, hear: &mut dyn FnMut(Wish));
}
