//! Disks and their partitions, from /sys/block.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use nafal_base::{Dict, Value};

use super::sources;

/// The kinds of links and their folders below /dev/disk.
const LINKS: [(&str, &str); 3] = [("ids", "by-id"), ("labels", "by-label"), ("uuids", "by-uuid")];

type Links = BTreeMap<&'static str, BTreeMap<String, Vec<String>>>;

/// `devices` and `device_links`.
pub fn devices() -> Dict {
    let names = sources::names("/sys/block");
    let links = links(&names);
    let devices: Dict =
        names.iter().map(|name| (name.as_str(), Value::Dict(device(name, &links)))).collect();
    let by_kind: Dict = links
        .iter()
        .map(|(kind, devices)| {
            let devices: Dict = devices
                .iter()
                .map(|(device, names)| (device.as_str(), Value::from(names.clone())))
                .collect();
            (*kind, Value::Dict(devices))
        })
        .collect();
    let mut facts = Dict::new();
    facts.insert("devices", devices.into());
    facts.insert("device_links", by_kind.into());
    facts
}

fn links(names: &[String]) -> Links {
    let mut links = Links::new();
    for (kind, folder) in LINKS {
        let folder = Path::new("/dev/disk").join(folder);
        let of_kind = links.entry(kind).or_default();
        for name in sources::names(&folder) {
            if let Some(device) = sources::link_name(folder.join(&name)) {
                of_kind.entry(device).or_default().push(name);
            }
        }
    }
    let masters = links.entry("masters").or_default();
    for name in names {
        for slave in sources::names(format!("/sys/block/{name}/slaves")) {
            masters.entry(slave).or_default().push(name.clone());
        }
    }
    links
}

fn links_of(device: &str, links: &Links) -> Value {
    let found: Dict = ["ids", "labels", "masters", "uuids"]
        .into_iter()
        .map(|kind| {
            let names = links.get(kind).and_then(|devices| devices.get(device));
            (kind, Value::from(names.cloned().unwrap_or_default()))
        })
        .collect();
    found.into()
}

fn device(name: &str, links: &Links) -> Dict {
    let base = format!("/sys/block/{name}");
    let read = |file: &str| sources::text(format!("{base}/{file}"));
    let mut facts = Dict::new();
    let is_virtual =
        fs::read_link(&base).is_ok_and(|target| target.to_string_lossy().contains("virt"));
    if is_virtual {
        facts.insert("virtual", Value::Int(1));
    }
    facts.insert("links", links_of(name, links));
    for (key, file) in [
        ("vendor", "device/vendor"),
        ("model", "device/model"),
        ("sas_address", "device/sas_address"),
        ("sas_device_handle", "device/sas_device_handle"),
        ("removable", "removable"),
    ] {
        facts.insert(key, read(file).into());
    }
    if let Some(serial) = read("device/serial") {
        facts.insert("serial", serial.into());
    }
    facts.insert("support_discard", read("queue/discard_granularity").into());
    facts.insert("partitions", partitions(name, links).into());
    facts.insert("rotational", read("queue/rotational").into());
    let scheduler = read("queue/scheduler").unwrap_or_default();
    let mode = scheduler.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
    facts.insert("scheduler_mode", mode.map_or("", |(mode, _)| mode).into());
    add_size(&mut facts, &base, read("queue/logical_block_size"));
    facts.insert("host", "".into());
    facts.insert("holders", holders(&base).into());
    facts
}

/// Volumes are shown by the name that they have for their users, too.
fn holders(base: &str) -> Vec<String> {
    sources::names(format!("{base}/holders"))
        .into_iter()
        .map(|holder| {
            let name = sources::text(format!("/sys/block/{holder}/dm/name"));
            name.filter(|_| holder.starts_with("dm-")).unwrap_or(holder)
        })
        .collect()
}

fn add_size(facts: &mut Dict, base: &str, sector_size: Option<String>) {
    let sectors = sources::number(format!("{base}/size")).unwrap_or_default();
    let size = sector_size.unwrap_or_else(|| "512".to_owned());
    facts.insert("sectors", sectors.into());
    facts.insert("sectorsize", size.into());
    // The kernel counts in 512 bytes whatever the device's sectors are.
    facts.insert("size", human(sectors as f64 * 512.0).into());
}

fn partitions(name: &str, links: &Links) -> Dict {
    sources::names(format!("/sys/block/{name}"))
        .into_iter()
        .filter(|entry| entry.starts_with(name))
        .map(|entry| {
            let base = format!("/sys/block/{name}/{entry}");
            let mut facts = Dict::new();
            facts.insert("links", links_of(&entry, links));
            facts.insert("start", sources::text(format!("{base}/start")).into());
            add_size(&mut facts, &base, Some("512".to_owned()));
            let uuids = links.get("uuids").and_then(|devices| devices.get(&entry));
            facts.insert("uuid", uuids.and_then(|uuids| uuids.first().cloned()).into());
            facts.insert("holders", holders(&base).into());
            (entry, Value::Dict(facts))
        })
        .collect()
}

/// A size with two digits after the point.
fn human(size: f64) -> String {
    const UNITS: [&str; 7] = ["YB", "ZB", "EB", "PB", "TB", "GB", "MB"];
    for (index, unit) in UNITS.iter().enumerate() {
        let limit = 1024_f64.powi(8 - index as i32);
        if size >= limit {
            return format!("{:.2} {unit}", size / limit);
        }
    }
    if size >= 1024.0 {
        return format!("{:.2} KB", size / 1024.0);
    }
    format!("{size:.2} Bytes")
}

#[cfg(test)]
mod tests {
    use super::human;

    #[test]
    fn sizes() {
        assert_eq!(human(0.0), "0.00 Bytes");
        assert_eq!(human(1536.0), "1.50 KB");
        assert_eq!(human(2.0 * 1024.0 * 1024.0 * 1024.0), "2.00 GB");
    }
}
