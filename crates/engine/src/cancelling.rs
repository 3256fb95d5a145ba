//! A run that is to end takes the requests that are under way with it. Must not know who wants it
//! to end.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use nafal_connection::Connections;

/// How soon a raised flag is seen.
const PAUSE: Duration = Duration::from_millis(50);

/// Runs, and cancels what the targets do as soon as the flag is up.
pub(crate) fn watched<T>(
    flag: &AtomicBool,
    connections: &Connections,
    run: impl FnOnce() -> T,
) -> T {
    let (running, ended) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            // A worker may send one more request before it sees the flag, so it is not done once.
            while ended.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                if flag.load(Ordering::Relaxed) {
                    connections.cancel_all();
                }
            }
        });
        let result = run();
        drop(running);
        result
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_with_the_run() {
        let connections = Connections::new();
        let flag = AtomicBool::new(true);
        assert_eq!(watched(&flag, &connections, || 7), 7);
    }
}
