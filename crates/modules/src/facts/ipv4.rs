//! IPv4 addresses of interfaces and of their labels (`eth0:1`). Must not know routes.

use std::net::Ipv4Addr;

use nafal_base::{Dict, Value};
use nix::ifaddrs::getifaddrs;
use nix::net::if_::InterfaceFlags;

/// Whether an address is the first of its network on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rank {
    Primary,
    Secondary,
}

/// An address.
#[derive(Clone, Debug)]
pub struct Address4 {
    /// The device that it is on.
    pub device: String,
    /// What it is called: the device's name, unless somebody gave it another.
    pub label: String,
    /// The address.
    pub address: Ipv4Addr,
    netmask: Ipv4Addr,
    broadcast: Option<Ipv4Addr>,
    rank: Rank,
}

impl Address4 {
    /// The network's first address.
    pub fn network(&self) -> Ipv4Addr {
        self.within(self.address)
    }

    fn within(&self, address: Ipv4Addr) -> Ipv4Addr {
        Ipv4Addr::from(u32::from(address) & u32::from(self.netmask))
    }

    /// How many bits are the network's.
    pub fn prefix(&self) -> u32 {
        u32::from(self.netmask).count_ones()
    }

    /// What facts say of it.
    pub fn facts(&self) -> Dict {
        let text = |address: Ipv4Addr| Value::from(address.to_string());
        [
            ("address", text(self.address)),
            ("broadcast", self.broadcast.map_or_else(|| Value::from(""), text)),
            ("netmask", text(self.netmask)),
            ("network", text(self.network())),
            ("prefix", self.prefix().to_string().into()),
        ]
        .into_iter()
        .collect()
    }

    fn is_alias(&self) -> bool {
        self.label != self.device
    }
}

/// All addresses, in the kernel's order; `devices` are the names of devices.
pub fn addresses(devices: &[String]) -> Vec<Address4> {
    let Ok(list) = getifaddrs() else { return Vec::new() };
    let mut all: Vec<Address4> = Vec::new();
    // Devices have entries of their own before any address; an address only has its label.
    for entry in list {
        let ipv4 = |storage: Option<nix::sys::socket::SockaddrStorage>| {
            Some(storage?.as_sockaddr_in()?.ip())
        };
        let (Some(address), Some(netmask)) = (ipv4(entry.address), ipv4(entry.netmask)) else {
            continue;
        };
        let label = entry.interface_name;
        let is_broadcast = entry.flags.contains(InterfaceFlags::IFF_BROADCAST);
        let mut new = Address4 {
            device: device_of(&label, devices),
            label,
            address,
            netmask,
            broadcast: ipv4(entry.broadcast).filter(|_| is_broadcast),
            rank: Rank::Primary,
        };
        // The kernel gives the address itself where no broadcast was set, or that of the other end.
        let network = new.network();
        new.broadcast = new
            .broadcast
            .filter(|broadcast| *broadcast != address && new.within(*broadcast) == network);
        let is_second = all.iter().any(|known| {
            known.device == new.device
                && known.rank == Rank::Primary
                && known.netmask == netmask
                && known.network() == network
        });
        if is_second {
            new.rank = Rank::Secondary;
        }
        all.push(new);
    }
    all
}

/// The device behind a label: labels begin with its name.
fn device_of(label: &str, devices: &[String]) -> String {
    let longest = devices.iter().filter(|name| label.starts_with(name.as_str()));
    let longest = longest.max_by_key(|name| name.len());
    longest.map_or_else(|| label.to_owned(), String::clone)
}

/// Adds what a device's own fact says of its addresses.
pub fn add(facts: &mut Dict, device: &str, all: &[Address4]) {
    let mut others: Vec<Value> = Vec::new();
    for entry in all.iter().filter(|entry| entry.device == device) {
        match (entry.rank, entry.is_alias()) {
            (Rank::Primary, true) => {}
            (Rank::Primary, false) if !facts.contains("ipv4") => {
                facts.insert("ipv4", entry.facts().into());
            }
            _ => others.push(entry.facts().into()),
        }
    }
    if !others.is_empty() {
        facts.insert("ipv4_secondaries", others.into());
    }
}

/// Labels that aren't their device's name, each with its fact: of several addresses the last counts.
pub fn aliases(all: &[Address4]) -> Dict {
    let mut aliases = Dict::new();
    for entry in all.iter().filter(|entry| entry.is_alias()) {
        let (key, value) = match entry.rank {
            Rank::Primary => ("ipv4", Value::Dict(entry.facts())),
            Rank::Secondary => ("ipv4_secondaries", vec![Value::Dict(entry.facts())].into()),
        };
        let fact: Dict = [(key, value)].into_iter().collect();
        aliases.insert(entry.label.replace(':', "_"), fact.into());
    }
    aliases
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(label: &str, address: &str, rank: Rank) -> Address4 {
        let devices = ["eth0", "eth0.1", "lo"].map(str::to_owned);
        Address4 {
            device: device_of(label, &devices),
            label: label.to_owned(),
            address: address.parse().unwrap(),
            netmask: "255.255.255.0".parse().unwrap(),
            broadcast: None,
            rank,
        }
    }

    #[test]
    fn devices_and_labels() {
        let all = [
            address("eth0", "10.0.0.1", Rank::Primary),
            address("eth0:a", "10.0.1.1", Rank::Primary),
            address("eth0", "10.0.2.1", Rank::Primary),
            address("eth0:a", "10.0.1.2", Rank::Secondary),
            address("eth0.1", "10.0.3.1", Rank::Primary),
        ];
        let mut facts = Dict::new();
        add(&mut facts, "eth0", &all);
        let text = Value::Dict(facts).to_text().into_owned();
        assert!(!text.contains("10.0.1.1") && !text.contains("10.0.3.1"), "{text}");
        let order = ["10.0.0.1", "ipv4_secondaries", "10.0.2.1", "10.0.1.2"];
        let found: Vec<_> = order.iter().map(|part| text.find(part)).collect();
        assert!(found.iter().all(Option::is_some) && found.is_sorted(), "{text}");
        let aliases = Value::Dict(aliases(&all)).to_text().into_owned();
        assert!(aliases.starts_with("{'eth0_a': {'ipv4_secondaries': [{'address': '10.0.1.2'"));
    }
}
