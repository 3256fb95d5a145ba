//! From a host's name to its addresses: by the target's `getent`, since a static binary can't ask the C
//! library. Must not know what is asked of the host.

use std::net::{IpAddr, SocketAddr};

use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use crate::files::tools;

/// Finds addresses; of a Unix socket there are none to find.
#[derive(Clone, Copy, Debug)]
pub enum Addresses {
    /// By name.
    Looked,
    /// Whatever they are, they aren't used.
    Unused,
}

impl Resolver for Addresses {
    fn resolve(
        &self,
        uri: &Uri,
        _config: &ureq::config::Config,
        _timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().unwrap_or_default();
        let port = uri.port_u16().unwrap_or(match uri.scheme_str() {
            Some("https") => 443,
            _ => 80,
        });
        let found = match self {
            Addresses::Looked => look(host.trim_start_matches('[').trim_end_matches(']')),
            Addresses::Unused => vec![IpAddr::from([0, 0, 0, 0])],
        };
        let mut addresses = self.empty();
        for address in found.into_iter().take(16) {
            addresses.push(SocketAddr::new(address, port));
        }
        if addresses.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(addresses) }
    }
}

pub(super) fn look(host: &str) -> Vec<IpAddr> {
    if let Ok(address) = host.parse() {
        return vec![address];
    }
    if host.is_empty() || host.starts_with('-') {
        return Vec::new();
    }
    let gave = tools::run("getent", &["ahosts", host]).filter(|gave| gave.code == 0);
    let mut found: Vec<IpAddr> = Vec::new();
    for line in gave.iter().flat_map(|gave| gave.stdout.lines()) {
        let address = line.split_whitespace().next().and_then(|word| word.parse().ok());
        found.extend(address.filter(|address| !found.contains(address)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers() {
        assert_eq!(look("127.0.0.1"), [IpAddr::from([127, 0, 0, 1])]);
        assert!(look("localhost").iter().any(IpAddr::is_loopback));
        assert!(look("no-such-host.invalid").is_empty());
    }
}
