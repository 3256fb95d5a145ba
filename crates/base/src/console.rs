//! Who sits at the terminal while a run stands still: tasks ask, whoever started the run answers.
//! Must not know what is asked, nor what a terminal is.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Whether what is typed is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// It is.
    Shown,
    /// It isn't.
    Hidden,
}

/// Which keys are waited for.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    /// Whether they are seen.
    pub echo: Echo,
    /// For how long at most.
    pub limit: Option<Duration>,
    /// Keys that end the input.
    pub complete: &'a [u8],
    /// Keys that interrupt it.
    pub interrupt: &'a [u8],
    /// Set when the run is to end.
    pub cancelled: &'a AtomicBool,
}

/// What was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keyed {
    /// This, and then a key that ends the input.
    Text(String),
    /// A key that interrupts.
    Interrupted,
    /// Nothing that ends it before the time was over.
    OutOfTime,
}

/// A place where one can be asked.
pub trait Console: Send + Sync {
    /// Whether somebody can answer.
    fn is_interactive(&self) -> bool;

    /// Shows a line.
    fn show(&self, text: &str);

    /// Waits for keys, one by one: Ctrl+C is a key like others.
    fn keys(&self, wanted: &Keys<'_>) -> io::Result<Keyed>;

    /// Asks for a line. None when the run is to end meanwhile.
    fn line(&self, prompt: &str, echo: Echo, cancelled: &AtomicBool) -> io::Result<Option<String>>;
}

/// Nobody is there.
struct Nobody;

impl Console for Nobody {
    fn is_interactive(&self) -> bool {
        false
    }

    fn show(&self, _text: &str) {}

    fn keys(&self, _wanted: &Keys<'_>) -> io::Result<Keyed> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn line(&self, _: &str, _: Echo, _: &AtomicBool) -> io::Result<Option<String>> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// A console that many hold. Nobody sits at the default one.
#[derive(Clone)]
pub struct SharedConsole(pub Arc<dyn Console>);

impl Default for SharedConsole {
    fn default() -> SharedConsole {
        SharedConsole(Arc::new(Nobody))
    }
}

impl fmt::Debug for SharedConsole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedConsole")
    }
}
