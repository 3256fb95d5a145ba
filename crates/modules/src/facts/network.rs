//! Interfaces, their addresses, and the ways out.

use std::net::IpAddr;
use std::path::Path;

use nafal_base::{Dict, Value};

use super::ipv4::{self, Address4};
use super::routes::{self, Address6, Gateway};
use super::{Survey, sources};

/// All of `network`.
pub fn network(_: Survey<'_>) -> Dict {
    let names: Vec<String> = sources::names("/sys/class/net")
        .into_iter()
        .filter(|name| Path::new("/sys/class/net").join(name).is_dir())
        .collect();
    let (v4, v6) = (ipv4::addresses(&names), routes::addresses6());
    let aliases = ipv4::aliases(&v4);
    let mut facts = Dict::new();
    let labels = aliases.keys().filter_map(|key| key.as_str()).map(str::to_owned);
    let all: Vec<String> = names.iter().cloned().chain(labels).collect();
    facts.insert("interfaces", all.into());
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
    let each = names.iter().map(|name| (name.clone(), interface(name, &v4, &v6).into()));
    let labelled =
        aliases.iter().map(|(key, fact)| (key.value().to_text().into_owned(), fact.clone()));
    for (name, fact) in each.chain(labelled) {
        facts.insert(name.replace(['-', ':', '.'], "_"), fact);
    }
    facts
}

fn reachable(v4: &[Address4], v6: &[Address6]) -> Dict {
    let own4 = routes::local4().unwrap_or_else(|| addresses_and_loopback(v4));
    let own6 = v6.iter().map(|entry| entry.address.to_string());
    let own6: Vec<String> = own6.chain(routes::local_networks6()).collect();
    [("ipv4", Value::from(own4)), ("ipv6", own6.into())].into_iter().collect()
}

/// What the table of local routes has of itself, sorted as it is.
fn addresses_and_loopback(v4: &[Address4]) -> Vec<String> {
    let mut sorted: Vec<&Address4> = v4.iter().collect();
    sorted.sort_by_key(|entry| entry.address);
    let mut all = Vec::new();
    for entry in sorted {
        if entry.address.is_loopback() {
            all.push(format!("{}/{}", entry.network(), entry.prefix()));
        }
        all.push(entry.address.to_string());
    }
    all.dedup();
    all
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

/// The same for a way out, where an address of nothing but zeros is one too.
fn add_raw_link(facts: &mut Dict, interface: &str) {
    if let Some(address) = read(interface, "address").filter(|address| !address.is_empty()) {
        facts.insert("macaddress", address.into());
    }
    add_link(facts, interface);
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

fn way(gateway: &Gateway) -> Dict {
    let mut facts = Dict::new();
    if let Some(address) = &gateway.address {
        facts.insert("gateway", Value::from(address.as_str()));
    }
    facts.insert("interface", gateway.interface.as_str().into());
    facts
}

fn default4(v4: &[Address4]) -> Dict {
    let Some(gateway) = routes::gateway4() else { return Dict::new() };
    let mut facts = way(&gateway);
    let is_source = |entry: &&Address4| gateway.source == Some(IpAddr::V4(entry.address));
    let is_there = |entry: &&Address4| entry.device == gateway.interface;
    if let Some(entry) = v4.iter().find(is_source).or_else(|| v4.iter().find(is_there)) {
        facts.insert("alias", entry.label.as_str().into());
        facts.lay_over(&entry.facts());
        add_raw_link(&mut facts, &entry.device);
    }
    facts
}

fn default6(v6: &[Address6]) -> Dict {
    let Some(gateway) = routes::gateway6() else { return Dict::new() };
    let mut facts = way(&gateway);
    let is_source = |entry: &&Address6| gateway.source == Some(IpAddr::V6(entry.address));
    let own = |entry: &&Address6| entry.interface == gateway.interface && entry.scope == "global";
    if let Some(entry) = v6.iter().find(is_source).or_else(|| v6.iter().find(own)) {
        facts.insert("address", entry.address.to_string().into());
        facts.insert("prefix", entry.prefix.to_string().into());
        facts.insert("scope", entry.scope.into());
        add_raw_link(&mut facts, &entry.interface);
    }
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
    ipv4::add(&mut facts, name, v4);
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
