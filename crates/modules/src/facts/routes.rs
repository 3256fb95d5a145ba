//! The kernel's tables of addresses and routes as /proc shows them. Must not know facts.

use std::net::{Ipv4Addr, Ipv6Addr};

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
    /// The next host.
    pub address: String,
}

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

/// The default route with the least metric.
pub fn gateway4() -> Option<Gateway> {
    let text = sources::text("/proc/net/route")?;
    let routes = text.lines().skip(1).filter_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (destination, mask) = (fields.get(1)?, fields.get(7)?);
        let is_default = *destination == "00000000" && *mask == "00000000";
        let gateway = u32::from_str_radix(fields.get(2)?, 16).ok()?;
        let metric: u32 = fields.get(6)?.parse().ok()?;
        let address = Ipv4Addr::from(gateway.to_ne_bytes()).to_string();
        let interface = (*fields.first()?).to_owned();
        is_default.then_some((metric, Gateway { interface, address }))
    });
    routes.min_by_key(|(metric, _)| *metric).map(|(_, gateway)| gateway)
}

/// The same for IPv6.
pub fn gateway6() -> Option<Gateway> {
    let text = sources::text("/proc/net/ipv6_route")?;
    let routes = text.lines().filter_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [destination, length, _, _, next, metric, _, _, _, interface] = fields[..] else {
            return None;
        };
        let is_default = length == "00" && destination.chars().all(|c| c == '0');
        let next = parse_address6(next).filter(|next| !next.is_unspecified())?;
        let metric = u32::from_str_radix(metric, 16).ok()?;
        let gateway = Gateway { interface: interface.to_owned(), address: next.to_string() };
        (is_default && interface != "lo").then_some((metric, gateway))
    });
    routes.min_by_key(|(metric, _)| *metric).map(|(_, gateway)| gateway)
}
