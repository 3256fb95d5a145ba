//! Owns a terminal for one run: what it shows, and what is typed at it once something was shown.
//! It must not know what runs in it, nor how what it showed is compared.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use nix::pty::{Winsize, openpty};

use crate::Fault;
use crate::case::Exchange;

/// From a question to its answer: programs change the terminal's mode once they have asked.
const ANSWERING: Duration = Duration::from_millis(400);

pub struct Terminal {
    shown: Arc<Mutex<String>>,
    /// Gives what was never asked.
    watching: JoinHandle<Option<String>>,
}

impl Terminal {
    /// Starts a command in a terminal of its own.
    pub fn start(command: &mut Command, exchanges: &[Exchange]) -> Result<(Child, Self), Fault> {
        let size = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
        let ends = openpty(Some(&size), None)?;
        command.stdin(ends.slave.try_clone()?).stdout(ends.slave.try_clone()?).stderr(ends.slave);
        let child = command.spawn()?;
        // The command keeps its ends, and with them ours would never end.
        command.stdin(std::process::Stdio::null());
        command.stdout(std::process::Stdio::null());
        command.stderr(std::process::Stdio::null());
        let shown = Arc::new(Mutex::new(String::new()));
        let (screen, keys) = (File::from(ends.master), Arc::clone(&shown));
        let waiting: Vec<(String, String)> =
            exchanges.iter().map(|next| (next.after.clone(), next.typed.clone())).collect();
        let watching = std::thread::spawn(move || watch(screen, &keys, waiting));
        Ok((child, Self { shown, watching }))
    }

    /// What it has shown so far.
    pub fn shown(&self) -> String {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).replace("\r\n", "\n")
    }

    /// All that it showed, once nobody has it any more.
    pub fn end(self) -> Result<String, Fault> {
        let shown = Arc::clone(&self.shown);
        let never = self.watching.join().map_err(|_| "the terminal's watch broke")?;
        let text = shown.lock().unwrap_or_else(PoisonError::into_inner).replace("\r\n", "\n");
        match never {
            None => Ok(text),
            Some(question) => Err(format!("never asked {question:?}; it said:\n{text}").into()),
        }
    }
}

/// Reads until nobody has the terminal any more, and types; gives what was never asked.
fn watch(
    mut screen: File,
    shown: &Mutex<String>,
    waiting: Vec<(String, String)>,
) -> Option<String> {
    let mut waiting = waiting.into_iter().peekable();
    let mut seen = 0;
    let mut buffer = [0; 65536];
    while let Ok(count @ 1..) = screen.read(&mut buffer) {
        let mut text = shown.lock().unwrap_or_else(PoisonError::into_inner);
        text.push_str(&String::from_utf8_lossy(&buffer[..count]));
        while let Some((after, typed)) = waiting.peek() {
            let Some(at) = text[seen..].find(after.as_str()) else { break };
            seen += at + after.len();
            std::thread::sleep(ANSWERING);
            let _ = screen.write_all(typed.as_bytes());
            waiting.next();
        }
    }
    waiting.next().map(|(question, _)| question)
}
