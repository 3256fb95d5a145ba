//! Interfaces, their addresses, and the ways out.

use std::net::Ipv4Addr;
use std::path::Path;

use nafal_base::{Dict, Value};
use nix::ifaddrs::getifaddrs;

use super::routes::{self, Address6};
use super::{Survey, sources};

/// An IPv4 address of an interface.
struct Address4 {
    interface: String,
    address: Ipv4Addr,
    netmask: Ipv4Addr,
    broadcast: Option<Ipv4Addr>,
}

impl Address4 {
    fn network(&self) -> Ipv4Addr {
        Ipv4Addr::from(u32::from(self.address) & u32::from(self.netmask))
    }

    fn prefix(&self) -> u32 {
        u32::from(self.netmask).count_ones()
    }

    fn facts(&self) -> Dict {
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
}

fn addresses4() -> Vec<Address4> {
    let Ok(list) = getifaddrs() else { return Vec::new() };
    list.filter_map(|entry| {
        let is_broadcast = entry.flags.contains(nix::net::if_::InterfaceFlags::IFF_BROADCAST);
        let address = entry.address?.as_sockaddr_in()?.ip();
        Some(Address4 {
            address,
            netmask: entry.netmask?.as_sockaddr_in()?.ip(),
            broadcast: entry
                .broadcast
                .filter(|_| is_broadcast)
                .and_then(|address| Some(address.as_sockaddr_in()?.ip()))
                // The kernel gives the address itself where no broadcast was set.
                .filter(|broadcast| *broadcast != address),
            interface: entry.interface_name,
        })
    })
    .collect()
}

/// All of `network`.
pub fn network(_: Survey<'_>) -> Dict {
    let (v4, v6) = (addresses4(), routes::addresses6());
    let names: Vec<String> = sources::names("/sys/class/net")
        .into_iter()
        .filter(|name| Path::new("/sys/class/net").join(name).is_dir())
        .collect();
    let mut facts = Dict::new();
    facts.insert("interfaces", names.clone().into());
    facts.insert("default_ipv4", default4(&v4).into());
    facts.insert("default_ipv6", default6(&v6).into());
    let all4: Vec<String> = v4
        .iter()
        .filter(|entry| !entry.address.is_loopback())
        .map(|entry| entry.address.to_string())
        .collect();
    let all6: Vec<String> = v6
        .iter()
        .filter(|entry| !entry.address.is_loopback())
        .map(|entry| entry.address.to_string())
        .collect();
    facts.insert("all_ipv4_addresses", all4.into());
    facts.insert("all_ipv6_addresses", all6.into());
    facts.insert("locally_reachable_ips", reachable(&v4, &v6).into());
    for name in &names {
        let key = name.replace(['-', ':', '.'], "_");
        facts.insert(key, interface(name, &v4, &v6).into());
    }
    facts
}

fn reachable(v4: &[Address4], v6: &[Address6]) -> Dict {
    // As the kernel's table of local routes is sorted.
    let mut sorted: Vec<&Address4> = v4.iter().collect();
    sorted.sort_by_key(|entry| entry.address);
    let mut own4 = Vec::new();
    for entry in sorted {
        if entry.address.is_loopback() {
            own4.push(format!("{}/{}", entry.network(), entry.prefix()));
        }
        own4.push(entry.address.to_string());
    }
    let own6: Vec<String> = v6.iter().map(|entry| entry.address.to_string()).collect();
    [("ipv4", Value::from(own4)), ("ipv6", own6.into())].into_iter().collect()
}

fn read(interface: &str, file: &str) -> Option<String> {
    sources::text(format!("/sys/class/net/{interface}/{file}"))
}

fn mac_address(interface: &str) -> Option<String> {
    read(interface, "address").filter(|address| address.chars().any(|c| !matches!(c, '0' | ':')))
}

fn add_link(facts: &mut Dict, interface: &str) {
    if let Some(address) = mac_address(interface) {
        facts.insert("macaddress", address.into());
    }
    if let Some(mtu) = read(interface, "mtu").and_then(|text| text.parse::<i64>().ok()) {
        facts.insert("mtu", mtu.into());
    }
    facts.insert("type", kind(interface).into());
}

fn kind(interface: &str) -> &'static str {
    let base = Path::new("/sys/class/net").join(interface);
    if base.join("bridge").is_dir() {
        return "bridge";
    }
    if base.join("bonding").is_dir() {
        return "bonding";
    }
    match read(interface, "type").as_deref() {
        Some("1") => "ether",
        Some("32") => "infiniband",
        Some("512") => "ppp",
        Some("768" | "769" | "776" | "778") => "tunnel",
        Some("772") => "loopback",
        _ => "unknown",
    }
}

fn default4(v4: &[Address4]) -> Dict {
    let Some(gateway) = routes::gateway4() else { return Dict::new() };
    let mut facts: Dict = [
        ("gateway", Value::from(gateway.address)),
        ("interface", gateway.interface.as_str().into()),
        ("alias", gateway.interface.as_str().into()),
    ]
    .into_iter()
    .collect();
    if let Some(entry) = v4.iter().find(|entry| entry.interface == gateway.interface) {
        for (key, value) in &entry.facts() {
            facts.insert(key.clone(), value.clone());
        }
    }
    add_link(&mut facts, &gateway.interface);
    facts
}

fn default6(v6: &[Address6]) -> Dict {
    let Some(gateway) = routes::gateway6() else { return Dict::new() };
    let mut facts: Dict = [
        ("gateway", Value::from(gateway.address)),
        ("interface", gateway.interface.as_str().into()),
    ]
    .into_iter()
    .collect();
    let own = |entry: &&Address6| entry.interface == gateway.interface && entry.scope == "global";
    if let Some(entry) = v6.iter().find(own) {
        facts.insert("address", entry.address.to_string().into());
        facts.insert("prefix", entry.prefix.to_string().into());
        facts.insert("scope", entry.scope.into());
    }
    add_link(&mut facts, &gateway.interface);
    facts
}

fn interface(name: &str, v4: &[Address4], v6: &[Address6]) -> Dict {
    let mut facts = Dict::new();
    facts.insert("device", name.into());
    add_link(&mut facts, name);
    let is_active = read(name, "operstate").as_deref() != Some("down");
    facts.insert("active", is_active.into());
    let flags = read(name, "flags").unwrap_or_default();
    let flags = u32::from_str_radix(flags.trim_start_matches("0x"), 16).unwrap_or_default();
    facts.insert("promisc", (flags & 0x100 != 0).into());
    let base = format!("/sys/class/net/{name}");
    if let Some(module) = sources::link_name(format!("{base}/device/driver/module")) {
        facts.insert("module", module.into());
    }
    if let Some(device) = sources::link_name(format!("{base}/device")) {
        facts.insert("pciid", device.into());
    }
    if let Some(speed) = read(name, "speed").and_then(|text| text.parse::<i64>().ok()) {
        facts.insert("speed", speed.into());
    }
    add_members(&mut facts, name, &base);
    let mut own4 = v4
        .iter()
        .filter(|entry| entry.interface.split(':').next() == Some(name))
        .map(|entry| Value::Dict(entry.facts()));
    if let Some(first) = own4.next() {
        facts.insert("ipv4", first);
    }
    let others: Vec<Value> = own4.collect();
    if !others.is_empty() {
        facts.insert("ipv4_secondaries", others.into());
    }
    let own6: Vec<Value> = v6
        .iter()
        .filter(|entry| entry.interface == name)
        .map(|entry| {
            let facts: Dict = [
                ("address", Value::from(entry.address.to_string())),
                ("prefix", entry.prefix.to_string().into()),
                ("scope", entry.scope.into()),
            ]
            .into_iter()
            .collect();
            Value::Dict(facts)
        })
        .collect();
    if !own6.is_empty() {
        facts.insert("ipv6", own6.into());
    }
    facts
}

/// What a bridge or a bond is made of.
fn add_members(facts: &mut Dict, name: &str, base: &str) {
    match kind(name) {
        "bridge" => {
            facts.insert("interfaces", sources::names(format!("{base}/brif")).into());
            facts.insert("id", read(name, "bridge/bridge_id").into());
            facts.insert("stp", (read(name, "bridge/stp_state").as_deref() == Some("1")).into());
        }
        "bonding" => {
            let slaves = read(name, "bonding/slaves").unwrap_or_default();
            let slaves: Vec<&str> = slaves.split_whitespace().collect();
            facts.insert("slaves", slaves.into());
            for (key, file) in [
                ("mode", "mode"),
                ("miimon", "miimon"),
                ("lacp_rate", "lacp_rate"),
                ("primary", "primary"),
            ] {
                let value = read(name, &format!("bonding/{file}"));
                let first =
                    value.and_then(|text| text.split_whitespace().next().map(str::to_owned));
                facts.insert(key, first.into());
            }
        }
        _ => {}
    }
}
