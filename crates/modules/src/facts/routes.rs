//! The kernel's tables of addresses and routes as /proc shows them. Must not know facts.

use std::cmp::Reverse;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};

use super::sources;

/// An IPv6 address of an interface.
pub struct Address6 {
    /// The interface.
    pub interface: String,
    /// The address.
    pub address: Ipv6Addr,
    /// How many bits are the network's.
    pub prefix: u32,
    /// `global`, `link`, `host`, `site`.
    pub scope: &'static str,
}

/// A way out.
pub struct Gateway {
    /// The interface.
    pub interface: String,
    /// The next host, if there is one.
    pub address: Option<String>,
    /// The address that what goes there comes from.
    pub source: Option<IpAddr>,
}

/// Addresses far away: the way there is the way out. Nothing is sent to them.
const FAR: Ipv4Addr = Ipv4Addr::new(8, 8, 8, 8);
const FAR6: Ipv6Addr = Ipv6Addr::new(0x2404, 0x6800, 0x400a, 0x800, 0, 0, 0, 0x1012);

/// What the kernel's tables of routes say of a route.
const IS_UP: u32 = 1;
const HAS_GATEWAY: u32 = 2;
const REJECTS: u32 = 0x200;
const IS_LOCAL: u32 = 0x8000_0000;

fn parse_address6(text: &str) -> Option<Ipv6Addr> {
    u128::from_str_radix(text, 16).ok().map(Ipv6Addr::from)
}

/// All IPv6 addresses.
pub fn addresses6() -> Vec<Address6> {
    let text = sources::text("/proc/net/if_inet6").unwrap_or_default();
    let mut addresses: Vec<Address6> = text
        .lines()
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let [address, _, prefix, scope, _, interface] = fields[..] else { return None };
            let scope = match u8::from_str_radix(scope, 16).ok()? {
                0x10 => "host",
                0x20 => "link",
                0x40 => "site",
                _ => "global",
            };
            Some(Address6 {
                interface: interface.to_owned(),
                address: parse_address6(address)?,
                prefix: u32::from_str_radix(prefix, 16).ok()?,
                scope,
            })
        })
        .collect();
    // The kernel's table has no order; users expect those first that reach farthest.
    addresses.sort_by_key(|entry| match entry.scope {
        "host" => 0,
        "global" => 1,
        "site" => 2,
        _ => 3,
    });
    addresses
}

/// The address of this machine that a packet to there would have.
fn source(far: IpAddr) -> Option<IpAddr> {
    let any: IpAddr = match far {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect((far, 9)).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

/// The way out: of the routes that fit the closest, of several the one with the least metric.
pub fn gateway4() -> Option<Gateway> {
    let text = sources::text("/proc/net/route")?;
    let (_, gateway) = text.lines().skip(1).filter_map(route4).max_by_key(|(key, _)| *key)?;
    gateway.map(|gateway| Gateway { source: source(FAR.into()), ..gateway })
}

type Closeness = (u32, Reverse<u32>);

/// How close a route fits, and where it leads: one that refuses leads nowhere.
fn route4(line: &str) -> Option<(Closeness, Option<Gateway>)> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let number = |index: usize| u32::from_str_radix(fields.get(index)?, 16).ok();
    let address = |index| number(index).map(|number| Ipv4Addr::from(number.to_ne_bytes()));
    let (destination, next, mask) = (address(1)?, address(2)?, address(7)?);
    let (flags, metric) = (number(3)?, fields.get(6)?.parse().ok()?);
    let fits = u32::from(FAR) & u32::from(mask) == u32::from(destination);
    let gateway = Gateway {
        interface: (*fields.first()?).to_owned(),
        address: (flags & HAS_GATEWAY != 0).then(|| next.to_string()),
        source: None,
    };
    let is_way = flags & IS_UP != 0 && flags & REJECTS == 0 && gateway.interface != "*";
    let closeness = (u32::from(mask).count_ones(), Reverse(metric));
    fits.then_some((closeness, is_way.then_some(gateway)))
}

/// The same for IPv6.
pub fn gateway6() -> Option<Gateway> {
    let text = sources::text("/proc/net/ipv6_route")?;
    let (_, gateway) = text.lines().filter_map(route6).max_by_key(|(key, _)| *key)?;
    gateway.map(|gateway| Gateway { source: source(FAR6.into()), ..gateway })
}

fn route6(line: &str) -> Option<(Closeness, Option<Gateway>)> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let [destination, length, _, _, next, metric, _, _, flags, interface] = fields[..] else {
        return None;
    };
    let number = |text: &str| u32::from_str_radix(text, 16).ok();
    let (length, metric, flags) = (number(length)?, number(metric)?, number(flags)?);
    let mask = u128::MAX.checked_shl(128 - length).unwrap_or_default();
    let fits = u128::from(FAR6) & mask == u128::from(parse_address6(destination)?);
    let next = parse_address6(next)?;
    let gateway = Gateway {
        interface: interface.to_owned(),
        address: (flags & HAS_GATEWAY != 0).then(|| next.to_string()),
        source: None,
    };
    // Without IPv6 the table has a route to nowhere, on `lo`.
    let is_way = interface != "lo" && flags & IS_UP != 0 && flags & REJECTS == 0;
    fits.then_some(((length, Reverse(metric)), is_way.then_some(gateway)))
}

/// What the machine answers to, by its own table of routes: addresses and whole networks, each as it is written. None where
/// the kernel doesn't show it.
pub fn local4() -> Option<Vec<String>> {
    let text = sources::text("/proc/net/fib_trie")?;
    let mut found: Vec<(Ipv4Addr, String)> = Vec::new();
    let mut leaf = None;
    for line in text.lines().map(str::trim) {
        if let Some(address) = line.strip_prefix("|-- ") {
            leaf = address.parse().ok();
        } else if let (Some(address), Some(route)) = (leaf, line.strip_prefix('/')) {
            let mut words = route.split_whitespace();
            let length = words.next().unwrap_or_default();
            if words.last() == Some("LOCAL") {
                found.push((address, written(&address.to_string(), length, "32")));
            }
        }
    }
    // Both tables are shown as one, twice.
    found.sort_by_key(|(address, _)| *address);
    let mut all: Vec<String> = found.into_iter().map(|(_, written)| written).collect();
    all.dedup();
    Some(all)
}

/// Whole networks that the machine answers to over IPv6.
pub fn local_networks6() -> Vec<String> {
    let text = sources::text("/proc/net/ipv6_route").unwrap_or_default();
    let network = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let flags = u32::from_str_radix(fields.get(8)?, 16).ok()?;
        let length = u32::from_str_radix(fields.get(1)?, 16).ok()?;
        let is_network = flags & IS_LOCAL != 0 && length < 128;
        let address = parse_address6(fields.first()?)?.to_string();
        is_network.then(|| written(&address, &length.to_string(), "128"))
    };
    text.lines().filter_map(network).collect()
}

fn written(address: &str, length: &str, whole: &str) -> String {
    if length == whole { address.to_owned() } else { format!("{address}/{length}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_that_fit() {
        let route = |line: &str| {
            let ((length, Reverse(metric)), gateway) = route4(line)?;
            Some((length, metric, gateway.map(|gateway| (gateway.interface, gateway.address))))
        };
        let by =
            |name: &str, address: Option<&str>| Some((name.to_owned(), address.map(str::to_owned)));
        let check = |line: &str, expected| assert_eq!(route(line), expected, "{line}");
        check(
            "ea 00000000 0100000A 0003 0 0 100 00000000 0 0 0",
            Some((0, 100, by("ea", Some("10.0.0.1")))),
        );
        check("ea 00000008 00000000 0001 0 0 0 000000FF 0 0 0", Some((8, 0, by("ea", None))));
        check("ea 0000000A 00000000 0001 0 0 0 000000FF 0 0 0", None);
        check("* 00000000 00000000 0200 0 0 7 00000000 0 0 0", Some((0, 7, None)));
    }
}
