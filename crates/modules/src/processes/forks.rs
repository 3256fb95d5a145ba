//! Programs that are written here and then run. A process that another thread starts meanwhile has a copy of every file
//! that is open, for a moment longer than whoever started it waits: a program that one of them still has open for writing
//! can't be run ("text file busy"). So nothing is started while a program is written.

use std::io;
use std::process::{Child, Command, Output};
use std::sync::{PoisonError, RwLock};

/// Held by many while they start a process, and by one that writes a program.
static STARTING: RwLock<()> = RwLock::new(());

/// Starts something, while nobody writes a program.
pub fn starting<T>(start: impl FnOnce() -> T) -> T {
    let _starting = STARTING.read().unwrap_or_else(PoisonError::into_inner);
    start()
}

/// Starts a command.
pub fn spawn(command: &mut Command) -> io::Result<Child> {
    starting(|| command.spawn())
}

/// Runs a command to its end. What becomes of its streams is said before.
pub fn output(command: &mut Command) -> io::Result<Output> {
    spawn(command)?.wait_with_output()
}

/// Writes a program: opens its file, and closes it.
pub fn writing<T>(write: impl FnOnce() -> T) -> T {
    let _writing = STARTING.write().unwrap_or_else(PoisonError::into_inner);
    write()
}
