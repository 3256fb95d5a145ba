//! Whether a port answers, and with what. Must not know how often one asks.

use std::io::Read;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::heard;
use super::run::{Clock, Found};
use crate::addresses;
use crate::arguments::Arguments;
use crate::python_regex::Pattern;

fn connect(args: &Arguments, clock: &Clock<'_>) -> Option<TcpStream> {
    let port = u16::try_from(args.int("port")?).ok()?;
    let limit = args.int("connect_timeout").and_then(|seconds| u64::try_from(seconds).ok());
    let limit = Duration::from_secs(limit.unwrap_or(5)).min(clock.left());
    let limit = limit.max(Duration::from_millis(1));
    addresses::of(args.required_text("host"))
        .into_iter()
        .find_map(|address| TcpStream::connect_timeout(&SocketAddr::new(address, port), limit).ok())
}

/// Whether anybody takes a connection.
pub fn answers(args: &Arguments, clock: &Clock<'_>) -> bool {
    connect(args, clock).is_some()
}

/// A connection, and in what comes over it a match for the pattern.
pub fn look(args: &Arguments, clock: &Clock<'_>, pattern: Option<&Pattern>) -> Option<Found> {
    let mut stream = connect(args, clock)?;
    let Some(pattern) = pattern else { return Some(Found::default()) };
    let mut heard = Vec::new();
    let mut buffer = [0_u8; 1024];
    while clock.goes_on() {
        let patience = clock.left().clamp(Duration::from_millis(1), Duration::from_millis(500));
        stream.set_read_timeout(Some(patience)).ok()?;
        match stream.read(&mut buffer) {
            Ok(0) => return None,
            Ok(count) => heard.extend_from_slice(&buffer[..count]),
            Err(error) if is_passing(error.kind()) => continue,
            Err(_) => return None,
        }
        if let Some(found) = Found::in_text(pattern, &heard::text(&heard)) {
            return Some(found);
        }
    }
    None
}

fn is_passing(kind: std::io::ErrorKind) -> bool {
    use std::io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(kind, Interrupted | TimedOut | WouldBlock)
}
