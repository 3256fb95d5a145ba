//! Signals that end the agent: what it started ends first, its folder goes. Must not know requests.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use nix::sys::signal::{SigSet, Signal};

use crate::processes::Processes;

/// What has to be ended or removed when a signal ends the process.
#[derive(Default)]
struct Remains {
    folders: Vec<PathBuf>,
    processes: Vec<Weak<Processes>>,
}

static REMAINS: Mutex<Option<Remains>> = Mutex::new(None);

fn with_remains(change: impl FnOnce(&mut Remains)) {
    let mut remains = REMAINS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(remains) = remains.as_mut() {
        change(remains);
    }
}

/// From now on these signals clean up and end the process. They are blocked here and so in every
/// later thread; children start with none blocked.
pub fn end_on_signals() {
    *REMAINS.lock().unwrap_or_else(PoisonError::into_inner) = Some(Remains::default());
    let mut signals = SigSet::empty();
    for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP] {
        signals.add(signal);
    }
    if signals.thread_block().is_err() {
        return;
    }
    std::thread::spawn(move || {
        let Ok(signal) = signals.wait() else { return };
        with_remains(|remains| {
            for processes in remains.processes.iter().filter_map(Weak::upgrade) {
                processes.cancel();
            }
            for folder in &remains.folders {
                let _ = std::fs::remove_dir_all(folder);
            }
        });
        std::process::exit(128 + signal as i32);
    });
}

/// This folder goes when a signal comes.
pub fn note_folder(folder: PathBuf) {
    with_remains(|remains| remains.folders.push(folder));
}

/// This folder is gone.
pub fn forget_folder(folder: &Path) {
    with_remains(|remains| remains.folders.retain(|other| other != folder));
}

/// These processes end when a signal comes.
pub fn note_processes(processes: &Arc<Processes>) {
    with_remains(|remains| {
        remains.processes.retain(|other| other.strong_count() > 0);
        remains.processes.push(Arc::downgrade(processes));
    });
}
