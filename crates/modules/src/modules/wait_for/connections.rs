//! Which connections of a port are still alive, from the kernel's tables. Must not know how often
//! one asks.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::addresses;
use crate::arguments::Arguments;
use crate::files::{Failure, Result};

/// The kernel's numbers for the states of a connection.
const STATES: [(&str, u8); 6] = [
    ("ESTABLISHED", 1),
    ("SYN_SENT", 2),
    ("SYN_RECV", 3),
    ("FIN_WAIT1", 4),
    ("FIN_WAIT2", 5),
    ("TIME_WAIT", 6),
];

/// The first of these that is no state.
pub fn unknown<'a>(states: &[&'a str]) -> Option<&'a str> {
    states.iter().copied().find(|state| !STATES.iter().any(|(name, _)| name == state))
}

/// The connections that are looked at.
pub struct Watched {
    port: u16,
    /// Addresses of this machine's end; none means all of them.
    local: Vec<IpAddr>,
    excluded: Vec<IpAddr>,
    states: Vec<u8>,
}

impl Watched {
    /// Those that the arguments name.
    pub fn new(args: &Arguments) -> Result<Watched> {
        let states = args.texts("active_connection_states");
        let states = STATES.iter().filter(|(name, _)| states.contains(name)).map(|(_, n)| *n);
        let mut watched = Watched {
            port: args.int("port").and_then(|port| u16::try_from(port).ok()).unwrap_or_default(),
            local: Vec::new(),
            excluded: Vec::new(),
            states: states.collect(),
        };
        if args.text("state") == Some("drained") {
            watched.local = known(args.required_text("host"))?;
            if watched.local.iter().any(IpAddr::is_unspecified) {
                watched.local.clear();
            }
            for host in args.texts("exclude_hosts") {
                watched.excluded.extend(known(host)?);
            }
        }
        Ok(watched)
    }

    /// Whether none is left.
    pub fn are_gone(&self) -> bool {
        ["/proc/net/tcp", "/proc/net/tcp6"].into_iter().all(|file| {
            let table = std::fs::read_to_string(file).unwrap_or_default();
            !table.lines().skip(1).any(|line| self.is_alive(line).unwrap_or(false))
        })
    }

    fn is_alive(&self, line: &str) -> Option<bool> {
        let mut fields = line.split_whitespace().skip(1);
        let (local, port) = end(fields.next()?)?;
        let (remote, _) = end(fields.next()?)?;
        let state = u8::from_str_radix(fields.next()?, 16).ok()?;
        Some(
            port == self.port
                && self.states.contains(&state)
                && (self.local.is_empty() || self.local.contains(&local))
                && !self.excluded.contains(&remote),
        )
    }
}

fn known(host: &str) -> Result<Vec<IpAddr>> {
    let found = addresses::of(host);
    match found.is_empty() {
        true => Err(Failure::raised(["[Errno -2] Name or service not known"])),
        false => Ok(found),
    }
}

/// One end of a connection: an address as the kernel writes it, and its port.
fn end(text: &str) -> Option<(IpAddr, u16)> {
    let (address, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |index: usize| {
        let digits = address.get(index * 8..index * 8 + 8)?;
        Some(u32::from_str_radix(digits, 16).ok()?.to_ne_bytes())
    };
    if address.len() == 8 {
        return Some((Ipv4Addr::from(word(0)?).into(), port));
    }
    let words = [word(0)?, word(1)?, word(2)?, word(3)?];
    let bytes: [u8; 16] = words.concat().try_into().ok()?;
    Some((Ipv6Addr::from(bytes).to_canonical(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_connections() {
        if cfg!(target_endian = "little") {
            assert_eq!(end("0100007F:1F90"), Some((Ipv4Addr::LOCALHOST.into(), 8080)));
            let mapped = end("0000000000000000FFFF00000100007F:0016");
            assert_eq!(mapped, Some((Ipv4Addr::LOCALHOST.into(), 22)));
        }
        assert_eq!(unknown(&["ESTABLISHED", "NAPPING"]), Some("NAPPING"));
    }

    #[test]
    fn a_connection_that_is_open() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut watched = Watched {
            port: address.port(),
            local: vec![Ipv4Addr::LOCALHOST.into()],
            excluded: Vec::new(),
            states: vec![1],
        };
        assert!(watched.are_gone());
        let client = std::net::TcpStream::connect(address).unwrap();
        let accepted = listener.accept().unwrap();
        assert!(!watched.are_gone());
        watched.excluded.push(Ipv4Addr::LOCALHOST.into());
        assert!(watched.are_gone());
        drop((client, accepted));
    }
}
