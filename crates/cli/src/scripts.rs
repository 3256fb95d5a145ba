//! Programs that give passwords, run to their end. Must not know what they are asked for.

use std::io;
use std::process::{Command, Output};
use std::time::Duration;

/// How often a program that somebody is just writing is tried again, and how long is waited between.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(10);

/// What the program printed. A file that is still open for writing somewhere is tried again: a process that
/// was forked a moment ago may hold it.
pub fn output(command: &mut Command) -> io::Result<Output> {
    for _ in 0..TRIES {
        match command.output() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy => {
                std::thread::sleep(PAUSE);
            }
            other => return other,
        }
    }
    command.output()
}
