//! Stock's `tree` callback: a file a host with its last result.

use std::fs;
use std::path::PathBuf;

use nafal_base::event::HostResult;
use nafal_base::value::json::{Style, to_json};
use nafal_base::{Diagnostic, Event, HostName, Status, Value};

use crate::callback::{Listener, in_words};
use crate::clean::clean_whole;
use crate::report_file::write_report;

/// The callback over a folder.
pub struct Tree {
    folder: PathBuf,
    verbosity: u8,
}

impl Tree {
    /// A callback that writes below this folder.
    pub fn new(folder: PathBuf, verbosity: u8) -> Tree {
        Tree { folder, verbosity }
    }

    fn text(&self, result: &HostResult) -> String {
        let cleaned = clean_whole(result, self.verbosity);
        let lines = cleaned.always || self.verbosity > 2;
        let style = if lines { Style::indented(4) } else { Style::LINE };
        to_json(&Value::Dict(cleaned.values), style.sorted().unicode())
    }

    fn write(&self, host: &HostName, text: &str) -> Vec<Diagnostic> {
        let folder = self.folder.display();
        if !self.folder.exists()
            && let Err(error) = fs::create_dir_all(&self.folder)
        {
            let what = format!("Unable to access or create the configured directory ({folder})");
            return vec![Diagnostic::warning(format!("{what}: {error}"))];
        }
        let path = self.folder.join(host.as_str());
        match write_report(&path, text.as_bytes()) {
            Ok(()) => Vec::new(),
            Err(error) => {
                let why = in_words(&error);
                let message =
                    format!("Unable to write to '{host}''s file: {why}: b'{}'", path.display());
                vec![Diagnostic::warning(message)]
            }
        }
    }
}

impl Listener for Tree {
    fn hear(&mut self, event: &Event) -> Vec<Diagnostic> {
        match event {
            Event::HostFinished(result) if result.outcome.status != Status::Skipped => {
                self.write(&result.host, &self.text(result))
            }
            Event::Included { hosts, label: None, .. } => {
                hosts.iter().flat_map(|host| self.write(host, "{\"changed\": false}")).collect()
            }
            _ => Vec::new(),
        }
    }
}
