//! Callbacks that run outside of this process: they are told events after nafal's own, and what they show goes
//! through the terminal. Must not know how they are reached.

use std::collections::HashSet;

use nafal_base::event::HostResult;
use nafal_base::foreign::{Channel, Faults, ForeignCallbacks, Wish};
use nafal_base::{Diagnostic, Event, Status};

use crate::terminal::{Stream, Terminal};
use crate::warnings;

/// Such callbacks of a run, as long as they can be told anything.
pub(crate) struct Foreign {
    callbacks: Option<Box<dyn ForeignCallbacks>>,
    /// What was told with its place: results carry some of it again, as text.
    told: HashSet<String>,
}

impl From<Channel> for Stream {
    fn from(channel: Channel) -> Stream {
        match channel {
            Channel::Out => Stream::Out,
            Channel::Err => Stream::Err,
        }
    }
}

impl Foreign {
    pub(crate) fn new(callbacks: Box<dyn ForeignCallbacks>) -> Foreign {
        Foreign { callbacks: Some(callbacks), told: HashSet::new() }
    }

    /// Tells them an event.
    pub(crate) fn tell(&mut self, event: &Event, terminal: &mut Terminal) {
        if let Event::Diagnosed(diagnostic) = event {
            self.told.insert(diagnostic.message.clone());
        }
        let Some(callbacks) = &mut self.callbacks else { return };
        let told = &self.told;
        let result = callbacks.tell(event, &mut |wish| grant(terminal, Some(event), told, wish));
        if let Err(fault) = result {
            terminal.diagnose(Stream::Err, &fault);
            self.callbacks = None;
        }
        terminal.flush();
    }

    /// Tells them that nothing follows.
    pub(crate) fn end(&mut self, terminal: &mut Terminal) {
        if let Some(mut callbacks) = self.callbacks.take() {
            callbacks.end(&mut |wish| grant(terminal, None, &self.told, wish));
            terminal.flush();
        }
    }
}

/// Shows what a callback wants to show.
pub(crate) fn grant(
    terminal: &mut Terminal,
    event: Option<&Event>,
    told: &HashSet<String>,
    wish: Wish,
) {
    match wish {
        Wish::Say(said) => terminal.say(&said),
        Wish::Explain(faults, channel) => {
            if let Some(result) = event.and_then(result_of) {
                explain(terminal, result, told, faults, channel.into());
            }
        }
    }
}

fn result_of(event: &Event) -> Option<&HostResult> {
    match event {
        Event::HostFinished(result) | Event::IncludeFinished(result) => Some(result),
        Event::ItemFinished(item) | Event::IncludeItemFinished(item) => Some(&item.result),
        Event::Retrying { result, .. } | Event::Background { result, .. } => Some(result),
        _ => None,
    }
}

fn explain(
    terminal: &mut Terminal,
    result: &HostResult,
    told: &HashSet<String>,
    faults: Faults,
    stream: Stream,
) {
    if faults != Faults::Warnings
        && let Some(diagnostic) = error_of(result)
    {
        terminal.diagnose_result(stream, result, diagnostic);
    }
    if faults != Faults::Error {
        warnings::tell(terminal, result, told);
    }
}

/// Of a loop, the items told it.
fn error_of(result: &HostResult) -> Option<&Diagnostic> {
    let by_items = result.task.has_loop && result.outcome.values.contains("results");
    let is_bad = matches!(result.outcome.status, Status::Failed | Status::Unreachable);
    result.diagnostic.as_deref().filter(|_| is_bad && !by_items)
}
