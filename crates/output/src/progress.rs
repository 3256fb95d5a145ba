//! What is told of a run whatever callback shows it. Must not know callbacks.

use nafal_base::Event;

use crate::terminal::{Stream, Terminal};

/// Tells it, if it is to be told.
pub(crate) fn tell(terminal: &mut Terminal, event: &Event, verbosity: u8) {
    match event {
        Event::Diagnosed(diagnostic) => terminal.diagnose(Stream::Err, diagnostic),
        Event::Answered { question } => terminal.banner(question),
        other => {
            if let Some((least, text)) = line(other) {
                terminal.more((least, verbosity), &text);
            }
        }
    }
}

/// The line of an event for those who asked for more, and for how much (2 is `-vv`).
fn line(event: &Event) -> Option<(u8, String)> {
    let text = match event {
        Event::Reached { told } => return Some((3, told.clone())),
        Event::Discovering { host } => {
            return Some((3, format!("<{host}> Attempting python interpreter discovery.")));
        }
        Event::InsideCollection { collection } => {
            return Some((1, format!("running playbook inside collection {collection}")));
        }
        Event::PlaybookStarted { path, plays } => Some(format!("{plays} plays in {path}")),
        Event::MetaRun { told } => Some(format!("META: {told}")),
        Event::NotificationKept { handler, .. } => {
            Some(format!("Notification for handler {handler} has been saved."))
        }
        Event::ModuleChosen { module, path: None } => Some(format!("{module}: nafal's own module")),
        Event::ModuleChosen { module, path: Some(path) } => {
            Some(format!("{module}: the module of the installed collection, {}", path.display()))
        }
        _ => None,
    };
    text.map(|text| (2, text))
}
