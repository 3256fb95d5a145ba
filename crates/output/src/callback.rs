//! What a run is told to: one callback that shows it, others that listen. Must not know which.

use std::collections::HashSet;

use nafal_base::foreign::{ForeignCallbacks, Wish};
use nafal_base::{Diagnostic, Dict, Event, EventSink};

use crate::foreign::{self, Foreign};
use crate::progress;
use crate::retry::Retry;
use crate::terminal::{Stream, Terminal};

/// A callback that shows a run (`stdout_callback`).
pub trait Callback: EventSink {
    /// The terminal, for what is said outside of events.
    fn terminal(&mut self) -> &mut Terminal;

    /// Takes options that are set as extra vars, where it has such.
    fn see_extra_vars(&mut self, _extra: &Dict) {}
}

/// A callback that only listens (`callbacks_enabled`).
pub trait Listener {
    /// Takes an event; gives what is to be said of it.
    fn hear(&mut self, event: &Event) -> Vec<Diagnostic>;
}

/// What a file's error is in stock's words.
pub(crate) fn in_words(error: &std::io::Error) -> String {
    let why = nafal_base::system_words(error);
    format!("[Errno {}] {why}", error.raw_os_error().unwrap_or_default())
}

/// All callbacks of a run.
pub struct Callbacks {
    shown: Box<dyn Callback>,
    listeners: Vec<Box<dyn Listener>>,
    retry: Option<Retry>,
    foreign: Option<Foreign>,
    shows: Shows,
}

/// Who shows a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shows {
    /// A callback of nafal's.
    #[default]
    Here,
    /// One outside of this process.
    Elsewhere,
}

impl Callbacks {
    /// These.
    pub fn new(shown: Box<dyn Callback>, listeners: Vec<Box<dyn Listener>>) -> Callbacks {
        Callbacks { shown, listeners, retry: None, foreign: None, shows: Shows::Here }
    }

    /// The same, with retry files.
    #[must_use]
    pub fn with_retry(mut self, retry: Option<Retry>) -> Callbacks {
        self.retry = retry;
        self
    }

    /// From now on these are told events too, after nafal's own.
    pub fn add_foreign(&mut self, callbacks: Box<dyn ForeignCallbacks>, shows: Shows) {
        self.shows = shows;
        self.foreign = Some(Foreign::new(callbacks));
    }

    /// Shows what such callbacks want before there is any event.
    pub fn grant(&mut self, wish: Wish) {
        foreign::grant(self.shown.terminal(), None, &HashSet::new(), wish);
    }

    /// Tells callbacks outside of this process that nothing follows.
    pub fn end(&mut self) {
        if let Some(foreign) = &mut self.foreign {
            foreign.end(self.shown.terminal());
        }
    }

    /// Takes options that are set as extra vars.
    pub fn see_extra_vars(&mut self, extra: &Dict) {
        self.shown.see_extra_vars(extra);
    }

    fn tell_foreign(&mut self, event: &Event) {
        if let Some(foreign) = &mut self.foreign {
            foreign.tell(event, self.shown.terminal());
        }
    }

    /// Told before the recap.
    fn retry(&mut self, event: &Event) {
        let Some(retry) = &mut self.retry else { return };
        match event {
            Event::PlaybookStarted { path, .. } => retry.begin(path),
            Event::Finished { counts, .. } => match retry.end(counts) {
                Some(Ok(line)) => self.shown.terminal().line(Stream::Out, None, &line),
                Some(Err(warning)) => self.shown.terminal().diagnose(Stream::Err, &warning),
                None => {}
            },
            _ => {}
        }
    }

    /// The terminal, for what is said outside of events.
    pub fn terminal(&mut self) -> &mut Terminal {
        self.shown.terminal()
    }
}

impl EventSink for Callbacks {
    fn wants_keywords(&self) -> bool {
        self.foreign.is_some()
    }

    fn event(&mut self, event: &Event) {
        self.retry(event);
        // What shows the run says first that it begins; what is told of it whatever shows it follows.
        let late = matches!(event, Event::PlaybookStarted { .. }) && self.shows == Shows::Elsewhere;
        if late {
            self.tell_foreign(event);
        }
        self.shown.event(event);
        let said: Vec<Diagnostic> =
            self.listeners.iter_mut().flat_map(|listener| listener.hear(event)).collect();
        for diagnostic in said {
            self.shown.terminal().diagnose(Stream::Err, &diagnostic);
        }
        if !late {
            self.tell_foreign(event);
        }
    }
}

/// Shows nothing of a run: what a listener is as `stdout_callback`.
pub struct Silent {
    terminal: Terminal,
    verbosity: u8,
}

impl Silent {
    /// A callback that shows nothing but what no callback decides.
    pub fn new(terminal: Terminal, verbosity: u8) -> Silent {
        Silent { terminal, verbosity }
    }
}

impl Callback for Silent {
    fn terminal(&mut self) -> &mut Terminal {
        &mut self.terminal
    }
}

impl EventSink for Silent {
    fn event(&mut self, event: &Event) {
        progress::tell(&mut self.terminal, event, self.verbosity);
        self.terminal.flush();
    }
}
